package transcript

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"

	"experthour/internal/session"
)

// readFormat reads a feed as somebody else's reader does.
func readFormat(t *testing.T, f FeedFormat, feed Feed) *gofeed.Feed {
	t.Helper()
	b := f.Encode(feed)
	wellFormed(t, f, b)
	got, err := gofeed.NewParser().Parse(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v in\n%s", f.Name, err, b)
	}
	return got
}

func wellFormed(t *testing.T, f FeedFormat, b []byte) {
	t.Helper()
	if f.Type == jsonFeedType {
		if !json.Valid(b) {
			t.Errorf("no JSON: %s", b)
		}
		return
	}
	for d := xml.NewDecoder(bytes.NewReader(b)); ; {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v in\n%s", f.Name, err, b)
		}
	}
}

func TestReadersGetTheSameInEveryFormat(t *testing.T) {
	t.Parallel()
	for _, feed := range []Feed{full(session.Latvian).Feed(0, 0, options), SiteFeed(sessions(), session.English, options),
		wild(hostile, "A name").Feed(0, 0, options)} { // gofeed looks for addresses in names
		for _, f := range FeedFormats() {
			got := readFormat(t, f, feed)
			if got.FeedType != f.Name || len(got.Items) != len(feed.Entries) || got.Title != feed.Title || got.Link != feed.Home ||
				got.Language != string(feed.Language) || got.FeedLink != feed.at(f.Name, 0) {
				t.Errorf("%s: %s %q, link %s, feed %s, %s, %d items", f.Name, got.FeedType, got.Title, got.Link, got.FeedLink, got.Language,
					len(got.Items))
			}
			for i, item := range got.Items {
				checkItem(t, f, item, feed.Entries[i])
			}
		}
	}
}

func checkItem(t *testing.T, f FeedFormat, item *gofeed.Item, e Entry) {
	t.Helper()
	content := item.Content
	if f.Name == "rss" {
		content = item.Description
	}
	if item.GUID != e.ID || item.Title != e.Title || item.Link != e.URL || len(item.Authors) != 1 || item.Authors[0].Name != e.Author ||
		strings.TrimSpace(content) != strings.TrimSpace(e.HTML) || item.UpdatedParsed == nil || !item.UpdatedParsed.Equal(e.Updated) ||
		!e.Published.IsZero() && (item.PublishedParsed == nil || !item.PublishedParsed.Equal(e.Published)) {
		t.Errorf("%s: %+v\nwant %+v", f.Name, item, e)
	}
}

func TestEveryFormatNamesTheTermsOfUse(t *testing.T) {
	t.Parallel()
	for _, f := range FeedFormats() {
		with, without := f.Encode(full(session.Latvian).Feed(0, 0, options)), f.Encode(full(session.Latvian).Feed(0, 0, Options{}))
		if !bytes.Contains(with, []byte(options.Licence)) || bytes.Contains(bytes.ToLower(without), []byte("licen")) {
			t.Errorf("%s: %s", f.Name, with[:min(len(with), 2000)])
		}
	}
}

// The archive is one chain in every format: from the feed to the last page, and back to the first.
func TestEveryFormatHasTheArchive(t *testing.T) {
	t.Parallel()
	d := full(session.Latvian)
	for _, f := range FeedFormats() {
		for page, want := range map[int][]string{
			0: {"prev-archive 3"}, 3: {"current 0", "prev-archive 2"}, 2: {"current 0", "prev-archive 1", "next-archive 3"},
			1: {"current 0", "next-archive 2"},
		} {
			feed := d.Feed(page, 3, options)
			var got []string
			for _, l := range feed.archive(f) {
				for n := range 4 {
					if l.Href == feed.at(f.Name, n) {
						got = append(got, l.Rel+" "+string(rune('0'+n)))
					}
				}
			}
			b := f.Encode(feed)
			if !slices.Equal(got, want) || f.Type != jsonFeedType && bytes.Contains(b, []byte("archive>")) != (page > 0) {
				t.Errorf("%s page %d: %v", f.Name, page, got)
			}
			if f.Type == jsonFeedType && bytes.Contains(b, []byte("next_url")) != (page != 1) {
				t.Errorf("page %d: %s", page, b[:300])
			}
		}
	}
}

// TestEveryFormatNamesTheHub: in the feed and in the header, with itself; the archive has none.
func TestEveryFormatNamesTheHub(t *testing.T) {
	t.Parallel()
	o := options
	o.Hub = "https://hub.example/"
	for _, f := range FeedFormats() {
		for _, feed := range []Feed{Build(hour(session.Latvian), questions(), nil, o).Feed(0, 2, o), SiteFeed(sessions(), session.English, o)} {
			b := f.Encode(feed)
			wellFormed(t, f, b)
			want := map[string]string{"atom": `<link rel="hub" href="https://hub.example/">`,
				"rss":  `<atom:link rel="hub" href="https://hub.example/">`,
				"json": `"type": "WebSub",` + "\n      " + `"url": "https://hub.example/"`}[f.Name]
			if bytes.Count(b, []byte(want)) != 1 {
				t.Errorf("%s: %s", f.Name, b[:1000])
			}
			if got := feed.Discovery(f); got != `<https://hub.example/>; rel="hub", <`+feed.at(f.Name, 0)+`>; rel="self"` {
				t.Error(got)
			}
		}
		archive := Build(hour(session.Latvian), questions(), nil, o).Feed(1, 2, o)
		if b := f.Encode(archive); bytes.Contains(b, []byte("hub.example")) || archive.Discovery(f) != "" {
			t.Errorf("%s: %s", f.Name, b[:1000])
		}
	}
}

// TestDigest is another one whenever subscribers have something new to see, and only then.
func TestDigest(t *testing.T) {
	t.Parallel()
	digest := func(s session.Session, votes map[int]int, qs ...session.Question) string {
		return Build(s, qs, votes, options).Feed(0, 0, options).Digest()
	}
	s, q := hour(session.English), asked(1, "What?").accepted()
	plain := digest(s, nil, q.Question)
	answered := digest(s, nil, q.answered("Anna Bērziņa", "That.", 12).Question)
	corrected := digest(s, nil, q.answered("Anna Bērziņa", "That.", 12).answered("Anna Bērziņa", "This.", 14).Question)
	gone := digest(s, nil, q.answered("Anna Bērziņa", "That.", 12).ended(session.Withdrawn, "").Question)
	if all := []string{plain, answered, corrected, gone}; len(slices.Compact(slices.Sorted(slices.Values(all)))) != 4 {
		t.Errorf("%q", all)
	}
	s.Paused = true
	if got := digest(s, map[int]int{1: 7}, q.Question); got != plain {
		t.Errorf("%q, want %q", got, plain)
	}
}
