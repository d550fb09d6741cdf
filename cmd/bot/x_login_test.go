package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/x/xfake"
)

// loginSettings need no key: "bot connect" gets a token.
const loginSettings = `[x]
api_url = %[1]q
login_url = "%[1]s%[2]s"
client_id = %[3]q
client_secret = %[4]q
redirect_port = %[5]s
[[public]]
kind = "x"
`

// openLogin is an account at which a person has to log in.
func openLogin(t *testing.T) *xAccount {
	t.Helper()
	a := &xAccount{clerks: newClerks(t)}
	a.x = xfake.New(t, time.Now)
	_, port, _ := strings.Cut(free(t), ":")
	a.x.Register("http://127.0.0.1:" + port + "/")
	a.x.Confidential(true)
	own := fmt.Sprintf(loginSettings, a.x.URL, xfake.Login, xfake.ClientID, xfake.ClientSecret, port)
	a.configure(a.at.public(plain(realRedis(t), a.at) + own))
	a.begin()
	return a
}

// checks looks what "bot check" says.
func (a *xAccount) checks(want string, code int) {
	a.Helper()
	out, errs, got := bot(a.T, a.at.dir, "check")
	if !strings.Contains(out, want) || got != code || strings.Contains(out+errs, xfake.ClientSecret) {
		a.Errorf("the check ends with %d and does not say %q:\n%s%s", got, want, out, errs)
	}
}

// logIn lets the program in, as a person does with a browser, while it runs.
func (a *xAccount) logIn() {
	a.Helper()
	by := launch(a.T, command(a.T, a.at.dir, "connect", "x"))
	resp, err := http.PostForm("http"+by.line("http"), url.Values{})
	if err != nil || resp.StatusCode != http.StatusOK {
		a.Fatalf("the browser comes back to %v, %v", resp, err)
	}
	_ = resp.Body.Close()
	if err := by.cmd.Wait(); err != nil {
		a.Fatalf("it is not connected: %v", err)
	}
}

// TestXLogIn: a person lets the program in with a browser while it runs. In the middle of the hour the account takes
// that back: the desk says what to do, and after a log-in what waits goes out, once.
func TestXLogIn(t *testing.T) {
	t.Parallel()
	a := openLogin(t)
	a.checks("“bot connect x”", exitFailed)
	a.logIn()
	a.checks("A log-in lets the program in", 0)
	a.at.schedule("homes")
	a.once("We have started")
	asked := a.x.Write("2244994945", "@iestade When is the next round?")
	a.submit(a.question(1, "next round"), "In spring.")
	a.x.Disconnect()
	a.approve(janis, 1, "next round")
	desk := &http.Client{Jar: cookies{}}
	enter(t, desk, a.at.link(anna))
	says := func(want bool) { a.at.reads(desk, "/desk/anna-berzina", "Log in again with “bot connect x”", want) }
	says(true)
	if len(a.own("In spring.")) > 0 {
		t.Error("it stands at X")
	}
	a.logIn()
	if answer := a.once("In spring."); answer.ReplyTo != asked {
		t.Errorf("the answer is %+v", answer)
	}
	a.rests(1)
	says(false)
	a.once("In spring.")
}
