package wording

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"experthour/internal/session"
)

// moduleRoot is seen from the folder in which go test runs this package.
const moduleRoot = "../.."

// The sentences of a platform lie in its folder; the program merges them for every kind
// that it has, and these tests for every folder.
func init() {
	for _, folder := range platforms() {
		Add(os.DirFS(folder))
	}
}

// platforms are the folders with sentences of their own.
func platforms() []string {
	words, _ := filepath.Glob(filepath.Join(moduleRoot, "internal/connector/*", string(session.Languages[0])))
	for i, folder := range words {
		words[i] = filepath.Dir(folder)
	}
	return words
}

// dynamic lists the beginnings of ids that are put together at run time. When
// from is set, the rest of the id is a constant of that type, and the catalogue
// must have a message for each of them and for nothing else.
var dynamic = []dynamicPrefix{
	{"state.", constants{"session", "State"}, "cards, board and desk name the state of a question"},
	{"status.", constants{"session", "State"}, "the receipt page says it to the asker"},
	{"with.", constants{"session", "Media"}, "cards say what was sent with a question"},
	{"lack.", constants{"session", "Lack"}, "cards say what is lacking of it"},
	{"next.", constants{"session", "State"}, "the receipt page says what the asker may do"},
	{"public.step_", constants{}, "the receipt page says what happened"},
	{"public.title_", constants{}, "its title says where the question stands"},
	{"session.", constants{"session", "SessionState"}, "desk and public page name the state of a session"},
	{"verb.", constants{"session", "Verb"}, "labels of buttons; errors and the record name a command"},
	{"roles.", constants{}, "errors say which roles may"},
	{"role.", constants{"session", "Role"}, "errors and the record name who acted"},
	{"screening.", constants{"screening", "Kind"}, "the desk shows the findings of a text"},
	{"guideline.", constants{"screening", "Guideline"}, "the desk shows what an answer does not keep to"},
	{"error.", constants{}, "Error makes it from the id of session.Fail, which is read off in the code"},
	{"done.", constants{"session", "Verb"}, "Error says who did the same first"},
	{"happened.", constants{}, "the desk says what a verb has just done"},
	{"button.", constants{}, "cards in a chat label the verbs, and what only such a desk knows"},
	{"hour.", constants{}, "the board in a chat labels the verbs of a session"},
	{"desk.field.", constants{}, "forms of both desks label their fields"},
	{"desk.hint.", constants{}, "forms of both desks explain them"},
	{"desk.confirm.", constants{}, "both desks ask before what cannot be taken back"},
	{"notice.lack_", constants{"session", "Lack"}, "askers are told what of their pictures was not taken"},
	{"notice.ring_", constants{"session", "Quiet"}, "askers are told how an answer came to stand where something stood"},
	{"reception.", constants{}, "the reception puts this in front of its own messages"},
	{"reception.command.", constants{}, "its commands say what they do"},
	{"chat.command.", constants{}, "its commands say what they do"},
	{"chat.told.", constants{}, "the desk in a chat says who gave that verb of a session"},
	{"chat.", constants{}, "the desk in a chat puts this in front of its own messages"},
	{"check.", constants{}, "the check and the desk page name what is wrong by connector.Finding"},
	{"news.", constants{"session", "News"}, "desks name what an announcement tells"},
	{"mode.", constants{}, "the desk names the modes of a pretend platform"},
	{"warning.", constants{"session", "Warning"}, "the desk shows the warnings about a session"},
	{"can.", constants{}, "the check and the README say what each platform can do"},
	{"can.kind.", constants{"session", "CopyKind"}, "the same names what a limit is for"},
	{"counted.", constants{"session", "Unit"}, "the same says how a unit is counted"},
	{"unit.", constants{"session", "Unit"}, "Error and previews name what a platform counts in by its session.Unit"},
	{"desk.same_", constants{"session", "Sameness"}, "the desks say what new questions have in common"},
	{"transcript.event_", constants{}, "the feeds name a turn of an hour by its Event.Kind"},
	{"field.", constants{}, "Error names the field of a form by its session.Field"},
	{"error.not_found", constants{}, "the service and the stores: there is no such session or question"},
	{"error.unavailable", constants{}, "the stores: nothing was changed"},
	{"error.stale", constants{}, "the service: the commit lost against another one"},
	{"public.sort_", constants{}, "the lists of the page name their orders"},
	{"store.", constants{}, "the start-up check names what it found by redisstore.Tell"},
	{"month.", constants{}, "Date makes it from time.Month"},
	{"month_of.", constants{}, "Since makes it from time.Month"},
	{"weekday.", constants{}, "Date makes it from time.Weekday"},
}

type dynamicPrefix struct {
	prefix string
	from   constants
	why    string
}

// constants names a type of constants: the package's folder below internal/ and
// the type.
type constants struct{ folder, name string }

func TestEveryUsedMessageExists(t *testing.T) {
	for _, u := range uses(t) {
		for _, problem := range u.problems() {
			t.Errorf("%s: %s", u.where, problem)
		}
	}
}

func TestEveryMessageIsUsed(t *testing.T) {
	used := map[string]bool{}
	for _, u := range uses(t) {
		used[u.id] = true
	}
	for _, id := range IDs() {
		if !used[id] && !isDynamic(id) {
			t.Errorf("%s: no code and no page uses it; remove it, or add its beginning to the table here", id)
		}
	}
}

func TestDynamicMessagesFollowTheirConstants(t *testing.T) {
	for _, d := range dynamic {
		if d.from == (constants{}) {
			continue
		}
		want := constantsOf(t, d.from)
		for _, value := range want {
			if !Known(d.prefix + value) {
				t.Errorf("%s%s: missing, %s.%s has the constant", d.prefix, value, d.from.folder, d.from.name)
			}
		}
		for _, id := range IDs() {
			if rest, ok := strings.CutPrefix(id, d.prefix); ok && !slices.Contains(want, rest) && !usedLiterally(t, id) {
				t.Errorf("%s: %s.%s has no such constant", id, d.from.folder, d.from.name)
			}
		}
	}
}

func usedLiterally(t *testing.T, id string) bool {
	return slices.ContainsFunc(uses(t), func(u use) bool { return u.id == id })
}

func isDynamic(id string) bool {
	return slices.ContainsFunc(dynamic, func(d dynamicPrefix) bool {
		return d.prefix != "error." && strings.HasPrefix(id, d.prefix)
	})
}

// A use is one place in the code or in a page that asks for a message.
type use struct {
	where   string
	id      string   // whole, or its beginning when partial
	partial bool     // the rest is put together at run time
	counted bool     // asked for with Count or n
	names   []string // of the values given; nil when they cannot be read off
}

func (u use) problems() []string {
	if u.partial {
		if !slices.ContainsFunc(dynamic, func(d dynamicPrefix) bool { return d.prefix == u.id }) {
			return []string{"an id that begins with " + u.id + " is not in the table of dynamic ids"}
		}
		return nil
	}
	if !Known(u.id) {
		return []string{"message " + u.id + " is not in every catalogue"}
	}
	var ps []string
	m := loaded.catalogues[session.Languages[0]][u.id]
	if counted(m) != u.counted {
		ps = append(ps, "message "+u.id+": plural messages, and only those, are asked for with Count or n")
	}
	for _, p := range placeholders(m) {
		if u.names != nil && !slices.Contains(u.names, p) && !(p == "n" && u.counted) {
			ps = append(ps, "message "+u.id+" gets no value for "+p)
		}
	}
	return ps
}

var (
	usesOnce  sync.Once
	usesFound []use
)

// uses reads them from all Go files that are no tests and from all pages.
func uses(t *testing.T) []use {
	t.Helper()
	usesOnce.Do(func() { usesFound = findUses(t) })
	return usesFound
}

func findUses(t *testing.T) []use {
	t.Helper()
	var found []use
	err := filepath.WalkDir(moduleRoot, func(name string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." && name != moduleRoot || d.Name() == "testdata"):
			return filepath.SkipDir
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			found = append(found, usesInGo(t, name)...)
		case strings.HasSuffix(name, ".html") && strings.Contains(filepath.ToSlash(name), "/internal/web/"):
			found = append(found, usesInPage(t, name)...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
