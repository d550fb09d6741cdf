package trying

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestTold: what the program changes is shown with its words, and reaches the platform whole; what it reads is not shown.
func TestTold(t *testing.T) {
	t.Parallel()
	var out, got strings.Builder
	h := Told(&out, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got.Write(b)
		w.WriteHeader(http.StatusTeapot)
	}), func(body string) bool { return strings.Contains(body, "list") })
	long := "text=" + url.QueryEscape("Labdien, "+strings.Repeat("ā", mostShown))
	for _, r := range []*http.Request{httptest.NewRequest(http.MethodGet, "/read", nil),
		httptest.NewRequest(http.MethodPost, "/json", strings.NewReader("do=list")),
		httptest.NewRequest(http.MethodPost, "/post", strings.NewReader(long))} {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	if got.String() != "do=list"+long {
		t.Errorf("the platform got %q", got.String())
	}
	if said := out.String(); !strings.HasPrefix(said, "# POST /post: 418 text=Labdien, ā") || strings.Count(said, "\n") != 1 ||
		!strings.HasSuffix(said, "ā…\n") {
		t.Errorf("told %q", said)
	}
}

// TestEach: every line is done, and empty ones are none.
func TestEach(t *testing.T) {
	t.Parallel()
	var typed []string
	each(strings.NewReader(" a \n\n b\n"), func(line string) string { typed = append(typed, line); return "" })
	if strings.Join(typed, "|") != "a|b" {
		t.Errorf("typed %q", typed)
	}
}
