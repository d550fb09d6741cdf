package transcript

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"experthour/internal/session"
)

var update = flag.Bool("update", false, "write the golden files anew")

// formats gives every document of d by the ending of its file.
func formats(d Document) map[string][]byte {
	all := map[string][]byte{
		"article.html": d.HTML(), "page.html": d.HTMLPage(), "md": d.Markdown(), "json": d.JSON(), "csv": d.CSV(), "jsonld": d.JSONLD(),
	}
	for _, f := range FeedFormats() {
		all["feed."+f.Name] = f.Encode(d.Feed(0, 0, options))
	}
	return all
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]Document{
		"full.lv": full(session.Latvian), "full.en": full(session.English), "wild.en": wild(hostile, line),
		"empty.lv": Build(session.Session{ID: "x", Language: session.Latvian, Start: start, End: at(60)}, nil, nil, Options{}),
	} {
		for ending, got := range formats(d) {
			golden(t, name+"."+ending, got)
		}
	}
	for _, lang := range session.Languages {
		golden(t, "full."+string(lang)+".ics", Calendar(hour(lang), options, at(0)))
		for _, f := range FeedFormats() {
			golden(t, "site."+string(lang)+".feed."+f.Name, f.Encode(SiteFeed(sessions(), lang, options)))
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at it after go test -update\ngot:\n%s", path, got)
	}
}

// The same values always give the same bytes.
func TestRenderingIsPure(t *testing.T) {
	t.Parallel()
	first, second := formats(full(session.Latvian)), formats(full(session.Latvian))
	for ending := range first {
		if !bytes.Equal(first[ending], second[ending]) {
			t.Errorf("%s: differs the second time", ending)
		}
	}
}

func TestNothingInternalComesOut(t *testing.T) {
	t.Parallel()
	for ending, got := range formats(full(session.English)) {
		if i := bytes.Index(got, []byte(secret)); i >= 0 {
			t.Errorf("%s: …%s…", ending, got[max(0, i-200):min(len(got), i+50)])
		}
	}
	site := SiteFeed(sessions(), session.Latvian, options)
	for _, got := range [][]byte{Calendar(hour(session.Latvian), options, at(0)), site.Atom(), site.RSS(), site.JSON()} {
		if bytes.Contains(got, []byte(secret)) {
			t.Errorf("%s", got)
		}
	}
}

func sessions() []session.Session {
	early, cancelled, draft := hour(session.English), hour(session.Latvian), hour(session.Latvian)
	early.ID, early.Start, early.End = "early", start.AddDate(0, -1, 0), at(120).AddDate(0, -1, 0)
	cancelled.ID, cancelled.State, cancelled.Acts, cancelled.Title = "cancelled", session.Cancelled, nil, line
	draft.ID, draft.State = secret, session.Draft
	return []session.Session{early, draft, hour(session.Latvian), cancelled}
}
