package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestTimesAreMeantThere: a time without a zone is one of the institution, wherever the command is given.
func TestTimesAreMeantThere(t *testing.T) {
	t.Parallel()
	told := make(chan string, 10) // what was asked of the program
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(`{"sessions":[],"zone":"Asia/Tokyo"}`))
			return
		}
		b, _ := io.ReadAll(r.Body)
		told <- string(b)
		_, _ = w.Write([]byte(`{}`))
	}))
	t.Cleanup(s.Close)
	for args, want := range map[string]string{
		"schedule --title T --expert E --start=2030-01-01_10:00 --end=2030-01-01T11:00:00Z": `"start":"2030-01-01T10:00:00+09:00",` +
			`"end":"2030-01-01T11:00:00Z"`,
		"edit tax --ask-from=2030-01-01_09:00": `"ask_from":"2030-01-01T09:00:00+09:00"`,
	} {
		all := strings.Fields("session " + args + " --token t --from " + s.URL)
		for i := range all {
			all[i] = strings.ReplaceAll(all[i], "_", " ")
		}
		_, errs, code := bot(t, t.TempDir(), all...)
		var got []string
		for len(told) > 0 {
			got = append(got, <-told)
		}
		if code != exitOK || !strings.Contains(strings.Join(got, " "), want) {
			t.Errorf("%s: %d %s, told %q", args, code, errs, got)
		}
	}
}

// TestTimesAreThoseOfTheInstitution: whatever prints times prints them in the zone of the institution and names it, wherever
// the command is given.
func TestTimesAreThoseOfTheInstitution(t *testing.T) {
	t.Parallel()
	const hour = `"slug":"tax","start":"2030-01-01T10:00:00Z","end":"2030-01-01T11:00:00Z","zone":"Asia/Tokyo"`
	const step = `{"at":"2030-01-01T10:00:00Z","verb":"start","outcome":"sent"}`
	answers := http.NewServeMux()
	for path, body := range map[string]string{
		"/":              `{"sessions":[{` + hour + `}]}`,
		"/tax":           `{` + hour + `}`,
		"/tax/start":     `{` + hour + `}`,
		"/tax/questions": `{}`,
		"/tax/log":       `{"entries":[` + step + `],"zone":"Asia/Tokyo"}`,
		"/old/log":       `{"entries":[` + step + `]}`,
		"/one/log":       `{"copies":[{"outcomes":[` + step + `]}],"zone":"Asia/Tokyo"}`,
	} {
		answers.HandleFunc(strings.TrimSuffix(deskAPI+path, "/"), func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(body))
		})
	}
	s := httptest.NewServer(answers)
	t.Cleanup(s.Close)
	for args, want := range map[string]string{
		"list":      "2030-01-01 19:00 – 20:00 JST",
		"show tax":  "2030-01-01 19:00 – 20:00 JST",
		"start tax": "2030-01-01 19:00 – 20:00 JST",
		"log tax":   "2030-01-01 19:00:00.000 JST",
		"log one 1": "2030-01-01 19:00:00.000 JST",
		"log old":   "2030-01-01 10:00:00.000 UTC",
	} {
		out, errs, code := bot(t, t.TempDir(), append([]string{"session"}, append(strings.Fields(args), "--from", s.URL, "--token", "t")...)...)
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("session %s: %d %s%s, want %q", args, code, out, errs, want)
		}
	}
}
