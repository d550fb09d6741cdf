package transcript

import (
	"encoding/xml"
	"time"

	"experthour/internal/session"
)

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  *atomPerson `xml:"author"`
	Rights  string      `xml:"rights,omitempty"`
	Links   []feedLink  `xml:"link"`
	Archive *struct{}   `xml:"http://purl.org/syndication/history/1.0 archive"`
	Gone    []atomGone  `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
	Entries []atomEntry `xml:"entry"`
}

// atomGone is a tombstone (RFC 6721). The entry stands beside it, not newer than it, for readers
// that know none.
type atomGone struct {
	Ref  string `xml:"ref,attr"`
	When string `xml:"when,attr"`
}

type atomEntry struct {
	Lang      string      `xml:"xml:lang,attr,omitempty"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Published string      `xml:"published,omitempty"`
	Updated   string      `xml:"updated"`
	Author    *atomPerson `xml:"author"`
	Links     []feedLink  `xml:"link"`
	Content   *atomText   `xml:"content"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

// atomText is escaped HTML.
type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// Atom writes the feed as Atom (RFC 4287).
func (f Feed) Atom() []byte {
	a := atomFeed{Lang: string(f.Language), ID: f.ID, Title: f.Title, Updated: iso(f.Updated), Author: &atomPerson{f.Author},
		Rights: f.Licence, Links: f.links(FeedFormats()[0])}
	if f.Page > 0 {
		a.Archive = &struct{}{}
	}
	for _, e := range f.Entries {
		if e.Gone {
			a.Gone = append(a.Gone, atomGone{e.ID, iso(e.Updated)})
		}
		a.Entries = append(a.Entries, atomEntry{Lang: string(e.Language), ID: e.ID, Title: e.Title, Published: known(e.Published, time.RFC3339),
			Updated: iso(e.Updated), Author: &atomPerson{e.Author}, Links: alternate(e.URL, e.Language), Content: &atomText{"html", e.HTML}})
	}
	return xmlOf(a)
}

func alternate(page string, l session.Language) []feedLink {
	if page == "" {
		return nil
	}
	return []feedLink{{"alternate", page, "text/html", string(l)}}
}

// known writes a time, and nothing where it is not known.
func known(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(layout)
}

func xmlOf(v any) []byte {
	b := must(xml.MarshalIndent(v, "", "  "))
	return append([]byte(xml.Header), append(b, '\n')...)
}
