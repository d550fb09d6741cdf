package main

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// tried runs a trial at a platform and gives what was said.
func triedAt(t *testing.T, conn connector.Connector) (said string, err error) {
	t.Helper()
	tr := &trial{conn: conn, post: connector.Post{Key: "try:x:a1", Place: "square", Kind: session.KindAnnouncement,
		Language: session.English, Text: "A test.", Approved: time.Now()}}
	tr.say = func(format string, args ...any) { said += fmt.Sprintf(format, args...) + "\n" }
	err = tr.run(t.Context())
	return said, err
}

func trialLimits() connector.Limits {
	return connector.Limits{Longest: connector.AtMost(500, session.Characters), Announces: true}
}

// named checks that what stands is named.
func named(t *testing.T, conn interface {
	connector.Connector
	Posts() []ct.Post
}) {
	t.Helper()
	said, err := triedAt(t, conn)
	for _, p := range conn.Posts() {
		if !strings.Contains(said, string(p.ID)) && !strings.Contains(said, "BY HAND") {
			t.Errorf("%s stands there, and nobody is told where (%v):\n%s", p.ID, err, said)
		}
	}
}

// TestTryInDoubtWithoutALook: the platform did it, answers nothing, and has no search.
func TestTryInDoubtWithoutALook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ct.NewPlatform("there", trialLimits())
		p.On(ct.OpReply, ct.UnsureAfter())
		named(t, p)
	})
}

// TestTryHangs: the same by a hang of a platform that can be searched, but not for this minute.
func TestTryHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ct.NewReadable("there", trialLimits())
		p.On(ct.OpReply, ct.HangAfter())
		for range 70 {
			p.On(ct.OpFind, ct.Defer(time.Second))
		}
		named(t, p)
	})
}

// TestTryFoundAndStays: it was in doubt, found, and the take-back did nothing.
func TestTryFoundAndStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ct.NewReadable("there", trialLimits())
		p.On(ct.OpReply, ct.UnsureAfter())
		p.On(ct.OpRetract, ct.Ignore())
		named(t, p)
	})
}

// TestTryEditedAndLooked: the last look is for the text that stands there, also after an edit of unknown fate.
func TestTryEditedAndLooked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ct.NewReadable("there", trialLimits())
		p.On(ct.OpEdit, ct.UnsureAfter())
		p.On(ct.OpRetract, ct.Ignore())
		said, err := triedAt(t, p)
		if strings.Contains(said, "until it is gone: ok") {
			t.Errorf("it stands (%d posts) and is said to be gone (%v):\n%s", len(p.Posts()), err, said)
		}
	})
}
