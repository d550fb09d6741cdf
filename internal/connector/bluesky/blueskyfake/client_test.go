package blueskyfake_test

import (
	"testing"

	"experthour/internal/connector/bluesky/blueskyfake"
	"experthour/internal/testenv"
)

// TestSomebodyElsesClient: Bluesky's own client, which holds every answer against the lexicon,
// understands the fake, and is understood.
func TestSomebodyElsesClient(t *testing.T) {
	t.Parallel()
	s := blueskyfake.New(t, blueskyfake.Options{})
	asked := s.User("ilze.test").Write("@" + blueskyfake.BotHandle + " When? #hour")
	testenv.Node(t, "clients", "bluesky.mjs", s.URL, blueskyfake.BotHandle, blueskyfake.BotPassword, asked.URI, "hour")
	if n := len(s.ByBot()); n != 0 {
		t.Errorf("%d posts stand", n)
	}
}
