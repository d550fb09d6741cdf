package transcript

import (
	"cmp"
	"encoding/xml"
	"time"
)

type rssFeed struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	History string     `xml:"xmlns:fh,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string     `xml:"title"`
	Link        string     `xml:"link"`
	Description string     `xml:"description"` // required; who speaks here
	Language    string     `xml:"language"`
	Copyright   string     `xml:"copyright,omitempty"`
	Built       string     `xml:"lastBuildDate"`
	Links       []feedLink `xml:"atom:link"`
	Archive     *struct{}  `xml:"fh:archive"`
	Items       []rssItem  `xml:"item"`
}

type rssItem struct {
	Title       string  `xml:"title"`
	Link        string  `xml:"link,omitempty"`
	GUID        rssGUID `xml:"guid"`
	Date        string  `xml:"pubDate"`
	Updated     string  `xml:"atom:updated"` // RSS has no word for it
	Creator     string  `xml:"dc:creator"`   // RSS's own author is an e-mail address
	Language    string  `xml:"dc:language,omitempty"`
	Description string  `xml:"description"`
}

type rssGUID struct {
	Permanent bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

// RSS writes the feed as RSS 2.0, with links and the time of the last change from Atom.
func (f Feed) RSS() []byte {
	c := rssChannel{Title: f.Title, Link: cmp.Or(f.Home, f.ID), Description: f.Author, Language: string(f.Language), Copyright: f.Licence,
		Built: known(f.Updated, time.RFC1123Z), Links: f.links(FeedFormats()[1])}
	if f.Page > 0 {
		c.Archive = &struct{}{}
	}
	for _, e := range f.Entries {
		c.Items = append(c.Items, rssItem{Title: e.Title, Link: e.URL, GUID: rssGUID{e.ID == e.URL, e.ID}, Creator: e.Author,
			Date: known(cmp.Or(e.Published, e.Updated), time.RFC1123Z), Updated: iso(e.Updated), Language: string(e.Language), Description: e.HTML})
	}
	return xmlOf(rssFeed{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", DC: "http://purl.org/dc/elements/1.1/",
		History: "http://purl.org/syndication/history/1.0", Channel: c})
}
