package chaos

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Report is what a run came to.
type Report struct {
	Options   Options
	Took      time.Duration
	Did       map[string]int // what was broken how often
	Questions int            // asked
	Presses   int            // of staff that were acknowledged
	Posts     int            // that the platform has
	Struck    int            // requests whose answer the platform got wrong
	Open      int            // those of them after which nobody can know whether a post arrived
	Parked    int            // times that a person was asked about a copy
	Found     []Violation
}

func (w *world) report(took time.Duration) Report {
	for _, r := range w.fleet.all {
		for _, how := range r.ends {
			w.seen.broken(Alive, "%s", how)
		}
	}
	if n := w.tg.Limited(); n > 0 {
		w.seen.broken(Paced, "the platform said %d times that it is too much", n)
	}
	r := Report{Options: w.o, Took: took, Did: w.did, Questions: w.seen.questions, Presses: w.seen.presses,
		Posts: len(w.tg.Ledger("sendMessage")), Parked: len(w.seen.parked)}
	if w.o.Redis == "single" { // it has nobody who takes over
		w.did[crash], w.did[switchOver] = w.did[crash]+w.did[switchOver], 0
	}
	r.Struck, r.Open = w.struck()
	hits := int(w.wire.hits.Load())
	r.Did[kill], r.Did[aim] = w.kills(), hits
	if most := r.Open + hits + (w.did[kill]-hits+w.did[crash]+w.did[freeze]+w.did[switchOver]+w.did[trouble]+19)/20; r.Parked > most {
		w.seen.broken(Parked, "%d copies waited for a person, and at most %d may", r.Parked, most)
	}
	r.Found = w.seen.found
	return r
}

// Caught lists the invariants that did not hold.
func (r Report) Caught() []Invariant {
	var is []Invariant
	for _, i := range Invariants {
		if slices.ContainsFunc(r.Found, func(v Violation) bool { return v.Invariant == i }) {
			is = append(is, i)
		}
	}
	return is
}

// Table is the report as it stands in docs/reliability.md.
func (r Report) Table() string {
	var b strings.Builder
	row := func(what string, n any) { fmt.Fprintf(&b, "| %s | %v |\n", what, n) }
	row(fmt.Sprintf("redis %s, %d replicas, seed %d", r.Options.Redis, r.Options.Replicas, r.Options.Seed), "")
	b.WriteString("|---|---:|\n")
	for _, what := range []string{kill, aim, freeze, crash, switchOver, trouble} {
		if what == switchOver && r.Options.Redis == "single" {
			continue // it is a crash there, and counted as one
		}
		row(what, r.Did[what])
	}
	row("answers of the platform lost, cut, 500 or 429", r.Struck)
	row("questions asked", r.Questions)
	row("presses of staff acknowledged", r.Presses)
	row("posts at the platform", r.Posts)
	for _, i := range Invariants {
		row(string(i), r.verdict(i))
	}
	row("copies that a person was asked about", r.Parked)
	row("posts whose fate was made unknowable", r.Open+r.Did[aim])
	row("took", r.Took.Round(time.Second))
	return b.String()
}

func (r Report) verdict(i Invariant) string {
	n := 0
	for _, v := range r.Found {
		if v.Invariant == i {
			n++
		}
	}
	if n == 0 {
		return "yes"
	}
	return fmt.Sprintf("**%d times not**", n)
}
