package redisstore

import (
	"context"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"experthour/internal/session"
)

// Names of messages and accounts lead to people. They only serve to recognise, so refs has
// a keyed hash in their place, of Options.Names, with the hour in it: what is known
// of somebody in one hour tells nothing about another one.

// named is what refs has for a name in an hour: by the key in force first, then by those
// that are on their way out, then as earlier versions wrote it. "" has none.
func (s *Store) named(id session.ID, name string) []string {
	if name == "" {
		return nil
	}
	var all []string
	for _, mac := range s.opts.Names {
		all = append(all, "r:"+hex.EncodeToString(mac(string(id), name)[:16]))
	}
	return append(all, name)
}

// newest is the name under which refs is written; "" for none.
func (s *Store) newest(id session.ID, name string) string { return append(s.named(id, name), "")[0] }

// ref reads what refs has of a name, under each form of it that is there.
func (s *Store) ref(ctx context.Context, id session.ID, name string) ([]string, error) {
	names := s.named(id, name)
	if len(names) == 0 {
		return nil, nil
	}
	v, err := s.client.HMGet(ctx, s.keys.of(id).refs(), names...).Result()
	if err != nil {
		return nil, outcome(err)
	}
	var found []string
	for _, one := range v {
		if text := word(one); text != "" {
			found = append(found, text)
		}
	}
	return found, nil
}

// ByOriginal is session.Lookup's.
func (s *Store) ByOriginal(ctx context.Context, id session.ID, o session.Origin) (int, bool, error) {
	found, err := s.ref(ctx, id, originalRef(o))
	if err != nil || len(found) == 0 {
		return 0, false, err
	}
	return int(number(found[0])), true, nil
}

// ByAsker is session.Lookup's.
func (s *Store) ByAsker(ctx context.Context, id session.ID, c session.ConnectorID, u session.UserRef) ([]int, error) {
	found, err := s.ref(ctx, id, askerRef(c, u))
	all := numbersOf(strings.Fields(strings.Join(found, " ")))
	slices.Sort(all)
	return all[max(0, len(all)-session.MostAsked):], err
}

func numbersOf(texts []string) []int {
	ns := make([]int, 0, len(texts))
	for _, t := range texts {
		n, _ := strconv.Atoi(t) // the scripts wrote it
		ns = append(ns, n)
	}
	return ns
}

// originalRef names a public message in refs; "" when o has none.
func originalRef(o session.Origin) string {
	if o.Message == "" {
		return ""
	}
	return "msg:" + laneName(session.Lane{Connector: o.Connector, Place: o.Place}) + ":" + url.QueryEscape(string(o.Message))
}

// askerRef names an asker in refs; "" when nobody knows them.
func askerRef(c session.ConnectorID, u session.UserRef) string {
	if u == "" {
		return ""
	}
	return "asker:" + digest(string(c), string(u))
}
