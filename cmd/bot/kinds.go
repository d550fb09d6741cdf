package main

import (
	"experthour/internal/connector"
	"experthour/internal/connector/bluesky"
	"experthour/internal/connector/draugiem"
	"experthour/internal/connector/facebook"
	"experthour/internal/connector/flickr"
	"experthour/internal/connector/instagram"
	"experthour/internal/connector/mail"
	"experthour/internal/connector/mastodon"
	"experthour/internal/connector/sandbox"
	"experthour/internal/connector/slack"
	"experthour/internal/connector/telegram"
	"experthour/internal/connector/threads"
	"experthour/internal/connector/wordpress"
	"experthour/internal/connector/x"
	"experthour/internal/connector/youtube"
	"experthour/internal/wording"
)

// kinds are the platforms of this program. A new one is a line here.
var kinds = connector.Kinds{
	slack.Kind,
	telegram.Kind,
	mail.Kind,
	mastodon.Kind,
	bluesky.Kind,
	wordpress.Kind,
	flickr.Kind,
	youtube.Kind,
	threads.Kind,
	draugiem.Kind,
	x.Kind,
	facebook.Kind,
	instagram.Kind,
	sandbox.Kind,
}

func init() {
	for _, k := range kinds {
		if k.Words != nil {
			wording.Add(k.Words)
		}
	}
}
