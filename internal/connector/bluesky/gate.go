package bluesky

import (
	"context"
	"maps"
	"slices"

	"experthour/internal/connector"
)

// gated are the posts whose replies are bounded.
const gated = "app.bsky.feed.threadgate"

// rule is who may reply to a post.
type rule struct {
	Type string `json:"$type"`
}

// gates are who may reply to announcements, by the words of the configuration. Nobody is no
// rule at all.
var gates = map[string][]rule{
	"followers": {{gated + "#followerRule"}},
	"followed":  {{gated + "#followingRule"}},
	"nobody":    {},
}

func gateNames() []string { return slices.Sorted(maps.Keys(gates)) }

// gate is what the platform keeps of it, under the key of its post.
type gate struct {
	Type    string `json:"$type"`
	Post    string `json:"post"`
	Allow   []rule `json:"allow"`
	Created string `json:"createdAt"`
}

// bounds reports whether a post gets a gate: one stands above a thread.
func (b *Bluesky) bounds(p connector.Post) bool {
	_, ok := gates[b.set.Replies]
	return ok && !isReply(p)
}

// bound says who may reply to a post that stands. What somebody else put there stays.
func (b *Bluesky) bound(ctx context.Context, me identity, key string, p connector.Post) error {
	if !b.bounds(p) {
		return nil
	}
	g := gate{Type: gated, Post: string(me.sent(key).Message), Allow: gates[b.set.Replies], Created: created(p)}
	err := b.put(ctx, me, gated, key, g, nil)
	if codeOf(err) == codeSwap {
		return nil
	}
	return err
}
