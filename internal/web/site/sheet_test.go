package site

import (
	"bytes"
	"compress/gzip"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const blank = "00000000000000000000000000000000"

func ask(s *Sheet, token string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	s.Serve(rec, r, token)
	return rec
}

func unzipped(t *testing.T, b []byte) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z) // checks sum and length at its end
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestSheetPutsATokenIn: a sheet with any number of gaps is what it would be if it were
// compressed with the token in it, for those who take gzip and for those who do not.
func TestSheetPutsATokenIn(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("a question, and another one; ", 300)
	token := strings.Repeat("k", TokenSize)
	for name, content := range map[string]string{
		"no gap": text, "empty": "", "a gap": text + blank + text,
		"at the ends": blank + text + blank, "two together": blank + blank, "only": blank,
	} {
		s := NewSheet("text/html", []byte(content), blank)
		want := strings.ReplaceAll(content, blank, token)
		zipped := ask(s, token, "Accept-Encoding", "br, gzip;q=0.5")
		if got := unzipped(t, zipped.Body.Bytes()); got != want || zipped.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("%s, gzip: %q", name, got)
		}
		if plain := ask(s, token); plain.Body.String() != want || plain.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s, plain: %q", name, plain.Body)
		}
		shared := !strings.Contains(content, blank)
		if strong := !strings.HasPrefix(zipped.Header().Get("ETag"), "W/"); strong != shared {
			t.Errorf("%s: ETag %s", name, zipped.Header().Get("ETag"))
		}
		if private := strings.Contains(zipped.Header().Get("Cache-Control"), "private"); private == shared {
			t.Errorf("%s: Cache-Control %s", name, zipped.Header().Get("Cache-Control"))
		}
	}
}

func TestSheetIsReadOnce(t *testing.T) {
	t.Parallel()
	s := NewSheet("text/csv", []byte("a,b"), "")
	zipped, plain := ask(s, "", "Accept-Encoding", "gzip").Header().Get("ETag"), ask(s, "").Header().Get("ETag")
	if zipped == plain {
		t.Errorf("%s names two sequences of bytes", plain)
	}
	for header, want := range map[string]int{plain: 304, `"x", ` + plain: 304, "W/" + plain: 304, "*": 304, `"x"`: 200, "": 200} {
		rec := ask(s, "", "If-None-Match", header)
		if rec.Code != want || want == 304 && rec.Body.Len() > 0 || rec.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: %d %v", header, rec.Code, rec.Header())
		}
	}
	if NewSheet("text/csv", []byte("a,c"), "").sum == s.sum || NewSheet("text/plain", []byte("a,b"), "").sum == s.sum {
		t.Error("another content has the same tag")
	}
}

func TestAcceptsGzip(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{"": false, "gzip": true, "deflate, GZIP": true, "gzip;q=0": false, "gzip; q=0.0": false,
		"gzip;q=1": true, "br": false, "gzip;q=x": false, "x-gzip": true} {
		if acceptsGzip(header) != want {
			t.Errorf("%q: %v", header, !want)
		}
	}
}

func TestJoinCRC(t *testing.T) {
	t.Parallel()
	for _, second := range []string{"", "b", strings.Repeat("long ", 1000)} {
		want := crc32.ChecksumIEEE([]byte("first" + second))
		if got := joinCRC(crc32.ChecksumIEEE([]byte("first")), crc32.ChecksumIEEE([]byte(second)), len(second)); got != want {
			t.Errorf("%d bytes: %x, want %x", len(second), got, want)
		}
	}
}

// TestSheetSaysWhenItWasMade: readers without tags ask by the time, and get nothing that is older
// than what they could have.
func TestSheetSaysWhenItWasMade(t *testing.T) {
	t.Parallel()
	const since = "If-Modified-Since"
	s, young := NewSheet("text/csv", []byte("a,b"), ""), NewSheet("text/csv", []byte("a,c"), "")
	s.made = time.Date(2026, 11, 22, 14, 0, 0, 500, time.FixedZone("", 7200))
	young.made = time.Now().Add(time.Hour) // so it stays young however slow the machine
	const said = "Sun, 22 Nov 2026 12:00:00 GMT"
	if got := ask(s, "").Header().Get("Last-Modified"); got != said {
		t.Errorf("%q", got)
	}
	for name, c := range map[string]struct {
		sheet  *Sheet
		header []string
		want   int
	}{
		"the same":           {s, []string{since, said}, http.StatusNotModified},
		"of another replica": {s, []string{since, "Sun, 22 Nov 2026 12:00:01 GMT"}, http.StatusOK},
		"the tag decides":    {s, []string{since, said, "If-None-Match", `"other"`}, http.StatusOK},
		"too young to say":   {young, []string{since, young.made.UTC().Format(http.TimeFormat)}, http.StatusOK},
		"nothing":            {young, []string{since, ""}, http.StatusOK},
	} {
		if rec := ask(c.sheet, "", c.header...); rec.Code != c.want {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
	page := NewSheet("text/html", []byte("a"+blank+"b"), blank)
	page.made = s.made
	if got := ask(page, strings.Repeat("k", TokenSize)).Header().Get("Last-Modified"); got != "" {
		t.Errorf("a page with a token: %s", got)
	}
}
