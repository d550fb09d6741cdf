package slack

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"experthour/internal/connector"
)

// A response_url lets anybody write for half an hour: it does not belong in the log,
// whatever goes wrong with it.
func TestNoAddressInTheLog(t *testing.T) {
	t.Parallel()
	round := httptest.NewServer(http.RedirectHandler("/SECRET", http.StatusFound))
	t.Cleanup(round.Close)
	for name, address := range map[string]string{
		"nobody there": "http://127.0.0.1:1/actions/T1/SECRET", "no address": "http://[SECRET/%zz", "no scheme": "SECRET", "for ever": round.URL +
			"/SECRET",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fast)
			at := surface{user: "U0ANNA", channel: place, response: address, private: true}
			w.fake.Refuse("chat.postEphemeral", 2, "fatal_error")
			w.whisper(t.Context(), at, "Hello", nil)
			w.tell(t.Context(), at, "Hello", []connector.Button{{Label: "Go", Action: "go"}})
			w.dismiss(t.Context(), at)
			log := w.logs.String()
			if strings.Contains(log, "SECRET") || !strings.Contains(log, "did not arrive") {
				t.Errorf("log: %s", log)
			}
		})
	}
}
