package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"experthour/internal/config"
)

// pasted are secrets as platforms and commands make them, which land in wrong places.
var pasted = []string{"110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "5f1d7e0c9ab34c2286d1f0a4e7b35c985f1d7e0c9ab34c22"}

// fileWith has a line in the table of a key, with what that table needs besides.
func fileWith(key, kind, line string) string {
	table, _, _ := strings.Cut(key, ".")
	switch {
	case strings.HasSuffix(table, "[]"):
		table = strings.TrimSuffix(table, "[]")
		if table == "public" && !strings.HasPrefix(line, "kind") {
			line = fmt.Sprintf("kind = %q\n%s", kind, line)
		}
		return fmt.Sprintf("[[%s]]\n%s\n", table, line)
	case table == key:
		return line + "\n"
	case strings.HasSuffix(key, "[].id"), strings.Contains(key, "[]"):
		return fmt.Sprintf("[[%s]]\n%s\n", key[:strings.Index(key, "[]")], line)
	}
	return fmt.Sprintf("[%s]\n%s\n", table, line)
}

// TestNoProblemShowsASecret: whatever key a secret is typed behind, and typed as a key, it
// is not in the list of problems, which people send to each other.
func TestNoProblemShowsASecret(t *testing.T) {
	t.Parallel()
	noEnv := func(string) (string, bool) { return "", false }
	tried := map[string]bool{} // the kind matters in tables of places only, and most lines name no key
	for _, key := range everyKey() {
		name := key[strings.LastIndexByte(key, '.')+1:]
		for _, secret := range pasted {
			for _, line := range []string{name + " = %q", name + " = [%q]",
				name + " = \"env:%s\"", name + " = \"file:%s\"", name + " = \"redis://%s\"",
				"%q = 1", "%s = \"x\"", "%[1]s = \"x\"\n%[1]s = \"y\"", name + " = \"x\" %s", name + ".%q = 2", "[%s]", "[[%q]]"} {
				for _, kind := range kinds.Public() {
					text := fileWith(key, kind.Name, fmt.Sprintf(line, secret))
					if tried[text] {
						continue
					}
					tried[text] = true
					_, err := config.Parse("c.toml", []byte(text), kinds, noEnv, func(p string) ([]byte, error) {
						return nil, &fs.PathError{Op: "open", Path: p, Err: fs.ErrNotExist}
					})
					if err != nil && leaks(err.Error(), secret) {
						t.Fatalf("the file\n%s\nis refused with\n%v", text, err)
					}
				}
			}
		}
	}
	if len(tried) < 1000 {
		t.Errorf("%d files", len(tried))
	}
}

// leaks reports whether eight characters of a secret in one go are in a text.
func leaks(text, secret string) bool {
	for i := range len(secret) - 8 {
		if strings.Contains(text, secret[i:i+8]) {
			return true
		}
	}
	return false
}

// TestNoHelpShowsASecret: help is copied into messages, whatever the environment holds.
func TestNoHelpShowsASecret(t *testing.T) {
	for _, name := range []string{"BOT_TOKEN", "EXPERTHOUR_SECRET", "REDIS_URL", "SLACK_BOT_TOKEN", "TELEGRAM_TOKEN"} {
		t.Setenv(name, pasted[0])
	}
	var walk func(path []string)
	walk = func(path []string) {
		root := newRoot()
		var out bytes.Buffer
		root.SetOut(&out)
		root.SetErr(&out)
		root.SetArgs(append(path, "--help"))
		err := root.ExecuteContext(t.Context())
		if err != nil || leaks(out.String(), pasted[0]) || out.Len() == 0 {
			t.Errorf("bot %s prints %v\n%s", strings.Join(path, " "), err, out.String())
		}
		found, _, err := newRoot().Find(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, sub := range found.Commands() {
			walk(append(append([]string{}, path...), sub.Name()))
		}
	}
	walk(nil)
}

// TestNoMisuseShowsAToken: what is wrong with a command line is said without its tokens.
func TestNoMisuseShowsAToken(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/config.toml"
	if err := os.WriteFile(file, fmt.Appendf(nil, settings, "embedded", "127.0.0.1:0"), 0o600); err != nil {
		t.Fatal(err)
	}
	secret := pasted[1]
	for _, args := range [][]string{
		{secret}, {"session", secret}, {"session", "list", "--" + secret},
		{"session", "list", "--from", "http://127.0.0.1:1?token=" + secret},
		{"session", "list", "--from", "http://127.0.0.1:1/#" + secret, "--token", secret},
		{"session", "list", "--from", "http://anna:" + secret + "@127.0.0.1:1"},
		{"session", "list", "--from", "http://127.0.0.1:1/desk/anna?token=" + secret, "--token", "x"},
		{"session", "list", "--from", "http://127.0.0.1:1", "--token", secret},
		{"desk-link", "--config", file, "--as", secret},
		{"session", "list", "--config", file, "--as", secret},
	} {
		root := newRoot()
		var out bytes.Buffer
		root.SetOut(&out)
		root.SetErr(&out)
		root.SetArgs(args)
		err := root.ExecuteContext(t.Context())
		if code := report(root, err); code == exitOK {
			t.Errorf("bot %s succeeds", args)
		}
		if leaks(out.String(), secret) {
			t.Errorf("bot %s prints\n%s", strings.Join(args[:len(args)-1], " "), out.String())
		}
	}
}
