package main

import (
	"testing"

	"experthour/internal/connector/bluesky/blueskytest"
)

// TestBluesky lives an hour on a fake one.
func TestBluesky(t *testing.T) {
	t.Parallel()
	openSocial(t, newFakeSky(t), "question").hour()
}

// TestBlueskyOnARealServer does the same on the server and the view that Bluesky itself runs,
// and ends the program there without warning.
func TestBlueskyOnARealServer(t *testing.T) {
	t.Parallel()
	server := blueskytest.Start(t)
	for name, live := range socialHours {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live(openSocial(t, newRealSky(t, server, name), name))
		})
	}
}
