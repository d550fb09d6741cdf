package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"experthour/internal/config"
	"experthour/internal/setting"
)

// examples are the keys that config.example.toml sets to something else than the
// default, with the reason.
var examples = map[string]string{
	"http.secret": "the program needs one, and a default could be guessed",
	"people":      "the program needs a moderator",
	"public":      "shows how an entry is written",
}

func readExample(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// switchedOff matches "# key = value" and "# [[section]]", and no sentence.
var switchedOff = regexp.MustCompile(`(?m)^# ([a-z_]+ = |\[\[)`)

func switchedOn(data []byte) []byte { return switchedOff.ReplaceAll(data, []byte("$1")) }

// parseExample reads it where every variable holds a secret.
func parseExample(t *testing.T, data []byte) config.Config {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.example.toml")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	secret := func(string) (string, bool) { return strings.Repeat("s", 64), true }
	c, err := config.Parse(file, data, kinds, secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// section is a table of the file with the struct that it is bound to.
type section struct {
	key string
	of  reflect.Value
}

// sections are the tables whose keys stand in the file: the configuration's own and
// those of the kinds.
func sections(c config.Config) []section {
	all := []section{{"", reflect.ValueOf(c)}}
	for _, k := range kinds {
		if k.Account != nil {
			account := c.Accounts[k.Name]
			if account == nil {
				account = k.Account()
			}
			all = append(all, section{k.Name, reflect.ValueOf(account).Elem()})
		}
	}
	return all
}

func within(section, name string) string { return strings.TrimPrefix(section+"."+name, ".") }

// isTable reports whether a type has keys of its own.
func isTable(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[setting.Secret]() && strings.HasPrefix(t.PkgPath(), "experthour/")
}

// each calls do for every key of a struct that is no table; a list is one value.
func each(s section, do func(key string, v reflect.Value)) {
	for i := range s.of.NumField() {
		name := s.of.Type().Field(i).Tag.Get("toml")
		switch f := s.of.Field(i); {
		case name == "-":
		case isTable(f.Type()):
			each(section{within(s.key, name), f}, do)
		default:
			do(within(s.key, name), f)
		}
	}
}

func TestExampleHoldsTheDefaults(t *testing.T) {
	t.Parallel()
	values := func(c config.Config) map[string]any {
		all := map[string]any{}
		for _, s := range sections(c) {
			each(s, func(key string, v reflect.Value) { all[key] = v.Interface() })
		}
		return all
	}
	got, want := values(parseExample(t, readExample(t))), values(config.Default())
	for key := range want {
		same := reflect.DeepEqual(got[key], want[key]) || fmt.Sprint(got[key]) == "[]" && fmt.Sprint(want[key]) == "[]"
		if _, example := examples[key]; same == example {
			t.Errorf("%s is %v, the default is %v, listed as an example: %t", key, got[key], want[key], example)
		}
	}
}

// everyKey lists the keys that the file may have, with "[]" for an entry of a list.
func everyKey() []string {
	var keys []string
	note := func(key string, v reflect.Value) {
		keys = append(keys, key)
		if v.Kind() == reflect.Slice && isTable(v.Type().Elem()) {
			each(section{key + "[]", reflect.New(v.Type().Elem()).Elem()}, func(key string, _ reflect.Value) { keys = append(keys, key) })
		}
	}
	for _, s := range sections(config.Default()) {
		each(s, note)
	}
	for _, k := range kinds.Public() {
		each(section{"public[]", reflect.ValueOf(k.Settings()).Elem()}, note)
	}
	for _, k := range kinds.Desks() {
		keys = append(keys, "people[]."+k.Name)
	}
	return keys
}

// shownKey is a key of the example with the line above it.
type shownKey struct {
	key, above string
	line       int
}

var (
	headline = regexp.MustCompile(`^\[(\[?)([a-z_.]+)\]`)
	keyline  = regexp.MustCompile(`^([a-z_]+) = `)
)

// shownKeys are the keys of the example, also those that are switched off, where each is
// first shown.
func shownKeys(t *testing.T) []shownKey {
	t.Helper()
	data := readExample(t)
	rows := strings.Split(string(data), "\n")
	var shown []shownKey
	in := ""
	for i, row := range strings.Split(string(switchedOn(data)), "\n") {
		if m := headline.FindStringSubmatch(row); m != nil {
			in = m[2] + strings.Repeat("[]", len(m[1]))
			shown = append(shown, shownKey{m[2], rows[max(i-1, 0)], i + 1})
		} else if m := keyline.FindStringSubmatch(row); m != nil {
			shown = append(shown, shownKey{within(in, m[1]), rows[i-1], i + 1})
		}
	}
	return shown
}

func TestExampleShowsEveryKey(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	for _, k := range shownKeys(t) {
		shown[k.key] = true
	}
	keys := everyKey()
	for _, key := range keys {
		if !shown[key] {
			t.Errorf("%s is not in config.example.toml", key)
		}
	}
	for _, key := range []string{"desk.decline_reasons[].lv", "slack.mode", "public[].triggers", "people[].telegram"} {
		if len(keys) < 50 || !slices.Contains(keys, key) {
			t.Errorf("%s is not among the keys %v", key, keys)
		}
	}
}

func TestExampleIsRightWithEverythingSwitchedOn(t *testing.T) {
	t.Parallel()
	data := readExample(t)
	on := switchedOn(data)
	if bytes.Equal(on, data) {
		t.Fatal("nothing is switched off")
	}
	parseExample(t, on)
}

// TestExampleExplainsEveryKey wants a comment above each key where it is first shown.
func TestExampleExplainsEveryKey(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, k := range shownKeys(t) {
		inReason := strings.HasPrefix(k.key, "desk.decline_reasons[]")
		if !seen[k.key] && !inReason && !strings.HasPrefix(k.above, "# ") {
			t.Errorf("line %d: %s has no comment above it", k.line, k.key)
		}
		seen[k.key] = true
	}
}
