package session

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Record is everything that Verify needs, as the store holds it.
type Record struct {
	Session Session
	Entries []Entry // in the order of the log
	Heads   map[int]Head
	// Payloads by PayloadKey. Contents that were erased on purpose are absent; the
	// last version from which a question's were erased is in Erased.
	Payloads map[string]Sealed
	Erased   map[int]int64
	// Documents of all questions, and of the session under 0; none where it is missing.
	Documents map[int]Document
	Votes     map[int]int
}

// Document is what is stored and shown of a question or a session.
type Document struct {
	Fields Fields // nil where it cannot be read
	State  State  // that it says it has, and the one by which lists find it
	Listed State
	Moving bool // it was changed while the record was read, so it is not compared
}

// PayloadKey names the payload of question n at version v.
func PayloadKey(n int, v int64) string { return fmt.Sprintf("%d:%d", n, v) }

// Unsigned counts the entries without a signature: those of versions of the program that
// signed none, or of a record from which somebody took all signatures.
func (r Record) Unsigned() int {
	n := 0
	for _, e := range r.Entries {
		if e.Sign == "" {
			n++
		}
	}
	return n
}

// Finding is one thing that is wrong with a record or with what it is about.
type Finding struct {
	Number  int   // of the question; 0 is the session
	Version int64 // of the entry at which it shows
	What    Defect
	Field   string // of a document, as in Fields; empty where it is not known which
	// Right is when it was last known to be right; zero where it never was.
	Right time.Time
	As    int64 // the earlier version of which the field stands there again; 0 is none
}

// Defect is a kind of damage to a record or to what it is about.
type Defect string

// The defects that Verify tells apart.
const (
	ChainBroken     Defect = "chain"     // an entry was changed, removed, added or swapped
	HeadDiffers     Defect = "head"      // the end was cut off, or the document has another version
	PayloadDiffers  Defect = "payload"   // the contents are not those that were committed to
	PayloadMissing  Defect = "missing"   // contents are gone that nobody erased
	SealDiffers     Defect = "seal"      // a seal was changed, or the record after it
	Forged          Defect = "signature" // not signed with a key of this program, or not any more
	DocumentDiffers Defect = "document"  // it is not what the last command wrote
	DocumentDamaged Defect = "damaged"   // it is gone or cannot be read
	VotesDiffer     Defect = "votes"     // not those that were sealed
	ListDiffers     Defect = "list"      // lists find the question by another state than it has
)

// Verify checks the whole record of a session against itself, against the keys, and against
// what is stored and shown, and lists everything that is wrong, sorted by question and version.
// An empty list means that nothing was changed since it was written. Without keys no signature
// is checked.
func Verify(r Record, keys Signer) []Finding {
	v := verifier{Record: r, keys: keys, chains: map[int]*chain{}}
	for _, e := range r.Entries {
		v.entry(e)
	}
	v.heads()
	v.seals()
	for _, n := range slices.Sorted(maps.Keys(r.Heads)) {
		v.document(n)
	}
	v.votes()
	slices.SortStableFunc(v.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Version, b.Version))
	})
	return v.found
}

// A verifier reads a record once, from its beginning to its end.
type verifier struct {
	Record
	keys   Signer
	signed bool // an entry was signed: from then on all are
	chains map[int]*chain
	sealed map[int]int // as sealed; nil where they were not
	found  []Finding
}

// A chain is the record of one question, or of the session, up to an entry.
type chain struct {
	Head
	at     time.Time // of the last entry that is as it was written,
	before time.Time // and of the one before the entry that is being read
	fields Fields    // of the document after it; nil where it is not said
	begun  bool      // all fields are known, not only those that were written lately
	seen   map[string]int64
	astray *Finding // since when the document was not what the command before had written
	named  bool     // a field is known that was changed
}

func (v *verifier) finds(f Finding) { v.found = append(v.found, f) }

func (v *verifier) chain(n int) *chain {
	c, ok := v.chains[n]
	if !ok {
		c = &chain{seen: map[string]int64{}}
		v.chains[n] = c
	}
	return c
}

func (v *verifier) entry(e Entry) {
	c, before := v.chain(e.Number), len(v.found)
	f := Finding{Number: e.Number, Version: e.Version, Right: c.at}
	c.before = c.at
	if e.Prev != c.Hash || e.Version != c.Version+1 {
		f.What = ChainBroken
		v.finds(f)
		c.fields, c.begun = nil, false // nothing is compared across a gap
	}
	if v.keys != nil && (e.Sign != "" || v.signed) && !e.signedBy(v.keys, v.Session.ID) {
		f.What = Forged
		v.finds(f)
	}
	if len(v.found) == before {
		c.at = e.At
	}
	v.signed = v.signed || e.Sign != ""
	v.payload(c, e)
	c.Head = Head{e.Version, e.Hash()}
}

// payload checks what an entry commits to, and replays what it says.
func (v *verifier) payload(c *chain, e Entry) {
	text, ok := v.Payloads[PayloadKey(e.Number, e.Version)]
	var p struct {
		Doc   *Written
		Votes map[int]int
	}
	switch {
	case !ok && e.Version <= v.Erased[e.Number] && v.withdrawn(e.Number):
	case !ok:
		v.finds(Finding{Number: e.Number, Version: e.Version, What: PayloadMissing, Right: c.at})
	case text.Commitment() != e.Commitment:
		v.finds(Finding{Number: e.Number, Version: e.Version, What: PayloadDiffers, Right: c.at})
	default:
		_ = json.Unmarshal([]byte(text.Payload), &p) // it is what was committed to, so what it lacks was never there
	}
	v.replay(c, e, p.Doc)
	if e.Number == 0 && e.Verb == Archive && p.Doc != nil {
		v.sealed = p.Votes
		if v.sealed == nil {
			v.sealed = map[int]int{}
		}
	}
}

// withdrawn reports whether the record itself says why the contents before it are
// gone: without that, marking them as erased would hide what was removed.
func (r Record) withdrawn(n int) bool {
	return slices.ContainsFunc(r.Entries, func(e Entry) bool {
		return e.Number == n && e.Version == r.Erased[n]+1 && erases(e.Verb)
	})
}

// replay takes the document on to what an entry wrote. A command that read something else
// than the one before had written finds what was changed in between.
func (v *verifier) replay(c *chain, e Entry, w *Written) {
	switch {
	case w == nil:
		c.fields, c.begun = nil, false
		return
	case w.Was == "":
		c.fields, c.begun = Fields{}, true
	case c.fields == nil:
		c.fields = Fields{}
	case w.Was != c.fields[Whole] && c.astray == nil:
		c.astray = &Finding{Number: e.Number, Version: e.Version, What: DocumentDiffers, Right: c.before}
	}
	for _, name := range slices.Sorted(maps.Keys(w.Fields)) {
		d := w.Fields[name]
		if c.begun && w.Was != "" && c.fields[name] != d[0] {
			c.named = true
			v.finds(Finding{Number: e.Number, Version: e.Version, What: DocumentDiffers, Field: name,
				Right: c.before, As: c.seen[name+" "+string(d[0])]})
		}
		c.write(name, d[1], e.Version)
	}
	c.fields[Whole] = w.Is
}

func (c *chain) write(name string, d Digest128, version int64) {
	if d == "" {
		delete(c.fields, name)
		return
	}
	c.fields[name] = d
	c.seen[name+" "+string(d)] = version
}

func (v *verifier) heads() {
	all := maps.Clone(v.Heads)
	for n, c := range v.chains {
		if _, ok := all[n]; !ok {
			v.finds(Finding{Number: n, Version: c.Version, What: HeadDiffers, Right: c.at})
		}
	}
	for n, h := range all {
		if c := v.chain(n); c.Head != h {
			v.finds(Finding{Number: n, Version: h.Version, What: HeadDiffers, Right: c.at})
		}
	}
}

// document compares what is stored with what the last command wrote.
func (v *verifier) document(n int) {
	c, d := v.chain(n), v.Documents[n]
	f := Finding{Number: n, Version: c.Version, What: DocumentDiffers, Right: c.at}
	if c.astray != nil {
		f.Right = c.astray.Right
	}
	switch {
	case d.Moving:
		return
	case d.Fields == nil:
		f.What = DocumentDamaged
		v.finds(f)
		return
	case n > 0 && d.State != d.Listed:
		v.finds(Finding{Number: n, Version: c.Version, What: ListDiffers, Right: c.at})
	}
	if c.fields == nil || v.Heads[n].Version > c.Version { // the entry that says what it should be is gone
		return
	}
	for _, name := range c.fields.differing(d.Fields) {
		if _, known := c.fields[name]; !known && !c.begun {
			continue
		}
		c.named = true
		f.Field, f.As = name, c.seen[name+" "+string(d.Fields[name])]
		v.finds(f)
	}
	switch {
	case c.named:
	case c.astray != nil:
		v.finds(*c.astray)
	case c.fields[Whole] != d.Fields[Whole]:
		v.finds(f)
	}
}

func (v *verifier) votes() {
	if v.sealed == nil || v.Session.State != Archived {
		return
	}
	all := maps.Clone(v.Votes)
	if all == nil {
		all = map[int]int{}
	}
	maps.Copy(all, v.sealed)
	for _, n := range slices.Sorted(maps.Keys(all)) {
		if v.Votes[n] != v.sealed[n] {
			v.finds(Finding{Number: n, Version: v.chain(n).Version, What: VotesDiffer, Right: v.Session.Acts[Archive].At})
		}
	}
}

// seals checks that each seal is of this session, names the one before and, of the one that
// stands, that it is over the record as it is.
func (v *verifier) seals() {
	prev := Hash("")
	for i, s := range v.Session.Seals {
		stands := i == len(v.Session.Seals)-1 && v.Session.State == Archived
		if s.Prev != prev || s.Hash != s.hash(v.Session.ID) || !v.owns(s) || stands && !s.covers(v.Session, SealHeads(v.Heads)) {
			v.finds(Finding{Number: 0, Version: v.Session.Version, What: SealDiffers, Right: s.At})
		}
		prev = s.Hash
	}
	known := v.Session.State != "" && !v.Documents[0].Moving // without a state it cannot be read
	if known && len(v.Session.Seals) < v.archived() {
		v.finds(Finding{Number: 0, Version: v.Session.Version, What: SealDiffers})
	}
}

// archived counts the seals that the record speaks of. Whoever takes one out of the document
// has the hour sealed anew, which must not cover that it is gone.
func (r Record) archived() int {
	n := 0
	for _, e := range r.Entries {
		if e.Number == 0 && e.Verb == Archive {
			n++
		}
	}
	return n
}

// owns reports whether a seal is over the session's own record up to it.
func (r Record) owns(s Seal) bool {
	return s.Public == "" || slices.ContainsFunc(r.Entries, func(e Entry) bool {
		return e.Number == 0 && e.Version == s.Version && e.Prev == s.Own
	})
}
