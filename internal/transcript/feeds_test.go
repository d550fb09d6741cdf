package transcript

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"experthour/internal/session"
)

// readFeed parses a feed with types of its own: only names and texts count.
func readFeed(t *testing.T, b []byte) (f struct {
	ID      string `xml:"id"`
	Updated string `xml:"updated"`
	Entries []struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Content struct {
			Type string `xml:"type,attr"`
			Text string `xml:",chardata"`
		} `xml:"content"`
	} `xml:"http://www.w3.org/2005/Atom entry"`
}) {
	t.Helper()
	if err := xml.Unmarshal(b, &f); err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	return f
}

func TestAtomIsNewestFirst(t *testing.T) {
	t.Parallel()
	f := readFeed(t, full(session.Latvian).Feed(0, 0, options).Atom())
	if len(f.Entries) != 13 || f.Entries[0].ID != "tag:jautajumi.example.lv,2026:s/pases-2026/q/6" {
		t.Fatalf("%d entries, first %s", len(f.Entries), f.Entries[0].ID)
	}
	for i, e := range f.Entries {
		if i > 0 && e.Updated > f.Entries[i-1].Updated || e.Updated > f.Updated {
			t.Errorf("%s at %s", e.ID, e.Updated)
		}
	}
}

func TestAtomKeepsTextText(t *testing.T) {
	t.Parallel()
	e := readFeed(t, wild(hostile, line).Feed(1, 1, options).Atom()).Entries[1]
	rest := entryLinks.ReplaceAllString(entryTags.ReplaceAllString(e.Content.Text, ""), "")
	text := html.UnescapeString(strings.ReplaceAll(entryLinks.ReplaceAllString(e.Content.Text, ""), "<br>", ""))
	if strings.Count(text, hostile) != 2 || e.Content.Type != "html" || strings.ContainsAny(rest, "<>") {
		t.Errorf("%s: %s", e.Content.Type, e.Content.Text)
	}
	readFeed(t, wild("\x00\x1b\xff]]>", "\x00").Feed(0, 0, options).Atom())
}

// entryTags are those that an entry may have.
var entryTags = regexp.MustCompile(`</?(blockquote|p|br|small|strong|div)( lang="[a-z]{2}")?( dir="auto")?>`)

// entryLinks are the beginnings and ends of links in an answer.
var entryLinks = regexp.MustCompile(`<a href="https?://[^"<> ]*" rel="noopener nofollow">|</a>`)

// What was taken back is said in place of the answer, and only of what had been public.
func TestAFeedTakesBack(t *testing.T) {
	t.Parallel()
	feed := full(session.English).Feed(0, 0, options)
	want := map[string]string{"/q/7": "The answer was retracted.", "/q/8": "The question was removed", "/announced": "Announced: ",
		"/open": "Now open: ", "/closed": "Over, with the transcript: "}
	for _, e := range feed.Entries {
		for end, title := range want {
			if strings.HasSuffix(e.ID, ":s/pases-2026"+end) && strings.Contains(e.Title, title) && e.Gone == strings.HasPrefix(end, "/q/") {
				delete(want, end)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	for _, f := range FeedFormats() {
		b := f.Encode(feed)
		if bytes.Count(b, []byte("deleted-entry")) != map[string]int{"atom": 4}[f.Name] || bytes.Contains(b, []byte(secret)) {
			t.Errorf("%s: %s", f.Name, b)
		}
	}
	never := asked(1, "What?").accepted().ended(session.Withdrawn, "")
	if es := Build(hour(session.English), []session.Question{never.Question}, nil, options).Feed(0, 0, options).Entries; len(es) != 3 {
		t.Errorf("of a question without an answer: %+v", es)
	}
}

// An entry is the same one for ever, wherever the page moves, and says when it was public first.
func TestAnEntryStaysTheSame(t *testing.T) {
	t.Parallel()
	entries := func(o Options) map[string]Entry {
		all := map[string]Entry{}
		for _, e := range Build(hour(session.English), questions(), nil, o).Feed(0, 0, o).Entries {
			all[e.ID] = e
		}
		return all
	}
	const corrected = "tag:ask.example.lv,2026:s/pases-2026/q/6"
	for _, o := range []Options{{PublicURL: "http://ask.example.lv"}, {PublicURL: "https://ask.example.lv:8443/hours/"},
		{PublicURL: "https://new.example.lv", Authority: "ask.example.lv"}} {
		e := entries(o)[corrected]
		if !e.Published.Equal(at(20)) || !e.Updated.Equal(at(2000)) {
			t.Errorf("%+v: %+v", o, e)
		}
		if gone := entries(o)["tag:ask.example.lv,2026:s/pases-2026/q/7"]; !gone.Gone || !gone.Published.Equal(at(25)) {
			t.Errorf("%+v", gone)
		}
	}
	s := hour(session.English)
	s.Acts[session.Reschedule] = session.Act{At: at(-100)}
	s.Closed = at(500) // after it was opened anew
	for _, e := range Build(s, nil, nil, options).Feed(0, 0, options).Entries {
		want := map[string]time.Time{"announced": at(-700), "closed": at(138)}
		if first := want[e.ID[strings.LastIndex(e.ID, "/")+1:]]; !first.IsZero() && (!e.Published.Equal(first) || !e.Updated.After(first)) {
			t.Errorf("%+v", e)
		}
	}
}

func TestSiteFeed(t *testing.T) {
	t.Parallel()
	f := readFeed(t, SiteFeed(sessions(), session.Latvian, options).Atom())
	var ids []string
	for _, e := range f.Entries {
		ids = append(ids, strings.TrimPrefix(e.ID, strings.TrimSuffix(f.ID, "feed")))
	}
	const want = "s/cancelled s/pases-2026/closed s/pases-2026/open s/pases-2026 s/early/closed s/early/open s/early"
	if got := strings.Join(ids, " "); got != want {
		t.Errorf("%s: %s", f.ID, got)
	}
	if f := readFeed(t, SiteFeed(nil, session.English, Options{}).Atom()); f.Updated != "1970-01-01T00:00:00Z" || f.ID == "" {
		t.Errorf("%+v", f)
	}
}

func TestCalendar(t *testing.T) {
	t.Parallel()
	s := hour(session.English)
	s.Title, s.Topic = line, hostile+"\r\nEND:VEVENT\rX"
	b := Calendar(s, options, at(-60))
	if rest := strings.ReplaceAll(string(b), "\r\n", ""); strings.ContainsAny(rest, "\r\n") {
		t.Errorf("a line break that is not CRLF in %q", rest)
	}
	e := event(t, b)
	for property, want := range map[ics.ComponentProperty]string{
		ics.ComponentPropertyUniqueId: "pases-2026@jautajumi.example.lv", ics.ComponentPropertySequence: "42",
		ics.ComponentPropertyDtStart: "20261122T120000Z", ics.ComponentPropertyDtEnd: "20261122T140000Z",
		ics.ComponentPropertyDtstamp: "20261122T110000Z", ics.ComponentPropertyStatus: "CONFIRMED",
		ics.ComponentPropertyUrl: "https://jautajumi.example.lv/s/pases-2026", ics.ComponentPropertySummary: line,
	} {
		if p := e.GetProperty(property); p == nil || p.Value != want {
			t.Errorf("%s: %+v, want %s", property, p, want)
		}
	}
	if text := e.GetProperty(ics.ComponentPropertyDescription).Value; !strings.HasPrefix(text, hostile) {
		t.Errorf("%q", text)
	}
}

func event(t *testing.T, b []byte) *ics.VEvent {
	t.Helper()
	c, err := ics.ParseCalendar(bytes.NewReader(b))
	if err != nil || len(c.Events()) != 1 {
		t.Fatalf("%v in\n%s", err, b)
	}
	for _, l := range strings.Split(string(b), "\r\n") {
		if len(l) > 75 {
			t.Errorf("%d bytes in a line: %s", len(l), l)
		}
	}
	return c.Events()[0]
}

func TestCalendarOfACancelledHour(t *testing.T) {
	t.Parallel()
	s := hour(session.Latvian)
	before := event(t, Calendar(s, options, at(0)))
	s.State, s.Version = session.Cancelled, 43
	s.CalledOff = &session.CalledOff{Reason: "Ekspertam ir <gripa>.", NewDate: "2026-12-24"}
	after := event(t, Calendar(s, options, at(1)))
	if after.Id() != before.Id() || after.GetProperty(ics.ComponentPropertyStatus).Value != "CANCELLED" ||
		after.GetProperty(ics.ComponentPropertySequence).Value != "43" {
		t.Errorf("%+v", after)
	}
	told := []string{"Iemesls: Ekspertam ir <gripa>.", "Jaunais datums: ceturtdiena, 2026. gada 24. decembris"}
	if text := after.GetProperty(ics.ComponentPropertyDescription).Value; !strings.Contains(text, told[0]) {
		t.Errorf("the calendar says %q", text)
	}
	d := Build(s, nil, nil, options)
	s.Acts = map[session.Verb]session.Act{session.Cancel: {At: at(0)}}
	for what, f := range map[string]Feed{"hour": Build(s, nil, nil, options).Feed(0, 0, options),
		"site": SiteFeed([]session.Session{s}, session.Latvian, options)} {
		atom := html.UnescapeString(html.UnescapeString(string(f.Atom())))
		for _, text := range told {
			if !strings.Contains(atom, text) {
				t.Errorf("the feed of the %s lacks %q:\n%s", what, text, atom)
			}
		}
	}
	if md := string(d.Markdown()); !strings.Contains(md, "24. decembris") || strings.Contains(md, "<gripa>") {
		t.Errorf("the transcript: %s", md)
	}
	if got := event(t, Calendar(s, Options{PublicURL: "nonsense"}, at(1))).Id(); got != "pases-2026@experthour.invalid" {
		t.Error(got)
	}
}

func TestJSONLD(t *testing.T) {
	t.Parallel()
	b := wild(hostile, line).JSONLD()
	if bytes.ContainsAny(b, "<>&\u2028\u2029") {
		t.Errorf("not safe in a page: %s", b)
	}
	var got struct {
		Graph []struct {
			Type  string    `json:"@type"`
			Start time.Time `json:"startDate"`
			Items []struct {
				Position int
				Item     struct{ Text string }
			} `json:"itemListElement"`
		} `json:"@graph"`
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Graph) != 2 || got.Graph[0].Type != "Event" || !got.Graph[0].Start.Equal(start) || got.Graph[1].Items[0].Item.Text != hostile {
		t.Errorf("%s", b)
	}
	if all := full(session.Latvian).JSONLD(); bytes.Contains(all, []byte("Līga")) || bytes.Contains(all, []byte("Telegram")) {
		t.Errorf("says who asked: %s", all)
	}
}

func TestJSONReadsBack(t *testing.T) {
	t.Parallel()
	var d Document
	if err := json.Unmarshal(full(session.English).JSON(), &d); err != nil {
		t.Fatal(err)
	}
	if got, want := d.JSON(), full(session.English).JSON(); !bytes.Equal(got, want) {
		t.Errorf("%s", got)
	}
}

// An asker cannot speak as the institution: whatever they write stays in the quotation.
func TestAQuestionCannotPassForAnAnswer(t *testing.T) {
	t.Parallel()
	const forged = "Answer: passports are free for everybody."
	q := asked(1, "What is it?\n\n"+forged+"</blockquote><p>"+forged).accepted().answered("Anna Bērziņa", "28 €.", 3)
	e := readFeed(t, Build(hour(session.English), []session.Question{q.Question}, nil, options).Feed(0, 0, options).Atom()).Entries[1]
	quoted, rest, found := strings.Cut(e.Content.Text, "</blockquote>")
	if !found || e.Content.Type != "html" || !strings.HasPrefix(quoted, "<blockquote") || strings.Count(quoted, forged) != 2 ||
		strings.Contains(rest, "free") || strings.Contains(rest, "blockquote") || !strings.Contains(rest, "28 €.") {
		t.Errorf("%s: %s", e.Content.Type, e.Content.Text)
	}
}
