package transcript

import (
	"encoding/json"
	"time"
)

type jsonFeed struct {
	Version  string       `json:"version"`
	Title    string       `json:"title"`
	Home     string       `json:"home_page_url,omitempty"`
	URL      string       `json:"feed_url,omitempty"`
	Next     string       `json:"next_url,omitempty"`
	Language string       `json:"language"`
	Authors  []jsonAuthor `json:"authors"`
	// Licence is an extension, for the format has no word for it.
	Licence *jsonLicence `json:"_licence,omitempty"`
	Hubs    []jsonHub    `json:"hubs,omitempty"`
	Items   []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonHub struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type jsonLicence struct {
	About string `json:"about"`
	URL   string `json:"url"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url,omitempty"`
	Title     string       `json:"title"`
	HTML      string       `json:"content_html"`
	Published string       `json:"date_published,omitempty"`
	Modified  string       `json:"date_modified"`
	Authors   []jsonAuthor `json:"authors"`
	Language  string       `json:"language,omitempty"`
}

// JSON writes the feed as JSON Feed 1.1. What is older stands behind next_url.
func (f Feed) JSON() []byte {
	format := FeedFormats()[2]
	j := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: f.Title, Home: f.Home, Language: string(f.Language),
		Authors: []jsonAuthor{{f.Author}}, Items: []jsonItem{}}
	for _, l := range f.links(format) {
		switch l.Rel {
		case "self":
			j.URL = l.Href
		case "prev-archive":
			j.Next = l.Href
		case "hub":
			j.Hubs = []jsonHub{{"WebSub", l.Href}}
		case "license":
			j.Licence = &jsonLicence{"https://www.rfc-editor.org/rfc/rfc4946", l.Href}
		}
	}
	for _, e := range f.Entries {
		j.Items = append(j.Items, jsonItem{ID: e.ID, URL: e.URL, Title: e.Title, HTML: e.HTML, Published: known(e.Published, time.RFC3339),
			Modified: iso(e.Updated), Authors: []jsonAuthor{{e.Author}}, Language: string(e.Language)})
	}
	return append(must(json.MarshalIndent(j, "", "  ")), '\n')
}
