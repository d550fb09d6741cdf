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

// judged says what a schema finds wrong with a feed, and nothing where it is right.
func judged(t *testing.T, format string, b []byte) string {
	t.Helper()
	if format == "json" {
		return judgedJSON(t, b)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "feed.xml")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(testenv.Soon(t), testenv.Need(t, "xmllint"), "--noout", "--nonet",
		"--relaxng", "testdata/schema/"+format+".rng", file)
	if out, err := c.CombinedOutput(); err != nil {
		return err.Error() + "\n" + string(out)
	}
	return ""
}

func judgedJSON(t *testing.T, b []byte) string {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile("testdata/schema/jsonfeed.schema.json")
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

// TestFeedsByTheirSchemas holds feeds of each sort against what the specifications allow.
func TestFeedsByTheirSchemas(t *testing.T) {
	t.Parallel()
	hubbed := options
	hubbed.Hub = "https://hub.example.org/"
	for name, feed := range map[string]Feed{
		"full": full(session.Latvian).Feed(0, 0, options), "hub": full(session.English).Feed(0, 0, hubbed),
		"archive": full(session.Latvian).Feed(1, 2, options), "site": SiteFeed(sessions(), session.English, options),
		"hostile": wild(hostile, "A name").Feed(0, 0, options)} {
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
