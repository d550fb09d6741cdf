package session

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// recorded is a record of two questions, as the store would hold it.
func recorded(t *testing.T) Record {
	t.Helper()
	r := Record{Session: Session{ID: "s"}, Heads: map[int]Head{}, Payloads: map[string]Sealed{}, Erased: map[int]int64{},
		Documents: map[int]Document{1: {Fields: Fields{}}, 2: {Fields: Fields{}}}}
	for v := int64(1); v <= 3; v++ {
		for n := 1; n <= 2; n++ {
			sealed, commitment, err := Payload{By: "Anna", Command: v}.Commit()
			if err != nil {
				t.Fatal(err)
			}
			verb := Accept
			if n == 1 && v == 3 {
				verb = Withdraw
			}
			e := Entry{Number: n, Version: v, Verb: verb, Role: Moderator, At: noon.Add(time.Duration(v) * time.Second),
				Prev: r.Heads[n].Hash, Commitment: commitment}
			r.Entries = append(r.Entries, e)
			r.Heads[n] = Head{v, e.Hash()}
			r.Payloads[PayloadKey(n, v)] = sealed
		}
	}
	return r
}

func TestVerify(t *testing.T) {
	t.Parallel()
	sealOf := func(r *Record) {
		r.Session.State = Archived
		r.Session.Seals = []Seal{r.Session.seal(Context{At: noon, Head: SealHeads(r.Heads)})}
		r.Session.Version++
	}
	sealedBefore := func(r *Record) { // by a version of the program that did not seal the session itself
		sealOf(r)
		s := &r.Session.Seals[0]
		s.Version = 0
		s.Hash = hashOf("eh-seal-1", "s", fmt.Sprint(noon.UnixMilli()), string(s.Heads), "")
	}
	for name, c := range map[string]struct {
		damage func(r *Record)
		want   Defect
	}{
		"nothing":             {func(*Record) {}, ""},
		"erased on purpose":   {func(r *Record) { delete(r.Payloads, "1:1"); delete(r.Payloads, "1:2"); r.Erased[1] = 2 }, ""},
		"marked as erased":    {func(r *Record) { delete(r.Payloads, "2:1"); r.Erased[2] = 1 }, PayloadMissing},
		"sealed":              {sealOf, ""},
		"sealed long ago":     {sealedBefore, ""},
		"told after the seal": {func(r *Record) { sealOf(r); r.Session.Version++ }, SealDiffers},
		"a changed entry":     {func(r *Record) { r.Entries[2].Verb = Decline }, ChainBroken},
		"a changed time":      {func(r *Record) { r.Entries[0].At = noon }, ChainBroken},
		"a removed entry":     {func(r *Record) { r.Entries = slices.Delete(r.Entries, 2, 3) }, ChainBroken},
		"two swapped entries": {func(r *Record) { r.Entries[0], r.Entries[2] = r.Entries[2], r.Entries[0] }, ChainBroken},
		"swapped questions":   {func(r *Record) { r.Entries[0].Number, r.Entries[1].Number = 2, 1 }, ChainBroken},
		"the end cut off":     {func(r *Record) { r.Entries = r.Entries[:4] }, HeadDiffers},
		"a whole chain removed": {func(r *Record) { r.Entries = slices.DeleteFunc(r.Entries, func(e Entry) bool { return e.Number == 2 }) },
			HeadDiffers},
		"a head removed":   {func(r *Record) { delete(r.Heads, 2) }, HeadDiffers},
		"changed contents": {func(r *Record) { r.Payloads["1:2"] = Sealed{"x", "y"} }, PayloadDiffers},
		"removed contents": {func(r *Record) { delete(r.Payloads, "1:2") }, PayloadMissing},
		"a seal taken out, and sealed anew": {func(r *Record) {
			r.Entries = append(r.Entries, Entry{Version: 1, Verb: Archive}, Entry{Version: 2, Verb: Archive})
			sealOf(r)
		}, SealDiffers},
		"rewritten after the seal": {func(r *Record) {
			sealOf(r)
			r.Entries[5].Verb = Decline
			r.Heads[2] = Head{3, r.Entries[5].Hash()}
		}, SealDiffers},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := recorded(t)
			c.damage(&r)
			found := Verify(r, nil)
			if c.want == "" && len(found) > 0 || c.want != "" && !slices.ContainsFunc(found, func(f Finding) bool { return f.What == c.want }) {
				t.Errorf("found %+v, want %q", found, c.want)
			}
		})
	}
}
