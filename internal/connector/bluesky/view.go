package bluesky

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"experthour/internal/session"
)

// view is a post as the platform shows it, in a list of any kind.
type view struct {
	URI    string          `json:"uri"`
	CID    string          `json:"cid"`
	Author author          `json:"author"`
	Raw    json.RawMessage `json:"record"`
	Embed  json.RawMessage `json:"embed"` // what came with it, where the platform shows that
	Likes  int             `json:"likeCount"`
	At     time.Time       `json:"indexedAt"`
	Reason string          `json:"reason"` // of a notification
}

type author struct {
	DID string `json:"did"`
}

// record is what its author wrote, as far as it can be read: their server lets them put
// anything into it.
func (v view) record() (r record) {
	_ = json.Unmarshal(v.Raw, &r)
	return r
}

// mentions reports whether somebody is addressed in it, by the marks over its text.
func (v view) mentions(did string) bool {
	marks := struct {
		Facets []struct {
			Features []struct {
				Type string `json:"$type"`
				DID  string `json:"did"`
			} `json:"features"`
		} `json:"facets"`
	}{}
	_ = json.Unmarshal(v.Raw, &marks)
	for _, f := range marks.Facets {
		for _, feature := range f.Features {
			if feature.Type == "app.bsky.richtext.facet#mention" && feature.DID == did {
				return true
			}
		}
	}
	return v.Reason == triggerMention
}

// views reads a list, and leaves out what is no post: one that cannot be read must not
// keep the others away.
func views(raw []json.RawMessage) (all []view) {
	for _, one := range raw {
		var v view
		if _, _, ok := parse(uriOf(one)); ok && json.Unmarshal(one, &v) == nil && v.Author.DID != "" {
			all = append(all, v)
		}
	}
	return all
}

func uriOf(raw []byte) string {
	var v struct {
		URI string `json:"uri"`
	}
	_ = json.Unmarshal(raw, &v)
	return v.URI
}

// mostPosts is how many posts can be asked for at once.
const mostPosts = 25

// posts are those of some addresses that the platform shows.
func (b *Bluesky) posts(ctx context.Context, uris ...string) (map[string]view, error) {
	all := map[string]view{}
	for some := range slices.Chunk(uris, mostPosts) {
		var said struct {
			Posts []json.RawMessage `json:"posts"`
		}
		if err := b.get(ctx, "app.bsky.feed.getPosts", url.Values{"uris": some}, &said); err != nil {
			return nil, err
		}
		for _, v := range views(said.Posts) {
			all[v.URI] = v
		}
	}
	return all, nil
}

// gone reports whether the platform says of a post that there is none. That a list lacks
// it may have other reasons.
func (b *Bluesky) gone(ctx context.Context, uri session.MessageID) (bool, error) {
	var said struct {
		Thread struct {
			Type string `json:"$type"`
		} `json:"thread"`
	}
	q := url.Values{"uri": {string(uri)}, "depth": {"0"}, "parentHeight": {"0"}}
	err := b.get(ctx, "app.bsky.feed.getPostThread", q, &said)
	if codeOf(err) == codeNotFound {
		return true, nil
	}
	return said.Thread.Type == "app.bsky.feed.defs#notFoundPost", err
}
