package transcript

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
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
	f := readFeed(t, full(session.Latvian).Atom())
	if len(f.Entries) != 8 || f.Entries[0].ID != "https://jautajumi.example.lv/s/pases-2026/q/6" {
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
	e := readFeed(t, wild(hostile, line).Atom()).Entries[0]
	if want := hostile + "\n\nAnswer: " + hostile; e.Content.Text != want || e.Content.Type != "text" {
		t.Errorf("%s: %q", e.Content.Type, e.Content.Text)
	}
	readFeed(t, wild("\x00\x1b\xff]]>", "\x00").Atom())
}

func TestSiteAtom(t *testing.T) {
	t.Parallel()
	f := readFeed(t, SiteAtom(sessions(), session.Latvian, options))
	var ids []string
	for _, e := range f.Entries {
		ids = append(ids, strings.TrimPrefix(e.ID, f.ID))
	}
	if got := strings.Join(ids, " "); got != "s/cancelled s/pases-2026 s/early" {
		t.Errorf("%s: %s", f.ID, got)
	}
	if f := readFeed(t, SiteAtom(nil, session.English, Options{})); f.Updated != "1970-01-01T00:00:00Z" || f.ID == "" {
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
	after := event(t, Calendar(s, options, at(1)))
	if after.Id() != before.Id() || after.GetProperty(ics.ComponentPropertyStatus).Value != "CANCELLED" ||
		after.GetProperty(ics.ComponentPropertySequence).Value != "43" {
		t.Errorf("%+v", after)
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
