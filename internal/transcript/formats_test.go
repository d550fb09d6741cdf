package transcript

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
	"experthour/internal/testenv"
)

// node is an element of any XML.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Nodes   []node     `xml:",any"`
}

const atomSpace = "http://www.w3.org/2005/Atom"

func (n node) all(space, name string) (found []node) {
	for _, c := range n.Nodes {
		if c.XMLName == (xml.Name{Space: space, Local: name}) {
			found = append(found, c)
		}
	}
	return found
}

// one is the text of the element that must be there once.
func (n node) one(t *testing.T, space, name string) string {
	t.Helper()
	found := n.all(space, name)
	if len(found) != 1 || strings.TrimSpace(found[0].Text) == "" {
		t.Fatalf("%d times %s %s in %+v", len(found), space, name, n)
	}
	return found[0].Text
}

// links counts those of a relation.
func (n node) links(rel string) (count int) {
	for _, l := range n.all(atomSpace, "link") {
		for _, a := range l.Attrs {
			if a.Name.Local == "rel" && a.Value == rel {
				count++
			}
		}
	}
	return count
}

// ids are those of entries, each of which must be there once.
type ids map[string]bool

func (all ids) add(t *testing.T, id string) {
	t.Helper()
	if id == "" || all[id] {
		t.Errorf("%q is the id of two entries, or no id", id)
	}
	all[id] = true
}

func timeOf(t *testing.T, layout, text string) time.Time {
	t.Helper()
	at, err := time.Parse(layout, text)
	if err != nil {
		t.Error(err)
	}
	return at
}

// TestFeedsAreAsTheFormatsSay checks what readers do not insist on and the formats demand: RFC
// 4287 (4.1), RSS 2.0 and JSON Feed 1.1.
func TestFeedsAreAsTheFormatsSay(t *testing.T) {
	t.Parallel()
	for _, feed := range []Feed{full(session.Latvian).Feed(0, 3, options), full(session.English).Feed(2, 3, options),
		SiteFeed(sessions(), session.English, options), wild(hostile, line).Feed(0, 0, options), SiteFeed(nil, session.English, Options{})} {
		checkAtom(t, feed)
		checkRSS(t, feed)
		checkJSON(t, feed)
	}
}

func parsed(t *testing.T, b []byte) (root node) {
	t.Helper()
	if err := xml.Unmarshal(b, &root); err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	return root
}

// once is how many links there must be of those that a feed has once.
func once(f Feed) int {
	if f.Home == "" {
		return 0
	}
	return 1
}

func checkAtom(t *testing.T, feed Feed) {
	t.Helper()
	root, seen := parsed(t, feed.Atom()), ids{}
	if root.XMLName != (xml.Name{Space: atomSpace, Local: "feed"}) || root.links("self") != once(feed) ||
		root.links("alternate") != once(feed) {
		t.Errorf("%v, %d self, %d alternate", root.XMLName, root.links("self"), root.links("alternate"))
	}
	root.one(t, atomSpace, "id")
	root.one(t, atomSpace, "title")
	timeOf(t, time.RFC3339, root.one(t, atomSpace, "updated"))
	for _, e := range root.all(atomSpace, "entry") {
		seen.add(t, e.one(t, atomSpace, "id"))
		e.one(t, atomSpace, "title")
		e.one(t, atomSpace, "content")
		e.all(atomSpace, "author")[0].one(t, atomSpace, "name")
		updated := timeOf(t, time.RFC3339, e.one(t, atomSpace, "updated"))
		for _, p := range e.all(atomSpace, "published") {
			if timeOf(t, time.RFC3339, p.Text).After(updated) {
				t.Errorf("published after it was updated: %+v", e)
			}
		}
		if e.links("alternate") > 1 {
			t.Errorf("%d alternates of an entry", e.links("alternate"))
		}
	}
}

func checkRSS(t *testing.T, feed Feed) {
	t.Helper()
	root, seen := parsed(t, feed.RSS()), ids{}
	channel := root.all("", "channel")
	if root.XMLName.Local != "rss" || len(channel) != 1 || channel[0].links("self") != once(feed) {
		t.Fatalf("%+v", root)
	}
	for _, name := range []string{"title", "link", "description", "language"} {
		channel[0].one(t, "", name)
	}
	timeOf(t, time.RFC1123Z, channel[0].one(t, "", "lastBuildDate"))
	for _, e := range channel[0].all("", "item") {
		seen.add(t, e.one(t, "", "guid"))
		e.one(t, "", "title")
		e.one(t, "", "description")
		timeOf(t, time.RFC1123Z, e.one(t, "", "pubDate"))
		timeOf(t, time.RFC3339, e.one(t, atomSpace, "updated"))
	}
}

func checkJSON(t *testing.T, feed Feed) {
	t.Helper()
	var f struct {
		Version, Title, Language string
		Items                    []struct {
			ID        string
			HTML      string `json:"content_html"`
			Modified  string `json:"date_modified"`
			Published string `json:"date_published"`
			Authors   []struct{ Name string }
		}
	}
	if err := json.Unmarshal(feed.JSON(), &f); err != nil || f.Version != "https://jsonfeed.org/version/1.1" ||
		f.Title == "" || f.Items == nil {
		t.Fatalf("%v, %+v", err, f)
	}
	seen := ids{}
	for _, e := range f.Items {
		seen.add(t, e.ID)
		updated := timeOf(t, time.RFC3339, e.Modified)
		if e.HTML == "" || len(e.Authors) != 1 || e.Authors[0].Name == "" ||
			e.Published != "" && timeOf(t, time.RFC3339, e.Published).After(updated) {
			t.Errorf("%+v", e)
		}
	}
}

// TestSfeed: a small reader of Debian's, which is strict about nothing, reads every entry.
func TestSfeed(t *testing.T) {
	t.Parallel()
	path := testenv.Need(t, "sfeed")
	for _, feed := range []Feed{full(session.Latvian).Feed(0, 0, options), SiteFeed(sessions(), session.English, options),
		wild(hostile, line).Feed(0, 0, options)} {
		for _, f := range FeedFormats()[:2] {
			c := exec.Command(path)
			c.Stdin = strings.NewReader(string(f.Encode(feed)))
			out, err := c.Output()
			rows := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
			if err != nil || len(rows) != len(feed.Entries) {
				t.Fatalf("%s: %v, %d of %d entries", f.Name, err, len(rows), len(feed.Entries))
			}
			for i, row := range rows {
				checkRow(t, strings.Split(row, "\t"), feed.Entries[i])
			}
		}
	}
}

// checkRow compares time, title, link, content and its type, id and author.
func checkRow(t *testing.T, row []string, e Entry) {
	t.Helper()
	at := e.Published
	if at.IsZero() {
		at = e.Updated
	}
	content := strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\\`, `\`).Replace(row[3])
	if row[0] != strconv.FormatInt(at.Unix(), 10) || row[1] != e.Title || row[2] != e.URL ||
		strings.TrimSpace(content) != strings.TrimSpace(e.HTML) || row[4] != "html" || row[5] != e.ID || row[6] != e.Author {
		t.Errorf("%q\nwant %+v", row, e)
	}
}

// TestNewsboat keeps each entry once, also after a correction, which it takes over.
func TestNewsboat(t *testing.T) {
	t.Parallel()
	path := testenv.Need(t, "newsboat")
	before := full(session.English)
	qs := questions()
	for i, q := range qs {
		if q.Ref.Number == 1 {
			qs[i] = made{q}.answered("Anna Bērziņa", "NEW ANSWER", 90).Question
		}
	}
	after := Build(hour(session.English), qs, nil, options)
	for _, f := range FeedFormats()[:2] {
		n := newsboat{t, path, t.TempDir()}
		for _, d := range []Document{before, after, after} {
			feed := d.Feed(0, 0, options)
			n.write("feed."+f.Name, string(f.Encode(feed)))
			n.write("urls", "file://"+filepath.Join(n.dir, "feed."+f.Name)+"\n")
			n.run("-x", "reload")
			if got, want := n.run("-x", "print-unread"), strconv.Itoa(len(feed.Entries))+" unread articles"; !strings.Contains(got, want) {
				t.Errorf("%s: %q, want %q", f.Name, got, want)
			}
		}
		cache, err := os.ReadFile(filepath.Join(n.dir, "cache.db"))
		if home := options.PublicURL + "s/pases-2026"; err != nil || !strings.Contains(string(cache), "NEW ANSWER") ||
			!strings.Contains(string(cache), home) || strings.Contains(string(cache), "feed.json") {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

// newsboat is a reader with a folder of its own.
type newsboat struct {
	t         *testing.T
	path, dir string
}

func (n newsboat) write(name, text string) {
	n.t.Helper()
	if err := os.WriteFile(filepath.Join(n.dir, name), []byte(text), 0o600); err != nil {
		n.t.Fatal(err)
	}
}

func (n newsboat) run(args ...string) string {
	n.t.Helper()
	c := exec.CommandContext(testenv.Soon(n.t), n.path, append([]string{"-u", "urls", "-c", "cache.db", "-C", os.DevNull}, args...)...)
	c.Dir, c.Env = n.dir, append(os.Environ(), "HOME="+n.dir)
	out, err := c.CombinedOutput()
	if err != nil {
		n.t.Fatalf("newsboat %v: %v: %s", args, err, out)
	}
	return string(out)
}
