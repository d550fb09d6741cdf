package wordpress

import (
	"net/http"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/wordpress/wordpressfake"
	"experthour/internal/session"
)

// faked is a world at a fake, in the test's hand.
func faked(t *testing.T) (*world, *wordpressfake.Site) {
	site := wordpressfake.New(t)
	return newWorld(t, &place{t: t, url: site.URL, user: wordpressfake.User, pass: wordpressfake.Password, fake: site}), site
}

// TestOrphanOfAFirstAttempt: a picture that came into the library before an attempt broke off is
// not left there when the next attempt does not show it any more.
func TestOrphanOfAFirstAttempt(t *testing.T) {
	t.Parallel()
	w, site := faked(t)
	p := minutes(t, "h:t:a1", map[string]int{plan: 8, map2: 9})
	site.Break(http.MethodPost, http.StatusBadGateway, "oops") // the first picture arrived
	_, err := w.Reply(t.Context(), p)
	wants(t, err, connector.Deferred, "")
	// Meanwhile the answer with that picture is retracted.
	if _, err := w.Reply(t.Context(), minutes(t, "h:t:a2", map[string]int{map2: 9})); err != nil {
		t.Fatal(err)
	}
	if all := w.list("/media"); len(all) != 1 {
		t.Errorf("%d pictures are in the library, and the post shows one", len(all))
	}
}

// TestOrphanOfACorrection: the same of a correction that brought a new picture and broke off.
func TestOrphanOfACorrection(t *testing.T) {
	t.Parallel()
	w, _ := faked(t)
	sent, err := w.Reply(t.Context(), minutes(t, "h:t:a1", map[string]int{map2: 9}))
	if err != nil {
		t.Fatal(err)
	}
	p := minutes(t, "h:t:a2", map[string]int{plan: 8, map2: 9})
	// The process dies after the uploads: the post is not stored.
	if _, err := w.document(t.Context(), p, false); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Edit(t.Context(), sent.Message, minutes(t, "h:t:a3", map[string]int{map2: 9})); err != nil {
		t.Fatal(err)
	}
	if all := w.list("/media"); len(all) != 1 {
		t.Errorf("%d pictures are in the library, and the post shows one", len(all))
	}
	if err := w.Retract(t.Context(), sent.Message, p); err != nil {
		t.Fatal(err)
	}
	if all := w.list("/media"); len(all) != 0 {
		t.Errorf("%d pictures are in the library after the post was taken back", len(all))
	}
}

// TestHeldBetween: what the site's own people hold after it was shown again stays held.
func TestHeldBetween(t *testing.T) {
	t.Parallel()
	w, _ := faked(t)
	original := session.Origin{Connector: "wp", Place: site, Message: w.original.id()}
	w.change(w.original, obj{"status": "approved"})
	hide := func(hidden bool) {
		t.Helper()
		if err := w.Hide(t.Context(), original, hidden); err != nil {
			t.Fatal(err)
		}
	}
	hide(true)
	hide(false)
	w.change(w.original, obj{"status": "hold"}) // the site's own people
	hide(true)
	hide(false)
	if got := w.status(w.original); got != "hold" {
		t.Errorf("the site's own people held it, and it is %v", got)
	}
}
