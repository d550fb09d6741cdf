package transcript

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"experthour/internal/session"
	"experthour/internal/testenv"
)

// judged says what our schema finds wrong with a feed, and nothing where it is right: it takes only
// what a feed of ours may have.
func judged(t *testing.T, format string, b []byte) string {
	t.Helper()
	if format == "json" {
		return judgedJSON(t, "testdata/schema/jsonfeed.schema.json", b)
	}
	return judgedXML(t, "testdata/schema/"+format+".rng", b)
}

// published says what the schema that others published finds wrong with it. RSS has none.
func published(t *testing.T, format string, b []byte) string {
	t.Helper()
	switch format {
	case "atom":
		return judgedXML(t, "testdata/schema/rfc4287.rng", b)
	case "json":
		return judgedJSON(t, filepath.Join(testenv.Server(t, "pages"), "node_modules/jsonfeed-schema/schema-v1.1.json"), b)
	}
	return ""
}

func judgedXML(t *testing.T, schema string, b []byte) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "feed.xml")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(testenv.Soon(t), testenv.Need(t, "xmllint"), "--noout", "--nonet",
		"--relaxng", schema, file)
	if out, err := c.CombinedOutput(); err != nil {
		return err.Error() + "\n" + string(out)
	}
	return ""
}

func judgedJSON(t *testing.T, file string, b []byte) string {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return err.Error()
	}
	if err := schema.Validate(doc); err != nil {
		return err.Error()
	}
	return ""
}

// sorts are feeds of each sort.
func sorts() map[string]Feed {
	hubbed := options
	hubbed.Hub = "https://hub.example.org/"
	return map[string]Feed{
		"full": full(session.Latvian).Feed(0, 0, options), "hub": full(session.English).Feed(0, 0, hubbed),
		"archive": full(session.Latvian).Feed(1, 2, options), "site": SiteFeed(sessions(), session.English, options),
		"hostile": wild(hostile, "A name").Feed(0, 0, options)}
}

// TestFeedsByTheirSchemas holds feeds of each sort against what the specifications allow.
func TestFeedsByTheirSchemas(t *testing.T) {
	t.Parallel()
	for name, feed := range sorts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, f := range FeedFormats() {
				if wrong := judged(t, f.Name, f.Encode(feed)); wrong != "" {
					t.Errorf("%s: %s", f.Name, wrong)
				}
			}
		})
	}
}

// TestFeedsByPublishedSchemas holds them against the grammar of RFC 4287 and a schema of JSON Feed
// that somebody else wrote (npm jsonfeed-schema), which take less than all as well.
func TestFeedsByPublishedSchemas(t *testing.T) {
	t.Parallel()
	for name, feed := range sorts() {
		for _, f := range FeedFormats() {
			if wrong := published(t, f.Name, f.Encode(feed)); wrong != "" {
				t.Errorf("%s, %s: %s", name, f.Name, wrong)
			}
		}
	}
	good := full(session.Latvian).Feed(0, 0, options)
	for _, f := range FeedFormats() {
		for _, change := range [][2]string{{"<updated>2026", "<updated>26"}, {"<entry>", "<entry><id>a:b</id>"}, {"/version/1.1", "/version/2"},
			{`"url"`, `"uri"`}, {`"date_modified": "2026-11-22T`, `"date_modified": "22.11.2026 `}} {
			b := string(f.Encode(good))
			if bad := strings.ReplaceAll(b, change[0], change[1]); bad != b && published(t, f.Name, []byte(bad)) == "" {
				t.Errorf("%s with %q in place of %q is right", f.Name, change[1], change[0])
			}
		}
	}
}

// TestSchemasRefuse: a schema that takes everything proves nothing.
func TestSchemasRefuse(t *testing.T) {
	t.Parallel()
	feed := full(session.Latvian).Feed(0, 0, options)
	for _, f := range FeedFormats() {
		good := string(f.Encode(feed))
		for _, change := range [][2]string{{"https://", "javascript:"}, {"2026-11-22T", "22.11.2026 "}, {"updated", "changed"},
			{"date_modified", "changed"}, {`"version"`, `"edition"`}, {`version="2.0"`, `version="2.1"`}, {"<id>tag:", "<id>"}} {
			if bad := strings.ReplaceAll(good, change[0], change[1]); bad != good && judged(t, f.Name, []byte(bad)) == "" {
				t.Errorf("%s with %q in place of %q is right", f.Name, change[1], change[0])
			}
		}
	}
}
