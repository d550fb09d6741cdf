package transcript

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"experthour/internal/session"
	"experthour/internal/wording"
)

// Feed is what readers subscribe to, in no format yet: FeedFormats write it. An entry keeps its
// ID for ever, and one that was corrected is the same entry, updated.
type Feed struct {
	ID, Title, Author string
	Language          session.Language
	Updated           time.Time
	Home              string // address of the page that says the same; empty leaves out all links
	Licence           string // address of the terms of use; may be empty
	Hub               string // address of the hub; may be empty
	// Page is 0 for what readers subscribe to, and n for page n of Pages of the archive
	// (RFC 5005, section 4). Without pages there is no archive.
	Page, Pages int
	Entries     []Entry

	base string // address of the feed, without what names the format
}

// Entry is one piece of news.
type Entry struct {
	ID, Title, Author string
	URL               string // may be empty
	Language          session.Language
	Published         time.Time // zero where only the last change is known
	Updated           time.Time
	HTML              string // made by the templates of entry.html, safe for any reader
	// Gone says that what stood here is not public any more.
	Gone bool

	number int // of the question
}

// FeedFormat is a format of feeds.
type FeedFormat struct {
	Name   string // with which the address ends
	Type   string // media type
	Encode func(Feed) []byte
}

// FeedFormats lists every format; the first is the one that says the most.
func FeedFormats() []FeedFormat {
	return []FeedFormat{
		{"atom", atomType, Feed.Atom},
		{"rss", rssType, Feed.RSS},
		{"json", jsonFeedType, Feed.JSON},
	}
}

// Media types of feeds.
const (
	atomType     = "application/atom+xml"
	rssType      = "application/rss+xml"
	jsonFeedType = "application/feed+json"
)

// feedTitle bounds the part of a question that stands in an entry's title.
const feedTitle = 80

// FeedSize is how many answers a feed has, and how many numbers a page of its archive.
const FeedSize = 100

// Feed is the feed of a session: its events, the public answers in the document, and what was
// taken back of them, the newest first. On page n of its pages are the numbers up to n·FeedSize,
// and on the first one the events too.
func (d Document) Feed(page, pages int, o Options) Feed {
	f := Feed{ID: d.id, Title: d.Title, Author: publisher(d.Institution, wording.In(d.Language)), Language: d.Language,
		Updated: d.Updated, Home: d.URL, Licence: o.Licence, Hub: o.Hub, Page: page, Pages: pages, base: d.URL + "/feed"}
	sp := d.speaker()
	for _, q := range d.Questions {
		if q.Answer != nil {
			f.Entries = append(f.Entries, sp.answered(q))
		} else if !q.Gone.IsZero() {
			f.Entries = append(f.Entries, sp.gone(q))
		}
	}
	slices.SortStableFunc(f.Entries, newestFirst)
	if page == 0 {
		f.Entries = f.Entries[:min(len(f.Entries), FeedSize)]
	}
	if page <= 1 {
		f.Entries = append(f.Entries, sp.events(d.Events)...)
	}
	slices.SortStableFunc(f.Entries, newestFirst)
	return f
}

func newestFirst(a, b Entry) int {
	return cmp.Or(b.Updated.Compare(a.Updated), cmp.Compare(b.number, a.number))
}

// answered is the entry of a question with a public answer.
func (sp speaker) answered(q Question) Entry {
	it := sp.item(q)
	e := sp.entry(q, it)
	e.Author, e.Language, e.Updated, e.HTML = q.Answer.By, q.Answer.Language, q.Answer.PublishedAt, entryHTML("answered", it)
	if q.Asked != nil {
		e.Title += ": " + session.Shorten(session.CleanLine(q.Asked.Text), feedTitle)
	}
	return e
}

// entry is what every entry of a question says.
func (sp speaker) entry(q Question, it item) Entry {
	return Entry{ID: fmt.Sprintf("%s/q/%d", sp.d.id, q.Number), Title: it.Title, URL: q.URL, Published: q.First, number: q.Number}
}

// gone takes the place of an entry whose answer is not public any more, so that readers that
// keep entries replace it; those that know tombstones remove it.
func (sp speaker) gone(q Question) Entry {
	e := sp.entry(q, sp.item(q))
	status := sp.status(q)
	e.Title += ": " + status
	e.Author, e.Language, e.Updated, e.Gone = publisher(sp.d.Institution, sp.w), sp.d.Language, q.Gone, true
	e.HTML = entryHTML("plain", status)
	return e
}

// events are the entries of the hour's own news.
func (sp speaker) events(es []Event) []Entry {
	d, w := sp.d, sp.w
	var all []Entry
	for _, e := range es {
		v := eventView{Facts: sp.facts()}
		if e.Kind == "cancelled" {
			v.Said = sp.w.CalledOff(d.CalledOff)
		}
		page := d.URL
		if e.Kind == "closed" && d.URL != "" {
			page += "/transcript"
			v.Link, v.Label = page, w.Text("transcript.kind")
		}
		all = append(all, Entry{ID: d.id + "/" + e.Kind, Title: w.Text("transcript.event_"+e.Kind, "title", d.Title),
			Author: publisher(d.Institution, w), URL: page, Language: w.Language(), Published: e.First, Updated: e.At,
			HTML: entryHTML("event", v)})
	}
	return all
}

// eventView is what an event says besides its title.
type eventView struct {
	Said        []string
	Facts       []fact
	Link, Label string
}

// SiteFeed is the feed of the site: all sessions but drafts, the latest start first, and of each
// that it began, and that it is over; worded in lang. The public page is o.PublicURL.
func SiteFeed(ss []session.Session, lang session.Language, o Options) Feed {
	w := wording.In(lang)
	home := address(o.PublicURL, "/")
	f := Feed{ID: o.feedID("feed"), Title: w.Text("transcript.hours"), Author: publisher(o.Institution, w),
		Language: w.Language(), Updated: time.Unix(0, 0), Home: home, Licence: o.Licence, Hub: o.Hub, base: home + "feed"}
	if o.Institution != "" {
		f.Title = o.Institution + ": " + f.Title
	}
	ss = slices.DeleteFunc(slices.Clone(ss), func(s session.Session) bool { return s.State == session.Draft })
	slices.SortFunc(ss, func(a, b session.Session) int {
		return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID))
	})
	for _, s := range ss {
		d := Build(s, nil, nil, o)
		f.Updated = later(f.Updated, d.Updated)
		f.Entries = append(f.Entries, d.hour()...)
	}
	return f
}

// hour is what the feed of the site has of an hour: the later events first, then the hour itself,
// which stands for its announcement and for calling it off.
func (d Document) hour() []Entry {
	sp := d.speaker()
	var all []Entry
	for _, e := range d.Events {
		if e.Kind == "open" || e.Kind == "closed" {
			all = append(sp.events([]Event{e}), all...)
		}
	}
	text := sp.w.Span(d.Start.In(sp.zone), d.End.In(sp.zone))
	if d.State == session.Cancelled {
		text = strings.Join(append([]string{text, sp.w.Text("transcript.cancelled")}, sp.w.CalledOff(d.CalledOff)...), "\n")
	}
	if d.Topic != "" {
		text += "\n\n" + d.Topic
	}
	e := Entry{ID: d.id, Title: d.Title, Author: publisher(d.Institution, sp.w), URL: d.URL, Language: d.Language, Updated: d.Updated,
		HTML: entryHTML("plain", text)}
	if len(d.Events) > 0 && d.Events[0].Kind == "announced" {
		e.Published = d.Events[0].First
	}
	return append(all, e)
}

// feedID names something for ever (RFC 4151), also when the scheme or the path of the public
// address changes. The year is that in which such names were first given.
func (o Options) feedID(of string) string {
	authority := o.Authority
	if u, err := url.Parse(o.PublicURL); authority == "" && err == nil && !strings.Contains(u.Hostname(), ":") {
		authority = u.Hostname()
	}
	if authority == "" {
		return "urn:experthour:" + of
	}
	return "tag:" + authority + ",2026:" + of
}

func publisher(institution string, w wording.Words) string {
	return cmp.Or(institution, w.Text("transcript.institution_unnamed"))
}

//go:embed entry.html
var entrySource string

// entries words what stands in an entry. What an asker wrote is a quotation, out of which no
// text can break: else a question with a blank line and "Answer:" would speak as the institution.
var entries = template.Must(template.New("entry").Funcs(template.FuncMap{
	"lines":  func(text string) []string { return strings.Split(text, "\n") },
	"pieces": session.Pieces,
}).Parse(entrySource))

func entryHTML(name string, view any) string {
	var b strings.Builder
	must(nil, entries.ExecuteTemplate(&b, name, view))
	return b.String()
}

// A feedLink is a link of a feed, as Atom writes it and RSS borrows it.
type feedLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
	Lang string `xml:"hreflang,attr,omitempty"`
}

// at is the address of a page of the feed in a format.
func (f Feed) at(format string, page int) string {
	if page == 0 {
		return f.base + "." + format
	}
	return fmt.Sprintf("%s.%s?page=%d", f.base, format, page)
}

// links are those of the feed in one format: to the page, to itself, to the hub, to the terms of
// use and to the neighbours in the archive. The page names the other formats: newsboat took the
// last alternate that is there for the page.
func (f Feed) links(format FeedFormat) []feedLink {
	var ls []feedLink
	if f.Home != "" {
		ls = append(ls, feedLink{"alternate", f.Home, "text/html", string(f.Language)},
			feedLink{"self", f.at(format.Name, f.Page), format.Type, string(f.Language)})
	}
	if f.hub() != "" {
		ls = append(ls, feedLink{Rel: "hub", Href: f.hub()})
	}
	if f.Licence != "" {
		ls = append(ls, feedLink{Rel: "license", Href: f.Licence})
	}
	return append(ls, f.archive(format)...)
}

// hub is where to subscribe to the feed. Pages of the archive do not change.
func (f Feed) hub() string {
	if f.Home == "" || f.Page > 0 {
		return ""
	}
	return f.Hub
}

// Discovery is what the header Link says of the hub (WebSub, section 4); empty without one.
func (f Feed) Discovery(format FeedFormat) string {
	if f.hub() == "" {
		return ""
	}
	return fmt.Sprintf(`<%s>; rel="hub", <%s>; rel="self"`, f.hub(), f.at(format.Name, f.Page))
}

// Addresses are where the feed is, in every format.
func (f Feed) Addresses() (as []string) {
	for _, format := range FeedFormats() {
		as = append(as, f.at(format.Name, f.Page))
	}
	return as
}

// Digest changes whenever subscribers have something new to see.
func (f Feed) Digest() string {
	sum := sha256.Sum256(must(json.Marshal(struct {
		Title   string
		Entries []Entry
	}{f.Title, f.Entries})))
	return hex.EncodeToString(sum[:8])
}

// archive links a page with its neighbours.
func (f Feed) archive(format FeedFormat) []feedLink {
	var ls []feedLink
	link := func(rel string, n int) {
		if f.Home != "" && n >= 1 && n <= f.Pages {
			ls = append(ls, feedLink{Rel: rel, Href: f.at(format.Name, n), Type: format.Type})
		}
	}
	if f.Page == 0 {
		link("prev-archive", f.Pages)
		return ls
	}
	if f.Home != "" {
		ls = append(ls, feedLink{Rel: "current", Href: f.at(format.Name, 0), Type: format.Type})
	}
	link("prev-archive", f.Page-1)
	link("next-archive", f.Page+1)
	return ls
}
