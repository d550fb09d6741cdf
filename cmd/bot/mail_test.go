package main

import (
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"experthour/internal/connector/mail/mailtest"
	"experthour/internal/testenv"
)

// mailServers are Postfix and Dovecot. Nothing leaves the machine.
type mailServers struct {
	t          *testing.T
	real       *mailtest.Servers
	port, imap string // with STARTTLS, and by TLS
}

func openMail(t *testing.T) *mailServers {
	t.Helper()
	s := mailtest.Start(t, "bot", "ilze", "robot", "dina")
	return &mailServers{t, s, strconv.Itoa(s.SMTP), strconv.Itoa(s.IMAPS)}
}

// letters are what somebody has in the mailbox, decoded.
func (m *mailServers) letters(who string) (all []string) {
	m.t.Helper()
	for _, raw := range m.real.Letters(who) {
		head, body, _ := strings.Cut(strings.ReplaceAll(raw, "\r\n", "\n"), "\n\n")
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
	c.Env = append(c.Env, "SSL_CERT_FILE="+filepath.Join(m.real.Dir, "cert.pem"))
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
