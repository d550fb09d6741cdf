package main

import (
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"experthour/internal/testenv"
)

// mailServers are Postfix and Dovecot. Nothing leaves the machine.
type mailServers struct {
	t         *testing.T
	dir, port string
	imap      string // by TLS
}

func openMail(t *testing.T) *mailServers {
	t.Helper()
	testenv.Server(t, "mail")
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("only root can start Postfix, and CI must not skip this test")
		}
		t.Skip("only root can start Postfix")
	}
	dir, err := os.MkdirTemp("", "mail") // not the test's: the servers' users must reach it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	args := []any{dir}
	for range 5 {
		_, port, _ := net.SplitHostPort(free(t))
		args = append(args, port)
	}
	testenv.Shell(t, dir, fmt.Sprintf(mailScript, args...))
	m := &mailServers{t, dir, args[1].(string), args[3].(string)}
	testenv.Until(t, "the mail servers answer", func() bool {
		for _, port := range args[1:5] {
			c, err := net.Dial("tcp", "127.0.0.1:"+port.(string))
			if err != nil {
				return false
			}
			c.Close()
		}
		return true
	})
	return m
}

// letters are what somebody has in the mailbox, decoded.
func (m *mailServers) letters(who string) (all []string) {
	m.t.Helper()
	files, err := filepath.Glob(filepath.Join(m.dir, "mail", who, "Maildir", "new", "*"))
	if err != nil {
		m.t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			m.t.Fatal(err)
		}
		head, body, _ := strings.Cut(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n\n")
		text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
		if err != nil {
			m.t.Fatal(err)
		}
		all = append(all, strings.ReplaceAll(head, "\n ", " ")+"\n\n"+string(text))
	}
	return all
}

// awaitLetter waits for a letter that says something, and wants it once.
func (m *mailServers) awaitLetter(who, says string) string {
	m.t.Helper()
	var found []string
	testenv.Until(m.t, "a letter that says "+says, func() bool {
		found = slices.DeleteFunc(m.letters(who), func(l string) bool { return !strings.Contains(l, says) })
		return len(found) > 0
	})
	if len(found) != 1 {
		m.t.Errorf("%d letters say %q", len(found), says)
	}
	return found[0]
}

const mailScript = `D=%[1]s; mkdir -p $D/mail $D/pf/etc $D/pf/spool $D/pf/data $D/run; chmod 755 $D; chown nobody:nogroup $D/mail
openssl req -x509 -newkey rsa:2048 -nodes -keyout $D/key.pem -out $D/cert.pem -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
for who in bot ilze robot dina; do echo "$who:{PLAIN}${who}pw::::::"; done > $D/users; chmod 644 $D/users
cat > $D/dovecot.conf <<C
protocols = imap lmtp
listen = 127.0.0.1
base_dir = $D/run
log_path = $D/dovecot.log
ssl = yes
ssl_cert = <$D/cert.pem
ssl_key = <$D/key.pem
disable_plaintext_auth = yes
auth_username_format = %%Ln
mail_location = maildir:~/Maildir
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = $D/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$D/mail/%%Ln
}
service imap-login {
  inet_listener imap {
    port = %[3]s
  }
  inet_listener imaps {
    port = %[4]s
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = %[5]s
  }
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = %[6]s
  }
}
protocol lmtp {
  postmaster_address = postmaster@example.test
}
C
dovecot -c $D/dovecot.conf; 
cat > $D/pf/etc/main.cf <<C
compatibility_level = 3.6
queue_directory = $D/pf/spool
data_directory = $D/pf/data
maillog_file = $D/postfix.log
maillog_file_prefixes = $D
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
myhostname = mail.example.test
myorigin = example.test
mynetworks =
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = example.test
virtual_mailbox_maps = static:ok
virtual_transport = lmtp:inet:127.0.0.1:%[5]s
default_transport = error:outside is closed
relay_transport = error:outside is closed
smtpd_tls_security_level = may
smtpd_tls_cert_file = $D/cert.pem
smtpd_tls_key_file = $D/key.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:%[6]s
smtpd_recipient_restrictions = permit_sasl_authenticated, reject_unauth_destination
message_size_limit = 10485760
import_environment = MAIL_CONFIG=$D/pf/etc
C
cp /usr/share/postfix/master.cf.dist $D/pf/etc/master.cf 2>/dev/null || cp /etc/postfix/master.cf $D/pf/etc/master.cf
sed -i -E 's/^smtp +inet.*/127.0.0.1:%[2]s inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes/
  s/^([a-z]+ +(unix|fifo|unix-dgram) +[-ny] +[-ny] +)[-y]( )/\1n\3/' $D/pf/etc/master.cf
chown postfix $D/pf/data; 
postfix -c $D/pf/etc start >$D/pf.out 2>&1 || { cat $D/pf.out; tail $D/postfix.log; }
`

const mailSettings = `
[mail]
smtp_host = "127.0.0.1"
smtp_port = %s
username = "bot"
password = "botpw"
from = "bot@example.test"
[[public]]
kind = "mail"
`

var unsubscribe = regexp.MustCompile(`(?m)^List-Unsubscribe: <(.+)>$`)

// TestMail: who leaves an address on the page gets the answer, its correction and its
// retraction, each once although the program is killed in between, until one press ends it. So
// does who leaves it later, at the receipt, and whose question is merged.
func TestMail(t *testing.T) {
	t.Parallel()
	m := openMail(t)
	r := &roof{dovecote: &dovecote{t: t}, at: &institution{t: t, dir: t.TempDir(), listen: free(t)}, tokens: map[string]string{}}
	r.at.base = "http://" + r.at.listen
	writeConfig(t, r.at.dir, plain(realRedis(t), r.at)+fmt.Sprintf(mailSettings, m.port))
	m.check(r.at.dir)
	h := &mailHour{r, m, nil}
	h.begin()
	for _, name := range []string{"Anna Bērziņa", "Jānis Kalniņš", "Edgars Ozols"} {
		r.tokens[name] = r.at.token(name)
	}
	r.at.schedule("homes")
	r.at.askByForm("When is the next round?", "ilze@example.test")
	r.give("Anna Bērziņa", "accept", nil)
	r.mergedLater("Is there a next round at all?", "dina@example.test")
	m.awaitLetter("dina", "#1")
	h.again()
	r.give("Edgars Ozols", "submit", map[string]any{"text": "In <spring>."})
	r.approve("Jānis Kalniņš")
	letter := m.awaitLetter("ilze", "\nIn <spring>.\n")
	m.awaitLetter("dina", "\nIn <spring>.\n")
	h.again()
	r.give("Edgars Ozols", "correct", map[string]any{"text": "In March."})
	r.approve("Anna Bērziņa")
	m.awaitLetter("ilze", "\nIn March.\n")
	m.awaitLetter("dina", "\nIn March.\n")
	h.again()
	r.give("Anna Bērziņa", "retract", map[string]any{"reason": "It is not decided."})
	testenv.Until(t, "three letters", func() bool { return len(m.letters("ilze")) == 3 })
	testenv.Until(t, "and one more", func() bool { return len(m.letters("dina")) == 4 })
	r.unsubscribe(letter)
	r.give("Anna Bērziņa", "restore", nil)
	r.give("Edgars Ozols", "submit", map[string]any{"text": "In April."})
	r.approve("Jānis Kalniņš")
	m.awaitLetter("dina", "\nIn April.\n")
	testenv.Until(t, "the answer is on the page", func() bool { return r.questions()[0].(map[string]any)["state"] == "published" })
	h.again()
	if got := m.letters("ilze"); len(got) != 3 {
		t.Errorf("%d letters, want three:\n%s", len(got), strings.Join(got, "\n=====\n"))
	}
}

// trusted makes a program trust the servers' certificate.
func (m *mailServers) trusted(c *exec.Cmd) *exec.Cmd {
	c.Env = append(c.Env, "SSL_CERT_FILE="+filepath.Join(m.dir, "cert.pem"))
	return c
}

// check lets bot check log in.
func (m *mailServers) check(dir string) {
	m.t.Helper()
	c := m.trusted(command(m.t, dir, "check"))
	testenv.Tie(c)
	out, err := c.CombinedOutput()
	if want := "E-mail works: 127.0.0.1 lets the bot in, and letters come from bot@example.test."; !strings.Contains(string(out), want) {
		m.t.Errorf("%v; no %q in:\n%s", err, want, out)
	}
}

// mergedLater asks on the page, leaves an address at the receipt, and is merged into the first question.
func (r *roof) mergedLater(text, email string) {
	r.t.Helper()
	receipt := r.at.askByForm(text, "")
	resp, err := http.PostForm(r.at.base+receipt+"/email", url.Values{"email": {email}})
	if err != nil {
		r.t.Fatal(err)
	}
	resp.Body.Close()
	status, out := r.at.api(r.tokens["Anna Bērziņa"], http.MethodPost, "/api/v1/desk/sessions/homes/questions/2/merge",
		map[string]any{"into": 1})
	if resp.StatusCode != http.StatusOK || status != http.StatusOK {
		r.t.Fatalf("an address at the receipt: %s; merged: %d %v", resp.Status, status, out)
	}
}

// askByForm asks on the page, with an address or none, and gives the path of the receipt.
func (i *institution) askByForm(text, email string) (receipt string) {
	i.t.Helper()
	resp, err := http.PostForm(i.base+"/s/homes/questions", url.Values{"text": {text}, "email": {email}})
	if err != nil {
		i.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		i.t.Fatalf("asked: %s", resp.Status)
	}
	return resp.Request.URL.Path
}

// unsubscribe does what a mail program does with the button that it shows (RFC 8058).
func (r *roof) unsubscribe(letter string) {
	r.t.Helper()
	for _, has := range []string{"\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n", "\nAuto-Submitted: auto-generated\n",
		"\nMessage-ID: <homes.1.", ".answer.mail.1.a", "In &lt;spring&gt;."} {
		if !strings.Contains(letter, has) {
			r.t.Errorf("no %q in the letter:\n%s", has, letter)
		}
	}
	at := unsubscribe.FindStringSubmatch(letter)
	if at == nil {
		r.t.Fatalf("no List-Unsubscribe:\n%s", letter)
	}
	for address, want := range map[string]int{at[1]: http.StatusOK, at[1][:len(at[1])-2] + "aa": http.StatusNotFound} {
		resp, err := http.PostForm(address, url.Values{"List-Unsubscribe": {"One-Click"}})
		if err != nil {
			r.t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			r.t.Errorf("%s, want %d", resp.Status, want)
		}
	}
}
