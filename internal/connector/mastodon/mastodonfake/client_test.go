package mastodonfake_test

import (
	"testing"
	"time"

	"experthour/internal/connector/mastodon/mastodonfake"
	"experthour/internal/connector/mastodon/mastodontest"
	"experthour/internal/testenv"
)

// TestSomebodyElsesClient: a client that others wrote for Mastodon understands the fake, and is
// understood; what goes either way is as documented.
func TestSomebodyElsesClient(t *testing.T) {
	t.Parallel()
	f := mastodonfake.New(t, time.Now)
	f.URL = mastodontest.Judge(t, f.URL)
	asked := f.Write(mastodonfake.Person{ID: "7", Acct: "ilze@social.example"}, "@iestade When? #hour", "", "hour")
	testenv.Node(t, "clients", "mastodon.mjs", f.URL, mastodonfake.Token, asked.ID, "hour")
	if n := len(f.Posts()); n != 0 {
		t.Errorf("%d posts stand", n)
	}
}
