package main

import (
	"slices"
	"testing"

	"experthour/internal/connector/mastodon/mastodontest"
)

// TestMastodon lives hours on a fake one, which streams, and ends the program there without
// warning.
func TestMastodon(t *testing.T) {
	t.Parallel()
	for name, live := range socialHours {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live(openSocial(t, newFakeMastodon(t), "question"))
		})
	}
}

// TestMastodonPicturesAfterAKill ends the program when a picture was handed over that no post
// has yet: the answer stands once, with it.
func TestMastodonPicturesAfterAKill(t *testing.T) {
	t.Parallel()
	fake := newFakeMastodon(t)
	s := openSocial(t, fake, "question")
	s.asked()
	s.illustrate(s.question(3, "When is the next round?"), "In spring.")
	held := s.gate.After("POST /api/v2/media")
	s.approve("Jānis Kalniņš", 3, "When is the next round?")
	s.kill(held)
	s.becomes(3, "When is the next round?", "published")
	if answer := s.once("In spring."); !slices.Equal(answer.alts, mapAlts) || fake.Uploads() != 2 {
		s.Errorf("with it stand %q, and %d pictures were handed over", answer.alts, fake.Uploads())
	}
}

// TestMastodonOnARealServer lives what snac2, which is polled, can of an hour, and ends the program when an
// answer was sent and before. snac deletes nothing by its API, so nothing is taken back; and
// it gives an edited post another id.
func TestMastodonOnARealServer(t *testing.T) {
	t.Parallel()
	s := openSocial(t, &realMastodon{Server: mastodontest.Start(t)}, "question")
	asked := s.asked()
	q := s.question(3, "When is the next round?")
	s.submit(q, "In spring.")
	held := s.gate.After(s.calls().posts)
	s.approve("Jānis Kalniņš", 3, "When is the next round?")
	s.kill(held)
	s.becomes(3, "When is the next round?", "published")
	if answer := s.once("In spring."); answer.under != asked {
		s.Errorf("the answer stands under %q", answer.under)
	}
	s.give("Edgars Ozols", q, "correct", map[string]any{"text": "In spring, in March."})
	s.approve("Anna Bērziņa", 3, "When is the next round?")
	if now := s.once("in March."); now.under != asked {
		s.Errorf("the correction stands under %q", now.under)
	}
	s.changesOfMind(1)
	s.close(map[string]bool{"The board does.": true, "in March.": true, "Is it warm": false, "leaking": false})
}
