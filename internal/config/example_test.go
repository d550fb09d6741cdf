package config

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

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

// secretsAreSet is a machine on which every variable holds a secret.
func secretsAreSet(string) (string, bool) { return strings.Repeat("s", 64), true }

// leaves lists the values of a struct by key; a list is one value.
func leaves(v reflect.Value, key string, into map[string]any) map[string]any {
	for i := range v.NumField() {
		name := member(key, v.Type().Field(i).Tag.Get("toml"))
		if f := v.Field(i); f.Kind() == reflect.Struct && f.Type() != reflect.TypeFor[setting.Secret]() {
			leaves(f, name, into)
		} else {
			into[name] = f.Interface()
		}
	}
	return into
}

func TestExampleHoldsTheDefaults(t *testing.T) {
	c, err := Parse("config.example.toml", readExample(t), secretsAreSet, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := leaves(reflect.ValueOf(c), "", map[string]any{})
	want := leaves(reflect.ValueOf(Default()), "", map[string]any{})
	for key := range want {
		same := reflect.DeepEqual(got[key], want[key]) || fmt.Sprint(got[key]) == "[]" && fmt.Sprint(want[key]) == "[]"
		if _, example := examples[key]; same == example {
			t.Errorf("%s is %v, the default is %v, listed as an example: %t", key, got[key], want[key], example)
		}
	}
}

// switchedOff matches "# key = value", and no sentence that begins with a word.
var switchedOff = regexp.MustCompile(`(?m)^# ([a-z_]+ = )`)

// everyKey lists the keys of a struct as linesOf spells them, with one entry for
// each list of tables.
func everyKey(t reflect.Type, key string) []string {
	var keys []string
	for i := range t.NumField() {
		f := t.Field(i)
		name := member(key, f.Tag.Get("toml"))
		keys = append(keys, name)
		switch {
		case strings.HasSuffix(f.Type.PkgPath(), "/config") && f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[setting.Secret]():
			keys = append(keys, everyKey(f.Type, name)...)
		case f.Type.Kind() == reflect.Slice && strings.HasSuffix(f.Type.Elem().PkgPath(), "/config"):
			keys = append(keys, everyKey(f.Type.Elem(), name+"[]")...)
		}
	}
	return keys
}

func TestExampleShowsEveryKey(t *testing.T) {
	shown := map[string]bool{}
	number := regexp.MustCompile(`\[\d+\]`)
	for key := range linesOf(switchedOff.ReplaceAll(readExample(t), []byte("$1"))) {
		shown[number.ReplaceAllString(key, "[]")] = true
	}
	keys := everyKey(reflect.TypeFor[Config](), "")
	for _, key := range keys {
		if !shown[key] {
			t.Errorf("%s is not in config.example.toml", key)
		}
	}
	if len(keys) < 50 || !slices.Contains(keys, "desk.decline_reasons[].lv") {
		t.Errorf("found only the keys %v", keys)
	}
}

func TestExampleIsRightWithEverythingSwitchedOn(t *testing.T) {
	data := readExample(t)
	on := switchedOff.ReplaceAll(data, []byte("$1"))
	if bytes.Equal(on, data) {
		t.Fatal("nothing is switched off")
	}
	if _, err := Parse("config.example.toml", on, secretsAreSet, nil); err != nil {
		t.Error(err)
	}
}

// TestExampleExplainsEveryKey wants a comment above each key where it is first
// shown.
func TestExampleExplainsEveryKey(t *testing.T) {
	data := string(readExample(t))
	rows := strings.Split(data, "\n")
	first := map[string]int{}
	for key, line := range linesOf(switchedOff.ReplaceAll([]byte(data), []byte("$1"))) {
		key = regexp.MustCompile(`\[\d+\]`).ReplaceAllString(key, "[]")
		if first[key] == 0 || line < first[key] {
			first[key] = line
		}
	}
	for _, key := range slices.Sorted(maps.Keys(first)) {
		above := rows[first[key]-2]
		inReason := strings.HasPrefix(key, "desk.decline_reasons[]")
		if !inReason && !strings.HasPrefix(above, "# ") {
			t.Errorf("line %d: %s has no comment above it", first[key], key)
		}
	}
}
