package redisstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"experthour/internal/session"
)

// Level says how much a Tell matters.
type Level uint8

// The levels of a Tell.
const (
	Good Level = iota // as it should be
	Doubt
	Bad // the store must not be used like this
)

// Tell is one thing that Check found. Package wording makes a sentence of
// "store."+ID; Args are names and values in turn.
type Tell struct {
	Level Level
	ID    string
	Args  []any
}

// Report lists what Check found, the worst first.
type Report []Tell

// ErrNewer says that a later version of the program wrote what this one cannot read.
var ErrNewer = errors.New("a newer version of the bot wrote into this store")

// ErrUnsafe says that Redis is set up so that it would lose what was accepted. The
// Bad tells of the report say how.
var ErrUnsafe = errors.New("redis would lose what was accepted")

// Check finds out whether Redis accepts writes and what its settings could lose: a
// real write first, then what the server says about itself. It fails with ErrUnsafe
// for a setting that loses accepted questions, with ErrNewer, and with Unavailable (and a
// Bad tell) when a write was not accepted. Repeat it: settings and disks change.
func (s *Store) Check(ctx context.Context) (Report, error) {
	if _, err := s.run(ctx, probeScript, []string{s.keys.prefix + ":probe"}); err != nil {
		return Report{{Bad, refusedBy(err), []any{"cause", err.Error()}}}, err
	}
	if _, r, err := s.stored(ctx); err != nil {
		return r, err
	}
	if s.opts.Embedded {
		return Report{{Doubt, "memory_only", nil}}, nil
	}
	r, err := s.look(ctx)
	if err != nil {
		return r, err
	}
	if i := slices.IndexFunc(r, func(t Tell) bool { return t.Level == Bad }); i >= 0 {
		return r, fmt.Errorf("%s: %w", r[i].ID, ErrUnsafe)
	}
	return r, nil
}

// Claim says that a version of the program writes into this store from now on. An earlier
// one that could not read what it writes refuses to start then. Claim fails with
// ErrNewer where this version is that earlier one.
func (s *Store) Claim(ctx context.Context, version string) (Report, error) {
	schema, r, err := s.stored(ctx)
	if err != nil || schema == session.Schema {
		return r, err
	}
	return nil, outcome(s.client.HSet(ctx, s.keys.schema(), "newest", session.Schema, "by", version).Err())
}

// stored is the newest schema of what is stored, 0 where nobody said. A newer one than
// this version knows is ErrNewer.
func (s *Store) stored(ctx context.Context) (schema int, r Report, err error) {
	m, err := s.client.HGetAll(ctx, s.keys.schema()).Result()
	if err != nil {
		return 0, nil, outcome(err)
	}
	schema, _ = strconv.Atoi(m["newest"]) // "" is none
	if schema <= session.Schema {
		return schema, nil, nil
	}
	args := []any{"version", m["by"], "schema", schema, "known", session.Schema}
	return schema, Report{{Bad, "newer", args}}, fmt.Errorf("newer: %w", ErrNewer)
}

// refusedBy names the reason for which a write was not accepted.
func refusedBy(err error) string {
	ids := map[string]string{"READONLY": "readonly", "OOM": "full", "MISCONF": "disk", "NOREPLICAS": "no_replicas",
		"NOPERM": "not_permitted", "NOAUTH": "password", "WRONGPASS": "password", "LOADING": "loading"}
	cause := err
	for errors.Unwrap(cause) != nil {
		cause = errors.Unwrap(cause)
	}
	for prefix, id := range ids {
		if refusal(cause.Error(), prefix) {
			return id
		}
	}
	return "away"
}

// look asks every server that holds a part of the data.
func (s *Store) look(ctx context.Context) (Report, error) {
	var mu sync.Mutex
	var all Report
	err := s.eachMaster(ctx, func(ctx context.Context, c redis.Cmdable) error {
		tells, err := s.lookAt(ctx, c)
		mu.Lock()
		defer mu.Unlock()
		for _, t := range tells {
			if !slices.ContainsFunc(all, func(o Tell) bool { return o.ID == t.ID }) {
				all = append(all, t)
			}
		}
		return err
	})
	slices.SortStableFunc(all, func(a, b Tell) int { return int(b.Level) - int(a.Level) })
	return all, outcome(err)
}

func (s *Store) eachMaster(ctx context.Context, fn func(context.Context, redis.Cmdable) error) error {
	if c, ok := s.client.(*redis.ClusterClient); ok {
		return c.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error { return fn(ctx, c) })
	}
	return fn(ctx, s.client)
}

// facts are what a server says about itself; absent is "it would not say".
type facts map[string]string

func (s *Store) lookAt(ctx context.Context, c redis.Cmdable) (Report, error) {
	f := facts{}
	for _, section := range []string{"persistence", "memory", "replication"} {
		text, err := c.Info(ctx, section).Result()
		if hidden(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		f.read(text)
	}
	config, err := c.ConfigGet(ctx, "appendfsync").Result()
	if err != nil && !hidden(err) {
		return nil, err
	}
	if v, ok := config["appendfsync"]; ok {
		f["appendfsync"] = v
	}
	return slices.Concat(s.disk(f), memory(f), s.replicas(f)), nil
}

// hidden says that the server answered, and would not tell: the command is renamed
// or forbidden.
func hidden(err error) bool {
	_, server := errors.AsType[redis.Error](err)
	return server && (!away(err) || refusal(err.Error(), "NOPERM"))
}

func (f facts) read(info string) {
	for line := range strings.Lines(info) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			f[name] = value
		}
	}
}

// disk tells what a crash or a power cut loses. Where the server does not say, the
// operator's word counts.
func (s *Store) disk(f facts) Report {
	mode := f["appendfsync"]
	if f["aof_enabled"] == "0" {
		mode = "none"
	}
	var r Report
	if f["aof_enabled"] == "" || mode == "" {
		mode = s.opts.Durability
		r = append(r, Tell{Doubt, "could_not_look", []any{"at", "appendonly, appendfsync"}})
	}
	switch mode {
	case "always":
		return append(r, Tell{Good, "always", nil})
	case "everysec":
		return append(r, Tell{Doubt, "everysec", nil})
	case "no":
		return append(r, Tell{Doubt, "no_fsync", nil})
	case "none":
		if s.opts.Durability == "none" {
			return append(r, Tell{Doubt, "no_aof", nil})
		}
		return append(r, Tell{Bad, "no_aof", nil})
	}
	return r
}

// nearlyFull is the share of maxmemory, in per cent, from which Check warns.
const nearlyFull = 80

func memory(f facts) Report {
	policy := f["maxmemory_policy"]
	switch {
	case policy == "":
		return Report{{Doubt, "could_not_look", []any{"at", "maxmemory-policy"}}}
	case policy != "noeviction":
		return Report{{Bad, "evicts", []any{"policy", policy}}}
	}
	used, _ := strconv.ParseInt(f["used_memory"], 10, 64) // absent is 0
	limit, _ := strconv.ParseInt(f["maxmemory"], 10, 64)
	if limit > 0 && used*100 >= limit*nearlyFull {
		return Report{{Doubt, "nearly_full", []any{"percent", int(used * 100 / limit)}}}
	}
	return nil
}

func (s *Store) replicas(f facts) Report {
	if f["role"] == "slave" {
		return Report{{Bad, "readonly", nil}}
	}
	n, err := strconv.Atoi(f["connected_slaves"])
	switch {
	case err != nil:
		return nil
	case n < s.opts.WaitReplicas:
		return Report{{Doubt, "few_replicas", []any{"have", n, "want", s.opts.WaitReplicas}}}
	case n > s.opts.WaitReplicas: // the one that is not waited for may be the next primary
		return Report{{Doubt, "more_replicas", []any{"have", n, "want", s.opts.WaitReplicas}}}
	}
	return nil
}
