package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"experthour/internal/testenv"
)

// TestDemo is what a newcomer sees first: three links, and questions that arrive.
func TestDemo(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "lv"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			d := start(t, t.TempDir(), "demo", "--listen", "127.0.0.1:0", "--locale", locale)
			public := d.line("public: ")
			moderator := d.line("desk (moderator): ")
			expert := d.line("desk (expert): ")
			base, _, _ := strings.Cut(public, "/s/")
			_, token, _ := strings.Cut(moderator, "?token=")
			i := &institution{t: t, base: base}
			i.await()
			for _, link := range []string{public, moderator, expert} {
				if status := get(t, link); status != http.StatusOK {
					t.Errorf("%s: %d", link, status)
				}
			}
			testenv.Until(i.t, "the first question arrives", func() bool {
				_, out := i.api(token, http.MethodGet, "/api/v1/desk/sessions/demo/questions", nil)
				questions, _ := out["questions"].([]any)
				return len(questions) > 0
			})
			if code := d.stop(); code != exitOK {
				t.Errorf("stopped with %d", code)
			}
		})
	}
}

func get(t *testing.T, url string) int {
	t.Helper()
	jar := &http.Client{Jar: cookies{}}
	resp, err := jar.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// TestFullDisk: what could not be written must not look like success.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("only Linux has a disk that is always full: ", err)
	}
	defer full.Close()
	c := command(t, t.TempDir(), "slack", "manifest")
	var errs bytes.Buffer
	c.Stdout, c.Stderr = full, &errs
	testenv.Start(t, c)
	c.Wait()
	if code := c.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(errs.String(), "no space left") {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
}

// TestBadCommandLines lists mistakes at the terminal: each ends with one clear
// sentence on standard error and the right exit code.
func TestBadCommandLines(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := fmt.Sprintf(settings, "embedded", "127.0.0.1:0")
	for name, c := range map[string]struct {
		args []string
		says string
		code int
	}{
		"no such command":   {[]string{"frobnicate"}, `unknown command "frobnicate"`, exitMisused},
		"a slip":            {[]string{"dmeo"}, "demo", exitMisused},
		"no such flag":      {[]string{"demo", "--frobnicate"}, "unknown flag", exitMisused},
		"no such language":  {[]string{"demo", "--locale", "ru"}, "--locale is en or lv", exitMisused},
		"too short":         {[]string{"demo", "--for", "1s"}, "--for is between", exitMisused},
		"port taken":        {[]string{"demo", "--listen", taken.Addr().String()}, "is taken by another program", exitFailed},
		"no questions file": {[]string{"demo", "--questions", "nowhere.jsonl"}, "nowhere.jsonl", exitFailed},
		"not a question":    {[]string{"demo", "--questions", write("a.jsonl", "{\"text\": \"a?\"}\nnonsense\n")}, "line 2", exitFailed},
		"empty file":        {[]string{"demo", "--questions", write("b.jsonl", "\n")}, "no question in it", exitFailed},
		"no configuration":  {[]string{"run", "--config", "nowhere.toml"}, "nowhere.toml", exitFailed},
		"a typo in a key":   {[]string{"check", "--config", write("c.toml", good+"\n[limts]\n")}, `did you mean "limits"`, exitFailed},
		"wrong Redis": {[]string{"check", "--config", write("d.toml", fmt.Sprintf(settings, "redis://127.0.0.1:1", "127.0.0.1:0"))},
			"cannot be used", exitFailed},
		"weak secret": {[]string{"check", "--config", write("h.toml", strings.Replace(good, "5f1d7e0c9ab34c2286d1f0a4e7b35c98",
			"0123456789abcdef0123456789abcdef", 1))}, "lets somebody in", exitFailed},
		"strong secret": {[]string{"check", "--config", write("i.toml", good)}, "", exitOK},
		"metrics port taken": {[]string{"run", "--config",
			write("g.toml", strings.Replace(good, "[limits]", fmt.Sprintf("metrics_listen = %q\n[limits]", taken.Addr()), 1))},
			"metrics_listen: ", exitFailed},
		"embedded, elsewhere": {[]string{"session", "list", "--config", write("e.toml", good)}, "--from URL", exitFailed},
		"nobody of that name": {[]string{"desk-link", "--as", "Nobody", "--config", write("f.toml", good)},
			`nobody is called "Nobody"`, exitFailed},
		"a flag is missing": {[]string{"desk-link"}, `required flag`, exitMisused},
		"no such verb":      {[]string{"session", "strat"}, `did you mean "start"?`, exitMisused},
		"no session named":  {[]string{"session", "show"}, "name the session", exitMisused},
		"no such format":    {[]string{"transcript", "x", "--format", "odt"}, `no format "odt"`, exitMisused},
		"no such time": {[]string{"session", "schedule", "--slug", "a", "--title", "a", "--expert", "a", "--start", "noon", "--end",
			"later"}, `"noon" is no time`, exitMisused},
		"speed of nothing": {[]string{"replay", "x.jsonl", "--session", "a", "--speed", "0"}, "--speed", exitMisused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, errs, code := bot(t, dir, c.args...)
			if code != c.code || !strings.Contains(errs, c.says) || strings.Contains(errs, "goroutine") {
				t.Errorf("exit code %d (want %d), says: %s", code, c.code, errs)
			}
		})
	}
}

// TestCommandsOnSessions goes through an hour from the command line, against a
// running program.
func TestCommandsOnSessions(t *testing.T) {
	t.Parallel()
	i := found(t, "embedded")
	at := []string{"--from", i.base, "--token", i.token("Anna Bērziņa")}
	steps := []struct {
		args []string
		says string
		code int
	}{
		{[]string{"session", "list"}, "", exitOK},
		{[]string{"session", "schedule", "--slug", "tax", "--title", "Tax", "--expert", "Nobody", "--start", "2020-01-01 10:00", "--end",
			time.Now().Add(time.Hour).Format(time.RFC3339)}, "Nobody", exitFailed},
		{[]string{"session", "schedule", "--slug", "tax", "--title", "Tax", "--expert", "Edgars Ozols", "--start", "2020-01-01 10:00", "--end",
			time.Now().Add(time.Hour).Format(time.RFC3339)}, "tax", exitOK},
		{[]string{"session", "schedule", "--slug", "tax", "--title", "Tax", "--expert", "Edgars Ozols", "--start", "2020-01-01 10:00", "--end",
			time.Now().Add(time.Hour).Format(time.RFC3339)}, "tax", exitFailed},
		{[]string{"session", "start", "tax"}, "tax", exitOK},
		{[]string{"session", "schedule", "--title", "Налог", "--expert", "Edgars Ozols", "--start", "2030-01-01 10:00", "--end",
			"2030-01-01 11:00", "--target", "mars"}, "mars", exitFailed},
		{[]string{"session", "schedule", "--title", "Налог", "--expert", "Edgars Ozols", "--start", "2030-01-01 10:00", "--end",
			"2030-01-01 11:00", "--target", "sandbox"}, "nalog", exitOK},
		{[]string{"session", "edit", "nalog", "--target", "mars"}, "mars", exitFailed},
		{[]string{"session", "edit", "nalog", "--target", "page"}, "nalog", exitOK},
		{[]string{"session", "edit", "tax", "--title", "Tax and more", "--topic", "", "--expert", "Edgars Ozols"}, "Tax and more", exitOK},
		{[]string{"session", "edit", "tax", "--expert", "Nobody"}, "Nobody", exitFailed},
		{[]string{"session", "edit", "tax", "--title", "Not yet", "--preview"}, "", exitOK},
		{[]string{"session", "log", "tax"}, "edit", exitOK},
		{[]string{"session", "cancel", "nalog", "--public-reason", "Ill", "--new-date", "2029-01-01"}, "cancelled", exitOK},
		{[]string{"session", "list"}, "Tax and more", exitOK},
		{[]string{"replay", "q.jsonl", "--session", "tax", "--speed", "1000"}, "2 of 2 questions are in tax", exitOK},
		{[]string{"session", "show", "tax"}, "May I?", exitOK},
		{[]string{"session", "log", "tax"}, "Anna Bērziņa", exitOK},
		{[]string{"session", "log", "tax", "1"}, "#1", exitOK},
		{[]string{"session", "log", "tax", "99"}, "", exitFailed},
		{[]string{"session", "log"}, "", exitMisused},
		{[]string{"session", "pause", "tax"}, "paused", exitOK},
		{[]string{"session", "resume", "tax"}, "open", exitOK},
		{[]string{"session", "extend", "tax", "--minutes", "5"}, "open", exitOK},
		{[]string{"transcript", "tax"}, "", exitFailed},
		{[]string{"session", "stop", "tax"}, "closing", exitOK},
		{[]string{"session", "close", "tax"}, "", exitFailed},
		{[]string{"session", "close", "tax", "--force", "--reason", "The end of the test"}, "closed", exitOK},
		{[]string{"session", "verify", "tax"}, "nothing was changed", exitOK},
		{[]string{"transcript", "tax", "--format", "md", "--out", "."}, "tax.md", exitOK},
		{[]string{"session", "show", "nowhere"}, "", exitFailed},
	}
	questions := `{"text": "And when?", "at": "2026-01-01T10:00:05Z", "other": 1}` + "\n" +
		`{"text": "May I?", "name": "Marta", "at": "2026-01-01T10:00:00Z"}` + "\n"
	if err := os.WriteFile(filepath.Join(i.dir, "q.jsonl"), []byte(questions), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		out, errs, code := bot(t, i.dir, append(s.args, at...)...)
		if code != s.code || !strings.Contains(out+errs, s.says) {
			t.Errorf("bot %s: exit code %d (want %d)\n%s%s", strings.Join(s.args, " "), code, s.code, out, errs)
		}
	}
}

// TestReplayWaitsForTheLimit replays more questions than one address may ask in a
// minute.
func TestReplayWaitsForTheLimit(t *testing.T) {
	t.Parallel()
	calls := 0
	err := patiently(t.Context(), func() error {
		if calls++; calls < 3 {
			return fmt.Errorf("replay: %w", tooFast{"slower, please", time.Millisecond})
		}
		return nil
	})
	if err != nil || calls != 3 {
		t.Errorf("%d calls, %v", calls, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := patiently(ctx, func() error { return tooFast{"slower, please", time.Hour} }); !errors.Is(err, context.Canceled) {
		t.Errorf("it goes on after Ctrl+C: %v", err)
	}
}

// TestHelp checks that every command explains itself.
func TestHelp(t *testing.T) {
	t.Parallel()
	var walk func(path []string)
	walk = func(path []string) {
		c, _, err := newRoot().Find(path)
		if err != nil {
			t.Fatal(err)
		}
		if c.Short == "" {
			t.Errorf("bot %s has no description", strings.Join(path, " "))
		}
		for _, sub := range c.Commands() {
			walk(append(append([]string{}, path...), sub.Name()))
		}
	}
	walk(nil)
}

// TestMetrics reads the measurements at their own listener, and finds them nowhere
// else.
func TestMetrics(t *testing.T) {
	t.Parallel()
	i := &institution{t: t, dir: t.TempDir(), listen: free(t)}
	i.base = "http://" + i.listen
	metrics := free(t)
	text := strings.Replace(fmt.Sprintf(settings, "embedded", i.listen), "[limits]", fmt.Sprintf("metrics_listen = %q\n[limits]", metrics), 1)
	if err := os.WriteFile(filepath.Join(i.dir, "config.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, i.dir, "run")
	i.await()
	i.schedule("homes")
	if status, out := i.api("", http.MethodPost, "/api/v1/sessions/homes/questions",
		map[string]string{"text": "May I?", "key": "1"}); status != http.StatusCreated {
		t.Fatalf("ask: %d %v", status, out)
	}
	resp, err := http.Get("http://" + metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`experthour_questions_total{connector="page",result="ok"} 1`, "experthour_live_readers 0"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("no %s in:\n%s", want, body)
		}
	}
	if status := get(t, i.base+"/metrics"); status != http.StatusNotFound {
		t.Errorf("the public finds metrics: %d", status)
	}
}

// TestVersion: who reports a fault can say what they run.
func TestVersion(t *testing.T) {
	t.Parallel()
	out, errs, code := bot(t, t.TempDir(), "--version")
	if code != exitOK || !regexp.MustCompile(`^bot \S+, commit .+, go1\.\d+(\.\d+)?\n$`).MatchString(out) {
		t.Errorf("exit code %d: %q %s", code, out, errs)
	}
}
