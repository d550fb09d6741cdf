package experthour_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers lists what each room may import of this module. Imports only go down:
// what is not listed fails, and so does a room that is not listed.
var layers = map[string][]string{
	"internal/session":                         {},
	"internal/screening":                       {"internal/session"},
	"internal/wording":                         {"internal/session"},
	"internal/setting":                         {"internal/wording"},
	"internal/config":                          {"internal/session", "internal/connector", "internal/setting", "internal/wording"},
	"internal/config/configtest":               {"internal/config", "internal/connector"},
	"internal/transcript":                      {"internal/session", "internal/wording"},
	"internal/connector":                       {"internal/session", "internal/setting"},
	"internal/connector/page":                  {"internal/session", "internal/connector"},
	"internal/connector/sandbox":               {"internal/session", "internal/connector"},
	"internal/connector/httpapi":               {"internal/connector"},
	"internal/connector/slack":                 {"internal/session", "internal/connector", "internal/connector/httpapi", "internal/setting", "internal/wording"},
	"internal/connector/slack/slackfake":       {},
	"internal/connector/telegram":              {"internal/session", "internal/connector", "internal/connector/httpapi", "internal/setting", "internal/wording"},
	"internal/connector/telegram/telegramfake": {},
	"internal/desk/view":                       {"internal/session", "internal/connector", "internal/routing", "internal/screening", "internal/wording"},
	"internal/desk/chat":                       {"internal/session", "internal/connector", "internal/delivery", "internal/desk/view", "internal/routing", "internal/screening", "internal/wording"},
	"internal/reception":                       {"internal/session", "internal/connector", "internal/routing", "internal/wording"},
	"internal/routing":                         {"internal/session", "internal/connector", "internal/screening", "internal/wording"},
	"internal/delivery":                        {"internal/session", "internal/connector", "internal/screening", "internal/wording"},
	"internal/redisstore":                      {"internal/session", "internal/connector", "internal/delivery"},
	"internal/web/site":                        {"internal/session", "internal/wording"},
	"internal/web":                             {"internal/session", "internal/connector", "internal/transcript", "internal/screening", "internal/wording", "internal/web/site"},
	"internal/web/deskpage":                    {"internal/session", "internal/connector", "internal/desk/view", "internal/routing", "internal/screening", "internal/wording", "internal/web/site"},
	"internal/session/sessiontest":             {"internal/session"},
	"internal/redisstore/redistest":            {"internal/redisstore"},
	"internal/delivery/deliverytest":           {"internal/session", "internal/session/sessiontest", "internal/connector", "internal/delivery", "internal/testenv"},
	"internal/connector/connectortest":         {"internal/session", "internal/connector", "internal/testenv"},
	"internal/testenv":                         {},
}

// outside lists third-party modules that a room may import; nil is any. The domain
// and what is pure stay free of anything that can fail or change.
var outside = map[string][]string{
	"internal/session":    {"github.com/google/uuid"},
	"internal/screening":  {"github.com/nyaruka/phonenumbers"},
	"internal/transcript": {"github.com/arran4/golang-ical"},
	"internal/connector":  {},
	"internal/delivery":   {},
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
	allowed, known := layers[room]
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
