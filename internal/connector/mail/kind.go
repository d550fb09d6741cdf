// Package mail takes questions that people write to an address, and writes the answer and
// every other outcome to them and to askers who left an address on the page. It sends by one
// SMTP account and reads, if it is told to, one folder by IMAP, in which it changes nothing.
//
// It knows SMTP, IMAP and how a letter is made and read. It must not know questions or
// answers, and it keeps no address.
package mail

import (
	"cmp"
	"embed"
	"net"
	netmail "net/mail"
	"strconv"

	"experthour/internal/connector"
	"experthour/internal/setting"
)

// words are what only e-mail says.
//
//go:embed lv en
var words embed.FS

// Kind is e-mail; there is one sender.
var Kind = connector.Kind{
	Name: "mail", Title: "E-mail", Words: words,
	Account: func() any {
		return &Account{Port: 587, Security: StartTLS, IMAPPort: 993, IMAPSecurity: TLS, Folder: "INBOX"}
	},
	Settings: func() any { return &Settings{} },
	New: func(env connector.Env, account any, places []connector.Place) ([]connector.Connector, error) {
		var cs []connector.Connector
		for _, p := range places {
			cs = append(cs, New(env, *account.(*Account), p.ID))
		}
		return cs, nil
	},
}

// How a connection is encrypted; one that is not does not exist.
const (
	StartTLS = "starttls"
	TLS      = "tls"
)

// Account is how letters are sent, and how they are read.
type Account struct {
	Host     string         `toml:"smtp_host"`
	Port     int            `toml:"smtp_port"`
	Security string         `toml:"smtp_security"`
	Username string         `toml:"username"`
	Password setting.Secret `toml:"password"`
	From     string         `toml:"from"`

	IMAPHost     string         `toml:"imap_host"` // empty reads nothing
	IMAPPort     int            `toml:"imap_port"`
	IMAPSecurity string         `toml:"imap_security"`
	IMAPUsername string         `toml:"imap_username"` // empty is Username
	IMAPPassword setting.Secret `toml:"imap_password"` // empty is Password
	Folder       string         `toml:"imap_folder"`
	// Plus says that what is sent to name+anything comes to name: answers and letters that come
	// back are then known by their address too.
	Plus bool `toml:"plus_addresses"`
}

// server is where a connection goes.
type server struct {
	host     string
	port     int
	security string
}

func (s server) address() string { return net.JoinHostPort(s.host, strconv.Itoa(s.port)) }

func (a *Account) smtp() server { return server{a.Host, a.Port, a.Security} }

func (a *Account) imap() server { return server{a.IMAPHost, a.IMAPPort, a.IMAPSecurity} }

// login is the name and the password by which letters are read.
func (a *Account) login() (name, password string) {
	return cmp.Or(a.IMAPUsername, a.Username), cmp.Or(a.IMAPPassword.Reveal(), a.Password.Reveal())
}

// Check looks at what is needed to send.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	if len(u.Places) == 0 {
		return
	}
	bad.Need("smtp_host", a.Host, "the name of the server that sends your mail, such as \"mail.example.lv\"")
	bad.Need("username", a.Username, "the name with which the bot logs in there")
	bad.Need("password", a.Password.Reveal(), "\"env:MAIL_PASSWORD\" or \"file:…\"")
	bad.Choice("smtp_security", a.Security, StartTLS, TLS)
	if a.Port < 1 || a.Port > 65535 {
		bad("smtp_port", "is no port; write 587 for \"starttls\" or 465 for \"tls\"")
	}
	bad.Choice("imap_security", a.IMAPSecurity, StartTLS, TLS)
	if a.IMAPPort < 1 || a.IMAPPort > 65535 {
		bad("imap_port", "is no port; write 143 for \"starttls\" or 993 for \"tls\"")
	}
	bad.Need("imap_folder", a.Folder, "the folder that is read, such as \"INBOX\"")
	if at, err := netmail.ParseAddress(a.From); err != nil || at.Address != a.From {
		bad("from", "is no e-mail address; write the bare one from which letters come, such as \"ask@example.lv\"")
	}
}

// Settings are of a [[public]] table: there is nothing besides what all have.
type Settings struct{}

// Check bounds the places: all letters go out by one account.
func (s *Settings) Check(u connector.Use, bad setting.Bad) {
	if len(u.Places) > 1 {
		bad("kind", "there is e-mail already, and one account sends all letters, so remove the other")
	}
}
