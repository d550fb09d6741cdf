package bluesky

import (
	"context"
	"net/url"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var (
	_ connector.Replier   = (*Bluesky)(nil)
	_ connector.Editor    = (*Bluesky)(nil)
	_ connector.Retractor = (*Bluesky)(nil)
	_ connector.Reader    = (*Bluesky)(nil)
	_ connector.Finder    = (*Bluesky)(nil)
	_ connector.Locator   = (*Bluesky)(nil)
)

// collection is where the posts of an account stand.
const collection = "app.bsky.feed.post"

// ref is a version of a post.
type ref struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

// above are the posts that a reply stands under.
type above struct {
	Root   ref `json:"root"`
	Parent ref `json:"parent"`
}

// record is a post as its author's server keeps it.
type record struct {
	Type    string    `json:"$type"`
	Text    string    `json:"text"`
	Created string    `json:"createdAt"`
	Langs   []string  `json:"langs,omitempty"`
	Facets  []Facet   `json:"facets,omitempty"`
	Reply   *above    `json:"reply,omitempty"`
	Embed   *embedded `json:"embed,omitempty"`
}

func created(p connector.Post) string { return p.Approved.UTC().Format("2006-01-02T15:04:05.000Z") }

// record is what a post becomes: the same for every attempt.
func (b *Bluesky) record(ctx context.Context, p connector.Post) (r record, err error) {
	r = record{Type: collection, Text: p.Text, Created: created(p)}
	if p.Language != "" {
		r.Langs = []string{string(p.Language)}
	}
	if b.set.Hashtag != "" || b.own != "" {
		r.Facets = Facets(p.Text, b.own, []string{b.set.Hashtag})
	}
	r.Embed, err = b.pictures(ctx, p)
	return r, err
}

func isReply(p connector.Post) bool { return strings.HasPrefix(string(p.Original.Message), "at://") }

// Reply puts the post. Where another version of it stands, an attempt before was here: the
// post above was edited in between, or the answer was.
func (b *Bluesky) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	me, err := b.who(ctx)
	if err != nil {
		return connector.Sent{}, err
	}
	r, err := b.record(ctx, p)
	if isReply(p) && err == nil {
		r.Reply, err = b.under(ctx, string(p.Original.Message))
	}
	if err != nil {
		return connector.Sent{}, err
	}
	key := RecordKey(p.Key, p.Approved)
	err = b.put(ctx, me, collection, key, r, nil)
	if codeOf(err) == codeSwap {
		_, err = b.read(ctx, me, collection, key)
	}
	if err == nil {
		err = b.bound(ctx, me, key, p)
	}
	if err != nil {
		return connector.Sent{}, err
	}
	return me.sent(key), nil
}

// under looks at the post to reply to: a reply to one that is gone is taken without a word.
func (b *Bluesky) under(ctx context.Context, uri string) (*above, error) {
	posts, err := b.posts(ctx, uri)
	if err != nil {
		return nil, err
	}
	p, ok := posts[uri]
	if !ok {
		return nil, refused("the post to reply to is not there any more")
	}
	parent := ref{p.URI, p.CID}
	if r := p.record().Reply; r != nil && r.Root.URI != "" {
		return &above{Root: r.Root, Parent: parent}, nil
	}
	return &above{Root: parent, Parent: parent}, nil
}

func refused(detail string) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail}
}

// put writes a record. was is the version in whose place it is to stand; nil is none.
func (b *Bluesky) put(ctx context.Context, me identity, of, key string, r any, was *string) error {
	body := struct {
		Repo       string  `json:"repo"`
		Collection string  `json:"collection"`
		Key        string  `json:"rkey"`
		Record     any     `json:"record"`
		Swap       *string `json:"swapRecord"`
	}{me.DID, of, key, r, was}
	var stands ref // without one nobody knows
	return b.post(ctx, "com.atproto.repo.putRecord", body, &stands)
}

// sent is where a record of the account stands. People read it in the platform's own app,
// whichever server has it.
func (i identity) sent(key string) connector.Sent {
	return connector.Sent{Message: session.MessageID("at://" + i.DID + "/" + collection + "/" + key), URL: address(i.DID, key)}
}

func address(did, key string) string { return "https://bsky.app/profile/" + did + "/post/" + key }

// stored is a record with its version.
type stored struct {
	CID   string `json:"cid"`
	Value record `json:"value"`
}

func (b *Bluesky) read(ctx context.Context, me identity, of, key string) (s stored, err error) {
	err = b.get(ctx, "com.atproto.repo.getRecord", url.Values{"repo": {me.DID}, "collection": {of}, "rkey": {key}}, &s)
	return s, err
}

// Edit puts another text in the place of a post. Where it stands and when it was written
// stay as they are, and so do its likes.
func (b *Bluesky) Edit(ctx context.Context, at session.MessageID, p connector.Post) (connector.Sent, error) {
	me, key, err := b.mine(ctx, at)
	if err != nil {
		return connector.Sent{}, err
	}
	old, err := b.read(ctx, me, collection, key)
	if codeOf(err) == codeNoRecord {
		return connector.Sent{}, refused("the post is not there any more")
	}
	if err != nil {
		return connector.Sent{}, err
	}
	r, err := b.record(ctx, p)
	if err != nil {
		return connector.Sent{}, err
	}
	r.Created, r.Reply = old.Value.Created, old.Value.Reply
	return me.sent(key), b.put(ctx, me, collection, key, r, &old.CID)
}

// Retract deletes a post, and who may reply to it. The platform says the same of one that is
// not there.
func (b *Bluesky) Retract(ctx context.Context, at session.MessageID, p connector.Post) error {
	me, key, err := b.mine(ctx, at)
	if err != nil {
		return err
	}
	of := []string{collection}
	if b.bounds(p) {
		of = append(of, gated)
	}
	for _, c := range of {
		if err := b.post(ctx, "com.atproto.repo.deleteRecord", map[string]string{"repo": me.DID, "collection": c, "rkey": key}, nil); err != nil {
			return err
		}
	}
	return nil
}

// Stands looks at the account's own server, which knows at once.
func (b *Bluesky) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	me, key, err := b.mine(ctx, at)
	if err != nil {
		return false, err
	}
	_, err = b.read(ctx, me, collection, key)
	if codeOf(err) == codeNoRecord {
		return false, nil
	}
	return err == nil, err
}

// Find looks where the post would stand. One without the gate that it should have is not
// there yet: putting it again changes nothing, and brings the gate.
func (b *Bluesky) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	me, err := b.who(ctx)
	if err != nil {
		return connector.Sent{}, false, err
	}
	key, of := RecordKey(p.Key, p.Approved), collection
	if b.bounds(p) {
		of = gated
	}
	_, err = b.read(ctx, me, of, key)
	if codeOf(err) == codeNoRecord {
		return connector.Sent{}, false, nil
	}
	if err != nil {
		return connector.Sent{}, false, err
	}
	return me.sent(key), true, nil
}

// mine is the key of a record of the account.
func (b *Bluesky) mine(ctx context.Context, at session.MessageID) (me identity, key string, err error) {
	if ctx.Err() != nil {
		return identity{}, "", &connector.SendError{Outcome: connector.Deferred, Cause: ctx.Err()}
	}
	if me, err = b.who(ctx); err != nil {
		return identity{}, "", err
	}
	owner, key, ok := parse(string(at))
	if !ok || owner != me.DID && !strings.EqualFold(owner, b.handle) {
		return identity{}, "", refused("that is no post of this account")
	}
	return me, key, nil
}

// parse takes the address of a post apart.
func parse(uri string) (owner, key string, ok bool) {
	rest, ok := strings.CutPrefix(uri, "at://")
	parts := strings.Split(rest, "/")
	if !ok || len(parts) != 3 || parts[0] == "" || parts[1] != collection || parts[2] == "" {
		return "", "", false
	}
	return parts[0], parts[2], true
}

// Locate reads https://bsky.app/profile/HANDLE/post/KEY.
func (b *Bluesky) Locate(_ session.PlaceID, address string) (session.MessageID, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() != "bsky.app" {
		return "", false
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) != 4 || parts[0] != "profile" || parts[2] != "post" || !isKey(parts[3]) {
		return "", false
	}
	me := b.me.Load()
	switch {
	case me != nil && (parts[1] == me.DID || strings.EqualFold(parts[1], b.handle)):
		return me.sent(parts[3]).Message, true
	case strings.EqualFold(parts[1], b.handle):
		return session.MessageID("at://" + b.handle + "/" + collection + "/" + parts[3]), true
	}
	return "", false
}

func isKey(key string) bool { return len(key) == keyLength && strings.Trim(key, keyLetters) == "" }
