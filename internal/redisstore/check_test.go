package redisstore_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"experthour/internal/redisstore"
	"experthour/internal/testenv"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	aof := []string{"--appendonly", "yes"}
	hide := []string{"--rename-command", "CONFIG", ""}
	for name, c := range map[string]struct {
		args   []string
		opts   redisstore.Options
		ids    []string
		unsafe bool
	}{
		"always":         {args: append(aof, "--appendfsync", "always"), ids: []string{"always"}},
		"everysec":       {args: append(aof, "--appendfsync", "everysec"), ids: []string{"everysec"}},
		"no fsync":       {args: append(aof, "--appendfsync", "no"), ids: []string{"no_fsync"}},
		"no file":        {ids: []string{"no_aof"}, unsafe: true},
		"no file, known": {opts: redisstore.Options{Durability: "none"}, ids: []string{"no_aof"}},
		"evicts":         {args: append(aof, "--maxmemory-policy", "allkeys-lru"), ids: []string{"evicts", "everysec"}, unsafe: true},
		"evicts some":    {args: append(aof, "--maxmemory-policy", "volatile-ttl"), ids: []string{"evicts", "everysec"}, unsafe: true},
		"nearly full":    {args: append(aof, "--maxmemory", "1200kb"), ids: []string{"everysec", "nearly_full"}},
		"hidden":         {args: append(aof, hide...), ids: []string{"could_not_look"}},
		"hidden, known": {args: append(aof, hide...), opts: redisstore.Options{Durability: "always"},
			ids: []string{"could_not_look", "always"}},
		"hidden, no file":   {args: hide, ids: []string{"no_aof"}, unsafe: true},
		"replicas":          {args: aof, opts: redisstore.Options{WaitReplicas: 1}, ids: []string{"everysec", "few_replicas"}},
		"password required": {args: []string{"--requirepass", "secret"}, ids: []string{"password"}, unsafe: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := ownLoose(t, c.args...)
			report, err := redisstore.New(dial(t, s.address()), c.opts).Check(t.Context())
			var ids []string
			for _, tell := range report {
				ids = append(ids, tell.ID)
			}
			if (err != nil) != c.unsafe {
				t.Errorf("error %v", err)
			}
			if c.unsafe && name != "password required" && !errors.Is(err, redisstore.ErrUnsafe) {
				t.Errorf("error %v", err)
			}
			slices.Sort(ids)
			slices.Sort(c.ids)
			if !slices.Equal(ids, c.ids) {
				t.Errorf("tells %v, want %v", ids, c.ids)
			}
		})
	}
}

// TestCheckReplicas: all replicas must be waited for, and be there.
func TestCheckReplicas(t *testing.T) {
	t.Parallel()
	primary := own(t, "--appendonly", "yes", "--appendfsync", "always")
	for range 2 {
		own(t, "--replicaof", "127.0.0.1", fmt.Sprint(primary.port))
	}
	c := dial(t, primary.address())
	testenv.Until(t, "both replicas follow", func() bool {
		info, _ := c.Info(t.Context(), "replication").Result()
		return strings.Contains(info, "connected_slaves:2")
	})
	for wait, want := range map[int]string{0: "more_replicas", 1: "more_replicas", 2: "", 3: "few_replicas"} {
		report, err := redisstore.New(c, redisstore.Options{WaitReplicas: wait}).Check(t.Context())
		check(t, err)
		said := slices.ContainsFunc(report, func(tell redisstore.Tell) bool { return tell.ID == want })
		if want != "" != said || len(report) != map[bool]int{false: 1, true: 2}[want != ""] {
			t.Errorf("%d waited for: %v", wait, report)
		}
	}
}

func TestCheckEmbedded(t *testing.T) {
	t.Parallel()
	report, err := embedded(t).Check(t.Context())
	if err != nil || len(report) != 1 || report[0].ID != "memory_only" {
		t.Errorf("%v, %v", report, err)
	}
}
