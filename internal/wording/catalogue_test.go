package wording

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"experthour/internal/session"
)

// plurals are the CLDR forms that each language needs for a whole number.
var plurals = map[session.Language][]string{
	session.Latvian: {"one", "other", "zero"},
	session.English: {"one", "other"},
}

var (
	placeholder = regexp.MustCompile(`\{\{\.([a-z][a-z_]*)\}\}`)
	wellFormed  = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)
)

// forms lists the texts of a message by their plural form.
func forms(m *i18n.Message) map[string]string {
	all := map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other}
	maps.DeleteFunc(all, func(_, text string) bool { return text == "" })
	return all
}

func counted(m *i18n.Message) bool { return m.One != "" || m.Zero != "" }

// placeholders lists the names in one message, over all its forms.
func placeholders(m *i18n.Message) []string {
	names := map[string]bool{}
	for _, text := range forms(m) {
		for _, p := range placeholder.FindAllStringSubmatch(text, -1) {
			names[p[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	for _, id := range IDs() {
		if !wellFormed.MatchString(id) {
			t.Errorf("%s: an id is lower case words with dots between", id)
		}
		first := loaded.catalogues[session.Languages[0]][id]
		for _, lang := range session.Languages {
			m := loaded.catalogues[lang][id]
			switch {
			case m == nil:
				t.Errorf("%s: missing in %s", id, lang)
			case first == nil: // reported for its own language
			case !slices.Equal(placeholders(m), placeholders(first)):
				t.Errorf("%s: %s has placeholders %v, %s has %v", id, lang, placeholders(m), session.Languages[0], placeholders(first))
			case counted(m) != counted(first):
				t.Errorf("%s: plural forms in one language only", id)
			}
		}
	}
}

func TestEveryTextIsWhole(t *testing.T) {
	for lang, c := range loaded.catalogues {
		for id, m := range c {
			checkForms(t, lang, id, m)
			for form, text := range forms(m) {
				where := strings.Join([]string{string(lang), id, form}, " ")
				checkText(t, where, text)
				if strings.ContainsAny(text, otherQuotes[lang]) {
					t.Errorf("%s: quotation marks of another language in %q", where, text)
				}
			}
		}
	}
}

// otherQuotes are quotation marks that a language does not have.
var otherQuotes = map[session.Language]string{session.Latvian: "“«»", session.English: "„«»"}

func checkForms(t *testing.T, lang session.Language, id string, m *i18n.Message) {
	t.Helper()
	has := slices.Sorted(maps.Keys(forms(m)))
	want := []string{"other"}
	if counted(m) {
		want = plurals[lang]
	}
	if !slices.Equal(has, want) {
		t.Errorf("%s %s: has the forms %v, needs %v", lang, id, has, want)
	}
	if counted(m) && !slices.Contains(placeholders(m), "n") {
		t.Errorf("%s %s: plural forms without {{.n}}", lang, id)
	}
}

func checkText(t *testing.T, where, text string) {
	t.Helper()
	if strings.TrimFunc(text, unicode.IsSpace) != text {
		t.Errorf("%s: space at an end of %q", where, text)
	}
	if rest := placeholder.ReplaceAllString(text, ""); strings.ContainsAny(rest, "{}") {
		t.Errorf("%s: only {{.name}} may stand in braces: %q", where, text)
	}
	if strings.Contains(text, "  ") || strings.Contains(text, `"`) {
		t.Errorf("%s: two spaces or typewriter quotes in %q", where, text)
	}
}

// TestEveryAreaIsInEveryLanguage also holds the files to the length that we
// allow any file.
func TestEveryAreaIsInEveryLanguage(t *testing.T) {
	folders := []fs.FS{files}
	for _, folder := range platforms() {
		folders = append(folders, os.DirFS(folder))
	}
	for _, from := range folders {
		areas := map[session.Language][]string{}
		for _, lang := range session.Languages {
			names, _ := fs.Glob(from, path.Join(string(lang), "*.toml"))
			for _, name := range names {
				areas[lang] = append(areas[lang], path.Base(name))
				if b, _ := fs.ReadFile(from, name); strings.Count(string(b), "\n") > 400 {
					t.Errorf("%s: over 400 lines, split it by area", name)
				}
			}
		}
		for _, lang := range session.Languages {
			if !reflect.DeepEqual(areas[lang], areas[session.Languages[0]]) {
				t.Errorf("%s has %v, %s has %v", lang, areas[lang], session.Languages[0], areas[session.Languages[0]])
			}
		}
	}
	if len(folders) < 4 {
		t.Errorf("only %d folders have sentences", len(folders))
	}
}

// TestAdd: an addition may not change what is there.
func TestAdd(t *testing.T) {
	l, err := load(fstest.MapFS{"lv/a.toml": {Data: []byte("[x]\ny = \"viens\"\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.add(fstest.MapFS{"lv/b.toml": {Data: []byte("[x]\nz = \"divi\"\n")}}); err != nil ||
		l.catalogues[session.Latvian]["x.z"] == nil {
		t.Errorf("not added: %v", err)
	}
	if err := l.add(fstest.MapFS{"lv/c.toml": {Data: []byte("[x]\ny = \"trīs\"\n")}}); err == nil {
		t.Error("a message was replaced")
	}
}

func TestLoadSaysWhichFileIsBroken(t *testing.T) {
	for name, text := range map[string]string{
		"not TOML":        "[x\n",
		"twice":           "[month]\nmay = \"maijs\"\n",
		"reserved word":   "[x]\nother = \"a\"\nmore = \"b\"\n",
		"not a text":      "[x]\ny = 3\n",
		"twice in a file": "[x]\ny = \"a\"\ny = \"b\"\n",
	} {
		broken := fstest.MapFS{"lv/a.toml": {Data: []byte("[month]\nmay = \"maijs\"\n")}, "lv/b.toml": {Data: []byte(text)}}
		if _, err := load(broken); err == nil || !strings.HasPrefix(err.Error(), "lv/b.toml: ") {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}
