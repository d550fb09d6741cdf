package view

import (
	"fmt"
	"slices"
	"testing"

	"experthour/internal/session"
)

func (k *kit) finds(r Reader, query string) []int {
	k.Helper()
	f, err := r.Find(k.Context(), query)
	k.must(err)
	var ns []int
	for _, q := range f.Questions {
		ns = append(ns, q.Ref.Number)
	}
	if f.Total != len(ns) {
		k.Errorf("%q: %d of %d", query, len(ns), f.Total)
	}
	return ns
}

// TestFind: over all states, by text, number and name, in letters with or without marks.
func TestFind(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.ask("Cik liels ir zemes nodoklis Jūrmalā?")                     // 1
	k.ask("Vai dzīvokļa nodokli var maksāt pa daļām?")                // 2, answered
	k.ask("How do I pay?")                                            // 3, declined
	_, _, err := k.svc.Ask(t.Context(), session.Asked{Session: "tax", // 4
		Key: "ž", Text: "When?", Name: "Žanete Šķēle", Origin: session.Origin{Connector: session.Page}})
	k.must(err)
	k.do(anna, session.AcceptQuestion{On: on(2), Wording: 1})
	k.do(janis, session.SubmitAnswer{On: on(2), Text: "Jā, četros maksājumos."})
	k.do(anna, session.DeclineQuestion{On: on(3), Reason: "rude"})
	r := k.reader("#", anna)
	for query, want := range map[string][]int{
		"nodokli": {2, 1}, "NODOKLIS zemes": {1}, "zemes nodoklis": {1}, "maksāt": {2}, "cetros": {2}, "pay": {3}, "skele": {4},
		"Jānis": {2}, "3": {3}, "#3": {3}, "Q3": {3}, "#9": nil, "nothing": nil, "": nil, "?!": nil, "nodokli pay": nil,
	} {
		if got := k.finds(r, query); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
	}
}

// TestFindFollowsWhatHappens: what came or changed since the last search is found as it is
// now, and what was withdrawn not at all.
func TestFindFollowsWhatHappens(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	r := k.reader("#", anna)
	if got := k.finds(r, "ferry"); got != nil {
		t.Errorf("an empty hour finds %v", got)
	}
	k.ask("When does the ferry go?")
	k.ask("When does the bus go?")
	if got := k.finds(r, "ferry"); !slices.Equal(got, []int{1}) {
		t.Errorf("a new one: %v", got)
	}
	k.do(session.Actor{Role: session.Asker}, session.RewordQuestion{On: on(2), Text: "When does the ferry sail?"})
	if got := k.finds(r, "ferry"); !slices.Equal(got, []int{2, 1}) {
		t.Errorf("reworded: %v", got)
	}
	k.do(session.Actor{Role: session.Asker}, session.WithdrawQuestion{On: on(1)})
	if got := k.finds(r, "ferry"); !slices.Equal(got, []int{2}) {
		t.Errorf("withdrawn: %v", got)
	}
	rows, err := r.rows(t.Context())
	k.must(err)
	for _, w := range rows {
		if w.number == 1 && w.asked != " " {
			t.Errorf("the index keeps %q", w.asked)
		}
	}
}

// TestFindIsBounded: a reader gets a page and the number of the rest.
func TestFindIsBounded(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	for i := range MostFound + 10 {
		k.ask(fmt.Sprintf("Tax number %d?", 1000+i))
	}
	r := k.reader("#", anna)
	f, err := r.Find(t.Context(), "tax")
	k.must(err)
	if len(f.Questions) != MostFound || f.Total != MostFound+10 || f.Questions[0].Ref.Number != MostFound+10 {
		t.Errorf("%d of %d, the first is %d", len(f.Questions), f.Total, f.Questions[0].Ref.Number)
	}
}
