package slack

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// called is the name of a member of a group who is not on the list. Names stand for
// people: who wrote an answer may not approve it. What somebody writes into their
// profile is no identity, so an account keeps the name that it was first seen with, for
// as long as there is a roster at least once in connector.MemoFor.
func (r *roll) called(ctx context.Context, u slack.User) (session.PersonName, error) {
	memory := r.s.opts.Memory
	kept, known, err := memory.Recall(ctx, memoryWho+u.ID)
	if err != nil {
		return "", err
	}
	name := nameOf(u)
	if known {
		name = string(kept)
	}
	if name, err = r.free(ctx, name, u.ID); err != nil {
		return "", err
	}
	// The claim comes first: a name that somebody has is never free, not even for a moment.
	if err := memory.Keep(ctx, whose(name), []byte(u.ID), connector.MemoFor); err != nil {
		return "", err
	}
	return session.PersonName(name), memory.Keep(ctx, memoryWho+u.ID, []byte(name), connector.MemoFor)
}

// free makes a name that nobody else has: nobody of the list, whether or not they have
// an account, nobody found before, and nobody who is remembered.
func (r *roll) free(ctx context.Context, name, id string) (string, error) {
	for {
		taken, err := r.has(ctx, name, id)
		if err != nil || !taken {
			return name, err
		}
		name += " (" + id + ")"
	}
}

// has reports whether anybody but that account has a name.
func (r *roll) has(ctx context.Context, name, id string) (bool, error) {
	same := func(p session.Person) bool {
		return strings.EqualFold(string(p.Name), name) && p.Accounts[r.s.opts.ID] != session.UserRef(id)
	}
	if slices.ContainsFunc(r.people, same) || slices.ContainsFunc(r.found, same) {
		return true, nil
	}
	owner, known, err := r.s.opts.Memory.Recall(ctx, whose(name))
	return known && string(owner) != id, err
}

func whose(name string) string {
	return memoryWhose + string(connector.TagOf(strings.ToLower(name)))
}

// nameOf is the full name, which colleagues know each other by.
func nameOf(u slack.User) string {
	return cmp.Or(oneLine(clean(u.Profile.RealName)), oneLine(clean(u.RealName)), oneLine(clean(u.Profile.DisplayName)), u.Name, u.ID)
}
