package chaos

import (
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"experthour/internal/testenv"
)

// root is the folder of the module.
func root(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestFaultsFit: what is planted is found where it is to stand, once. Whoever changes such a
// line changes it here, too.
func TestFaultsFit(t *testing.T) {
	t.Parallel()
	for _, f := range append(slices.Clone(Faults), Fault{Name: "short leases", edits: brief}) {
		if _, err := overlaid(root(t), t.TempDir(), f.edits, switches(root(t))); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

// TestDeck: a seed gives the same breakages in the same order, and all kinds of them.
func TestDeck(t *testing.T) {
	t.Parallel()
	deal := func(seed uint64) []string { return deck(rand.New(rand.NewPCG(seed, 0)), 20) }
	if one, again := deal(1), deal(1); !slices.Equal(one, again) || slices.Equal(one, deal(2)) {
		t.Errorf("%v and %v", one, again)
	}
	for _, what := range []string{kill, aim, freeze, crash, switchOver, trouble, platform} {
		if !slices.Contains(deal(1), what) {
			t.Errorf("nothing of the kind %q", what)
		}
	}
}

// byTheClock are the invariants that hold only as far as the machine is quick: on a busy one
// more deaths fall between an intent and its post, and requests arrive closer together than
// they were made. Long runs on a quiet machine judge them.
var byTheClock = []Invariant{Parked, Paced}

// TestShortRun breaks things for a minute with a seed that stays and with one of its own,
// which is printed. Long runs are made by hand: go run ./internal/chaos/cmd/chaos.
func TestShortRun(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a minute or two")
	}
	t.Parallel()
	testenv.Need(t, "redis-server")
	bot, err := Build(t.Context(), root(t), t.TempDir(), true, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, seed := range []uint64{1, rand.Uint64N(1e6)} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r, err := Run(t.Context(), Options{Bot: bot, Dir: t.TempDir(), Kills: 15, Replicas: 3, Redis: "single", Seed: seed,
				Frozen: 8 * time.Second, Log: io.Discard})
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			t.Log("\n" + r.Table())
			for _, v := range r.Found {
				if slices.Contains(byTheClock, v.Invariant) {
					t.Logf("seed %d: %s: %s", seed, v.Invariant, v.What)
					continue
				}
				t.Errorf("seed %d: %s: %s", seed, v.Invariant, v.What)
			}
		})
	}
}
