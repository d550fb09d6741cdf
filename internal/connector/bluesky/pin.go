package bluesky

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Pinner = (*Bluesky)(nil)

// profiles is where an account says who it is, and which one of its posts is pinned, under the key only
// (https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/actor/profile.json).
const profiles, only, pinKey = "app.bsky.actor.profile", "self", "pinnedPost"

// profile is the record with all that is in it, and its version; nil is that there is none.
type profile struct {
	CID   *string
	Value map[string]json.RawMessage
}

// pins is what the program knows of them: which ones were its own lately, and what a person had pinned before.
type pins struct {
	Own    []string
	Before ref
}

// mostOwn is how many announcements may follow each other before the first one is let go.
const mostOwn = 20

// Pin pins a post in the place of what is pinned, and puts that back when it lets the post go. Whatever a person
// pinned meanwhile stays.
func (b *Bluesky) Pin(ctx context.Context, at session.MessageID, pinned bool) error {
	me, key, err := b.mine(ctx, at)
	if err != nil {
		return err
	}
	p, err := b.profile(ctx, me)
	if err != nil {
		return err
	}
	is, uri := p.pinned(), string(me.sent(key).Message)
	if (is.URI == uri) == pinned {
		return nil
	}
	wanted := ref{}
	if pinned {
		wanted, err = b.pinnable(ctx, me, key, is)
	} else {
		wanted, err = b.before(ctx, me)
	}
	if err != nil {
		return err
	}
	if delete(p.Value, pinKey); wanted != (ref{}) {
		if p.Value[pinKey], err = json.Marshal(wanted); err != nil {
			return err
		}
	}
	return b.put(ctx, me, profiles, only, p.Value, p.CID)
}

// profile reads it; an account that never said anything of itself has none.
func (b *Bluesky) profile(ctx context.Context, me identity) (p profile, err error) {
	q := url.Values{"repo": {me.DID}, "collection": {profiles}, "rkey": {only}}
	switch err = b.get(ctx, "com.atproto.repo.getRecord", q, &p); {
	case codeOf(err) == codeNoRecord:
		return profile{Value: map[string]json.RawMessage{"$type": json.RawMessage(`"` + profiles + `"`)}}, nil
	case err == nil && (p.CID == nil || p.Value == nil):
		err = &connector.SendError{Outcome: connector.Deferred, Wait: pinWait, Detail: "the profile cannot be read"}
	}
	return p, err
}

func (p profile) pinned() (r ref) {
	_ = json.Unmarshal(p.Value[pinKey], &r) // what cannot be read is nothing that could be put back
	return r
}

// pinnable is the version of a post that is to be pinned. What stands in its place is kept before.
func (b *Bluesky) pinnable(ctx context.Context, me identity, key string, is ref) (ref, error) {
	post, err := b.read(ctx, me, collection, key)
	switch {
	case codeOf(err) == codeNoRecord:
		return ref{}, refused("the post to pin is not there any more")
	case err != nil:
		return ref{}, err
	}
	r := ref{string(me.sent(key).Message), post.CID}
	return r, b.keep(ctx, is, r)
}

// before is what a person had pinned, if that is still there.
func (b *Bluesky) before(ctx context.Context, me identity) (ref, error) {
	known, _, err := b.known(ctx)
	r := known.Before
	if owner, key, ok := parse(r.URI); err == nil && ok && owner == me.DID {
		_, err = b.read(ctx, me, collection, key)
	}
	if codeOf(err) == codeNoRecord {
		return ref{}, nil
	}
	return r, err
}

// pinWait is until it is tried again to read or keep what is pinned.
const pinWait = 5 * time.Second

// known is what is known of pins. It is kept for longer than a Memory does: an hour is announced weeks before.
func (b *Bluesky) known(ctx context.Context) (p pins, version int64, err error) {
	raw, version, err := b.pinned.Load(ctx)
	if err != nil {
		return p, 0, unkept(err)
	}
	_ = json.Unmarshal(raw, &p)
	return p, version, nil
}

// keep notes that a post of the program's takes the place of what is pinned.
func (b *Bluesky) keep(ctx context.Context, is, next ref) error {
	p, version, err := b.known(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(p.Own, is.URI) {
		p.Before = is
	}
	p.Own = append(slices.DeleteFunc(p.Own, func(u string) bool { return u == next.URI }), next.URI)
	p.Own = p.Own[max(0, len(p.Own)-mostOwn):]
	now, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if done, err := b.pinned.Swap(ctx, version, now); err != nil || !done {
		return unkept(err)
	}
	return nil
}

func unkept(cause error) error {
	return &connector.SendError{Outcome: connector.Deferred, Wait: pinWait, Detail: "what was pinned before is not kept", Cause: cause}
}
