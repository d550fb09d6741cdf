package experthour_test

import (
	"cmp"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers lists what each room may import of this module. Imports only go down:
// what is not listed fails, and so does a room that is not listed.
var layers = map[string][]string{
	"internal/session":           {},
	"internal/picture":           {"internal/session"},
	"internal/screening":         {"internal/session"},
	"internal/wording":           {"internal/session"},
	"internal/setting":           {"internal/wording"},
	"internal/config":            {"internal/session", "internal/connector", "internal/setting", "internal/wording"},
	"internal/config/configtest": {"internal/config", "internal/connector"},
	"internal/transcript":        {"internal/session", "internal/wording"},
	"internal/connector":         {"internal/session", "internal/setting"},
	"internal/connector/httpapi": {"internal/connector"},
	"internal/connector/graph": {"internal/session", "internal/connector", "internal/connector/httpapi", "internal/connector/receive",
		"internal/connector/vault"},
	"internal/connector/graph/graphfake": {"internal/connector/faultfake"},
	"internal/connector/graph/graphtest": {"internal/session", "internal/connector", "internal/connector/receive",
		"internal/connector/worldtest"},
	"internal/connector/oauth2":  {"internal/connector", "internal/connector/httpapi", "internal/connector/vault"},
	"internal/connector/vault":   {"internal/session", "internal/connector", "internal/backoff", "internal/keyring"},
	"internal/connector/receive": {"internal/session", "internal/connector", "internal/backoff"},
	"internal/connector/learn":   {"internal/session", "internal/connector", "internal/backoff"},
	"internal/connector/trying":  {},
	"internal/desk/view": {"internal/session", "internal/connector", "internal/routing",
		"internal/screening", "internal/wording"},
	"internal/desk/chat": {"internal/session", "internal/connector", "internal/delivery", "internal/desk/view", "internal/picture",
		"internal/routing", "internal/screening", "internal/wording"},
	"internal/reception":  {"internal/session", "internal/connector", "internal/routing", "internal/wording"},
	"internal/routing":    {"internal/session", "internal/connector", "internal/screening", "internal/wording"},
	"internal/delivery":   {"internal/session", "internal/backoff", "internal/connector", "internal/screening", "internal/wording"},
	"internal/websub":     {"internal/session", "internal/backoff", "internal/connector"},
	"internal/redisstore": {"internal/session", "internal/backoff", "internal/connector", "internal/delivery"},
	"internal/web/site":   {"internal/session", "internal/wording"},
	"internal/web": {"internal/session", "internal/connector", "internal/picture", "internal/routing", "internal/transcript",
		"internal/screening", "internal/wording", "internal/web/site", "internal/keyring"},
	"internal/web/deskpage": {"internal/session", "internal/backoff", "internal/connector", "internal/desk/view", "internal/picture",
		"internal/routing",
		"internal/screening", "internal/wording", "internal/web/site", "internal/keyring"},
	"internal/session/sessiontest":  {"internal/session"},
	"internal/redisstore/redistest": {"internal/redisstore"},
	"internal/delivery/deliverytest": {"internal/session", "internal/session/sessiontest", "internal/connector",
		"internal/delivery", "internal/testenv"},
	"internal/connector/connectortest": {"internal/session", "internal/connector", "internal/testenv"},
	"internal/connector/faultfake":     {},
	"internal/connector/worldtest": {"internal/session", "internal/connector", "internal/connector/connectortest",
		"internal/connector/receive", "internal/redisstore/redistest"},
	"internal/backoff":         {},
	"internal/keyring":         {},
	"internal/testenv":         {},
	"internal/chaos":           {"internal/backoff", "internal/testenv", "internal/connector/telegram/telegramfake"},
	"internal/chaos/cmd/chaos": {"internal/chaos"},
	"internal/figures":         {},
}

// ofPlatform is what every platform's folder may import; its fake imports no more than what fakes share.
var ofPlatform = []string{"internal/session", "internal/connector", "internal/connector/httpapi", "internal/connector/receive",
	"internal/connector/vault", "internal/connector/oauth2", "internal/connector/graph", "internal/backoff", "internal/setting",
	"internal/wording"}

// layerOf is what a room may import; known is false for one that is not listed.
func layerOf(room string) (allowed []string, known bool) {
	platform, rest, _ := strings.Cut(strings.TrimPrefix(room, home+"/"), "/")
	allowed, known = layers[room]
	switch {
	case known || !strings.HasPrefix(room, home+"/"):
		return allowed, known
	case rest == "":
		return ofPlatform, true
	case rest == platform+"test":
		return []string{"internal/testenv"}, true
	case rest == platform+"fake/cmd": // it serves the fake by itself
		return []string{home + "/" + platform + "/" + platform + "fake", home + "/trying"}, true
	}
	return []string{"internal/connector/graph/graphfake", "internal/connector/faultfake"}, rest == platform+"fake"
}

// outside lists third-party modules that a room may import; nil is any. The domain
// and what is pure stay free of anything that can fail or change.
var outside = map[string][]string{
	"internal/session":           {"github.com/google/uuid"},
	"internal/screening":         {"github.com/nyaruka/phonenumbers", "github.com/mtibben/confusables", "golang.org/x/text/unicode/norm"},
	"internal/transcript":        {"github.com/arran4/golang-ical"},
	"internal/connector":         {"github.com/rivo/uniseg"},
	"internal/connector/receive": {},
	"internal/connector/learn":   {},
	"internal/delivery":          {},
}

// TestLayers parses the imports of every file that is no test.
func TestLayers(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		room := filepath.ToSlash(filepath.Dir(path))
		if room == "cmd/bot" { // it wires everything, and nobody can import it
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range f.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			checkImport(t, path, room, p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkImport(t *testing.T, path, room, p string) {
	t.Helper()
	allowed, known := layerOf(room)
	inner, ours := strings.CutPrefix(p, "experthour/")
	libraries, bounded := outside[room]
	switch {
	case !known:
		t.Errorf("%s: room %s is not in the list of layers", path, room)
	case ours && !slices.Contains(allowed, inner):
		t.Errorf("%s: %s may not import %s", path, room, inner)
	case !ours && bounded && strings.Contains(strings.Split(p, "/")[0], ".") &&
		!slices.ContainsFunc(libraries, func(l string) bool { return strings.HasPrefix(p, l) }):
		t.Errorf("%s: %s may not import %s", path, room, p)
	}
}

// named lists the files outside a platform's folder that may name platforms, with the
// reason.
var named = map[string]string{
	"cmd/bot/kinds.go":                          "it is the list of kinds",
	"cmd/bot/pdf.go":                            "a flag of Chromium's has that word",
	"cmd/bot/demo.go":                           "the demo's second place is the sandbox, whose switch is part of the show",
	"internal/connector/graph/doc.go":           "the documentation of the Graph API stands at addresses with such a word",
	"internal/connector/graph/graphfake/doc.go": "the documentation of the Graph API stands at addresses with such a word",
	"internal/connector/graph/graphfake/api.go": "so does an issue about its lists",
	"internal/figures/main.go":                  "it counts what names a platform, at one that is there",
	"internal/screening/people.go":              "it knows links to people's profiles by their addresses",
}

// home is the folder of the platforms' folders; kit are those that are none.
const home = "internal/connector"

var kit = []string{"connectortest", "graph", "httpapi", "learn", "receive", "trying", "vault"}

// platforms are named by their folders.
func platforms(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(home)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && !slices.Contains(kit, e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names
}

// TestPlatformsAreNamedAtHome reads every file that is part of the program or of its
// words, comments too: what knows a platform by its name belongs into the platform's folder.
func TestPlatformsAreNamedAtHome(t *testing.T) {
	t.Parallel()
	names := platforms(t)
	if !slices.Contains(names, "telegram") {
		t.Fatalf("the platforms are %q", names)
	}
	var ways []string // of naming them; a name of few letters may be a part of any word
	for _, n := range names {
		switch {
		case len(n) == 1: // which stands for anything: only the folder is meant
			n = home + "/" + n + `\b`
		case len(n) < 4 || n == "mail" || n == "threads": // which is a word of everybody's: only the kind's own name is meant
			n = `"` + n + `"`
		}
		ways = append(ways, n)
	}
	name := regexp.MustCompile(`(?i)` + strings.Join(ways, "|"))
	used := map[string]bool{}
	for _, root := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return cmp.Or(err, skipped(path, names))
			}
			if _, may := named[path]; strings.HasSuffix(path, "_test.go") || may {
				used[path] = true
				return nil
			}
			text, err := os.ReadFile(path)
			if at := name.FindIndex(text); at != nil {
				t.Errorf("%s:%d names %s", path, 1+strings.Count(string(text[:at[0]]), "\n"), text[at[0]:at[1]])
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for path := range named {
		if !used[path] {
			t.Errorf("%s is not there; take it out of the list", path)
		}
	}
}

// skipped leaves out the platforms' own folders, and what only tests use.
func skipped(dir string, names []string) error {
	in, base := filepath.ToSlash(filepath.Dir(dir)), filepath.Base(dir)
	if in == home && slices.Contains(names, base) || base == "testdata" || base == "chaos" || strings.HasSuffix(base, "test") {
		return filepath.SkipDir
	}
	return nil
}
