package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"experthour/internal/session"
	"experthour/internal/testenv"
)

// rewrite changes the file of a running program, which reads it again.
func (i *institution) rewrite(old, text string) {
	i.t.Helper()
	file := filepath.Join(i.dir, "config.toml")
	b, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(b), old) {
		i.t.Fatalf("no %q in the file: %v", old, err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(b), old, text, 1)), 0o600); err != nil {
		i.t.Fatal(err)
	}
	if err := i.bot.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		i.t.Fatal(err)
	}
}

// TestReadingTheFileAgain: who is taken out of it is out at once, on the replica that has
// not read it too, and stays out with what they had when they come back; and
// roles change.
func TestReadingTheFileAgain(t *testing.T) {
	t.Parallel()
	url := realRedis(t)
	one, two := found(t, url), found(t, url)
	const janis = "[[people]]\nname = \"Jānis Kalniņš\"\nrole = \"moderator\"\n"
	client, elsewhere := &http.Client{Jar: cookies{}}, &http.Client{Jar: cookies{}}
	enter(t, client, one.link("Jānis Kalniņš"))
	enter(t, elsewhere, two.link("Jānis Kalniņš"))
	token := one.token("Jānis Kalniņš")
	status := func(c *http.Client, i *institution) int {
		t.Helper()
		resp, err := c.Get(i.base + "/desk/janis-kalnins")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if a, b := status(client, one), status(elsewhere, two); a != 200 || b != 200 {
		t.Fatal(a, b)
	}
	one.rewrite(janis, "")
	testenv.Until(t, "Jānis is out", func() bool { return status(client, one) == http.StatusForbidden })
	testenv.Until(t, "and elsewhere", func() bool { return status(elsewhere, two) == http.StatusForbidden })
	if s, _ := two.api(token, http.MethodGet, "/api/v1/desk/sessions", nil); s != http.StatusUnauthorized {
		t.Errorf("the token still holds: %d", s)
	}

	one.rewrite("role = \"expert\"", "role = \"expert\"\n"+strings.Replace(janis, "moderator", "observer", 1))
	testenv.Until(t, "Jānis is back", func() bool {
		s, _ := one.api(one.token("Jānis Kalniņš"), http.MethodGet, "/api/v1/desk/sessions", nil)
		return s == http.StatusOK
	})
	if got := status(client, one); got != http.StatusForbidden {
		t.Errorf("the cookie of before opens the desk again: %d", got)
	}
	hour := map[string]any{"slug": "x"}
	if s, _ := one.api(one.token("Jānis Kalniņš"), http.MethodPost, "/api/v1/desk/sessions", hour); s != http.StatusForbidden {
		t.Errorf("an observer schedules: %d", s)
	}
}

// TestWhatTheLogSaysOfTheNewFile: what needs a restart, by its key alone, and what is
// wrong; a wrong file changes nothing.
func TestWhatTheLogSaysOfTheNewFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config.toml")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := fmt.Sprintf(settings, "embedded", "127.0.0.1:0")
	write(text)
	cfg, err := loadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	c, err := newCore(t.Context(), cfg, "http://localhost", slog.New(slog.NewTextHandler(&log, nil)), own)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	ctx, stop := context.WithCancel(t.Context())
	signals, done := make(chan os.Signal), make(chan struct{})
	go func() { defer close(done); _ = c.reloadOn(ctx, signals, file, "http://localhost") }()
	change := func(old, to string) {
		write(strings.Replace(text, old, to, 1))
		signals <- syscall.SIGHUP
		signals <- syscall.SIGHUP // taken only when the one before was heard out
	}
	change("\"expert\"", "\"chief\"")
	if p, _ := c.roll.People().Find("Edgars Ozols"); p.Role != session.ExpertRole {
		t.Errorf("a wrong file made Edgars %s", p.Role)
	}
	change("secret = \"", "secret = \"s3cr3t")
	change("ask_per_minute = 600", "ask_per_minute = 500")
	const reason = "[[desk.decline_reasons]]\nid = \"%s\"\nlv = \"Citur.\"\nen = \"Elsewhere.\"\n"
	change("[[public]]", fmt.Sprintf(reason+reason, "elsewhere", "not_reached")+"[[public]]")
	if rs := c.reasons(); len(rs) != 2 || c.hour().Reasons[0] != "elsewhere" ||
		c.transcripts("").ReasonFor("elsewhere", session.English) != "Elsewhere." {
		t.Errorf("the reasons are %v", rs)
	}
	change("\"expert\"", "\"observer\"")
	stop()
	<-done
	if p, _ := c.roll.People().Find("Edgars Ozols"); p.Role != session.Observer {
		t.Errorf("Edgars is %s", p.Role)
	}
	for _, want := range []string{"was read again and not taken over", `\"chief\" is not known`, "needs a restart",
		"key=limits.ask_per_minute", "key=http.secret"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log.String())
		}
	}
	if strings.Contains(log.String(), "s3cr3t") {
		t.Error("the log tells a secret")
	}
}
