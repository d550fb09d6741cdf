package redisstore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/delivery/deliverytest"
	"experthour/internal/redisstore"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

// cluster starts two servers that share the slots.
func cluster(t *testing.T) string {
	t.Helper()
	a, b := own(t, "--cluster-enabled", "yes"), own(t, "--cluster-enabled", "yes")
	ca, cb := dial(t, a.address()), dial(t, b.address())
	check(t, ca.ClusterAddSlotsRange(t.Context(), 0, 8191).Err())
	check(t, cb.ClusterAddSlotsRange(t.Context(), 8192, 16383).Err())
	check(t, ca.ClusterMeet(t.Context(), "127.0.0.1", fmt.Sprint(b.port)).Err())
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for ready := 0; ready < 2; <-tick.C {
		ready = 0
		for _, c := range []redis.UniversalClient{ca, cb} {
			info, err := c.ClusterInfo(t.Context()).Result()
			check(t, err)
			if strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:2") {
				ready++
			}
		}
	}
	return a.address() + "," + strings.TrimPrefix(b.address(), "redis://")
}

// TestCluster runs all suites on a cluster: no script may touch a key of another slot.
func TestCluster(t *testing.T) {
	t.Parallel()
	address := cluster(t)
	open := func(t *testing.T) *redisstore.Store {
		return redisstore.New(patient(t, address), redisstore.Options{Prefix: prefix(t)})
	}
	t.Run("store", func(t *testing.T) { sessiontest.Run(t, func(t *testing.T) session.Store { return open(t) }) })
	t.Run("outbox", func(t *testing.T) { deliverytest.Run(t, func(t *testing.T) deliverytest.Store { return open(t) }) })
	t.Run("kept by connectors", func(t *testing.T) {
		everySuite(t, func(t *testing.T) replicas { return onAddress(t, address) })
	})
	t.Run("check", func(t *testing.T) {
		report, err := open(t).Check(t.Context())
		if err == nil || report[0].ID != "no_aof" {
			t.Errorf("check: %v, %v", report, err)
		}
	})
}
