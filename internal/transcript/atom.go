package transcript

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"time"

	"experthour/internal/session"
	"experthour/internal/wording"
)

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  *atomPerson `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomEntry struct {
	Lang    string      `xml:"xml:lang,attr,omitempty"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  *atomPerson `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Content *atomText   `xml:"content"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

// atomText is plain text: a reader shows it and never looks for markup in it.
type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// feedTitle bounds the part of a question that stands in an entry's title.
const feedTitle = 80

// Atom is the feed of a session: its public answers, the newest first. An answer
// that was corrected is the same entry, updated.
func (d Document) Atom() []byte {
	f := atomFeed{
		Lang: string(d.Language), ID: feedID(d.URL, d.Slug), Title: d.Title, Updated: iso(d.Updated),
		Author: d.publisher(), Links: links(d.URL, "/feed.atom"),
	}
	answered := slices.DeleteFunc(slices.Clone(d.Questions), func(q Question) bool { return q.Answer == nil })
	slices.SortFunc(answered, func(a, b Question) int {
		return cmp.Or(b.Answer.PublishedAt.Compare(a.Answer.PublishedAt), cmp.Compare(b.Number, a.Number))
	})
	for _, q := range answered {
		f.Entries = append(f.Entries, d.entry(q))
	}
	return f.bytes()
}

func (d Document) publisher() *atomPerson {
	return &atomPerson{cmp.Or(d.Institution, wording.In(d.Language).Text("transcript.institution_unnamed"))}
}

func (d Document) entry(q Question) atomEntry {
	w := wording.In(d.Language)
	title, text := w.Text("transcript.question", "number", q.Number), q.Answer.Text
	if q.Asked != nil {
		title += ": " + session.Shorten(session.CleanLine(q.Asked.Text), feedTitle)
		text = q.Asked.Text + "\n\n" + w.Text("transcript.answer") + ": " + text
	}
	return atomEntry{
		Lang: string(q.Answer.Language), ID: cmp.Or(q.URL, fmt.Sprintf("%s:%d", feedID("", d.Slug), q.Number)), Title: title,
		Updated: iso(q.Answer.PublishedAt), Author: &atomPerson{q.Answer.By}, Links: alternate(q.URL),
		Content: &atomText{"text", text},
	}
}

// SiteAtom is the feed of the site: all sessions but drafts, the latest start
// first, worded in lang. The public page is o.PublicURL.
func SiteAtom(ss []session.Session, lang session.Language, o Options) []byte {
	w := wording.In(lang)
	home := address(o.PublicURL, "/")
	f := atomFeed{Lang: string(w.Language()), ID: cmp.Or(home, "urn:experthour"), Title: w.Text("transcript.hours"),
		Author: &atomPerson{cmp.Or(o.Institution, w.Text("transcript.institution_unnamed"))}, Links: links(home, "feed.atom")}
	if o.Institution != "" {
		f.Title = o.Institution + ": " + f.Title
	}
	last := time.Unix(0, 0)
	ss = slices.DeleteFunc(slices.Clone(ss), func(s session.Session) bool { return s.State == session.Draft })
	slices.SortFunc(ss, func(a, b session.Session) int {
		return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID))
	})
	for _, s := range ss {
		last = later(last, updated(s, nil))
		f.Entries = append(f.Entries, siteEntry(s, o))
	}
	f.Updated = iso(last)
	return f.bytes()
}

func siteEntry(s session.Session, o Options) atomEntry {
	w := wording.In(s.Language)
	text := w.Span(s.Start.In(s.Location()), s.End.In(s.Location()))
	if s.State == session.Cancelled {
		text += "\n" + w.Text("transcript.cancelled")
	}
	if s.Topic != "" {
		text += "\n\n" + s.Topic
	}
	home := SessionURL(o.PublicURL, s.ID)
	return atomEntry{
		Lang: string(w.Language()), ID: feedID(home, s.ID), Title: s.Title, Updated: iso(updated(s, nil)),
		Links: alternate(home), Content: &atomText{"text", text},
	}
}

// feedID is the address where there is one; it stays the same for ever.
func feedID(address string, id session.ID) string {
	return cmp.Or(address, "urn:experthour:"+string(id))
}

func links(page, feed string) []atomLink {
	if page == "" {
		return nil
	}
	return append(alternate(page), atomLink{"self", page + feed})
}

func alternate(page string) []atomLink {
	if page == "" {
		return nil
	}
	return []atomLink{{"alternate", page}}
}

func (f atomFeed) bytes() []byte {
	b := must(xml.MarshalIndent(f, "", "  "))
	return append([]byte(xml.Header), append(b, '\n')...)
}
