// Package mail writes the answer and every other outcome to askers who left an e-mail
// address on the page. It sends by one SMTP account and reads nothing.
//
// It knows SMTP and how a letter is made. It must not know questions or answers, and it
// keeps no address.
package mail

import (
	"embed"
	netmail "net/mail"

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
	Account:  func() any { return &Account{Port: 587, Security: StartTLS} },
	Settings: func() any { return &Settings{} },
	New: func(env connector.Env, account any, places []connector.Place) ([]connector.Connector, error) {
		var cs []connector.Connector
		for _, p := range places {
			cs = append(cs, &Mail{id: p.ID, account: *account.(*Account), troubles: connector.NewTroubles(p.ID, env.Log)})
		}
		return cs, nil
	},
}

// How a connection is encrypted; one that is not does not exist.
const (
	StartTLS = "starttls"
	TLS      = "tls"
)

// Account is how letters are sent.
type Account struct {
	Host     string         `toml:"smtp_host"`
	Port     int            `toml:"smtp_port"`
	Security string         `toml:"smtp_security"`
	Username string         `toml:"username"`
	Password setting.Secret `toml:"password"`
	From     string         `toml:"from"`
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
