package session

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"slices"
	"time"
)

// Hash is a SHA-256 in lower-case hex; empty is "nothing before".
type Hash string

// Entry is one line of the record: what happened, chained per question, without a
// word of what anybody wrote. Number 0 is the session's own chain.
type Entry struct {
	ID         string // the store's stream id, empty until it is stored
	Number     int
	Version    int64 // of the question (or session) after it
	Verb       Verb
	Role       Role
	At         time.Time
	Prev       Hash
	Commitment Hash
}

// Payload is what an entry commits to. It is kept beside the record, so erasing it
// leaves a chain that still verifies.
type Payload struct {
	By      PersonName `json:"by,omitempty"`
	Command any        `json:"command"`
}

// Sealed is a payload in its stored form: random salt and JSON.
type Sealed struct {
	Salt    string
	Payload string
}

func payload(cmd any, c Context) Payload { return Payload{By: c.By.Name, Command: cmd} }

// Commit gives the payload's stored form and the commitment to it.
func (p Payload) Commit() (Sealed, Hash, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return Sealed{}, "", fmt.Errorf("payload: %w", err)
	}
	s := Sealed{Salt: rand.Text(), Payload: string(text)}
	return s, s.Commitment(), nil
}

// Commitment is the hash that an entry carries for s.
func (s Sealed) Commitment() Hash { return hashOf("eh-payload-1", s.Salt, s.Payload) }

// Hash chains the entry. The number is left out of a question's first entry: the
// store gives it in the same step, and every later entry binds it.
func (e Entry) Hash() Hash {
	number := fmt.Sprint(e.Number)
	if e.Version == 1 {
		number = ""
	}
	return hashOf("eh-entry-1", number, fmt.Sprint(e.Version), string(e.Verb), string(e.Role),
		fmt.Sprint(e.At.UnixMilli()), string(e.Prev), string(e.Commitment))
}

// hashOf hashes length-prefixed parts, so that no two lists of parts look alike.
func hashOf(parts ...string) Hash {
	h := sha256.New()
	for _, p := range parts {
		writePart(h, p)
	}
	return Hash(hex.EncodeToString(h.Sum(nil)))
}

func writePart(h hash.Hash, p string) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(p)))
	h.Write(n[:])
	h.Write([]byte(p))
}

// Seal fixes every record of a session at one moment.
type Seal struct {
	At    time.Time `json:"at"`
	Heads Hash      `json:"heads"` // over the heads of all questions
	// Version is the session's with this seal: whatever happens to it later, such as an
	// announcement that arrives, is sealed again. 0 is a seal from before that.
	Version int64 `json:"version,omitempty"`
	Prev    Hash  `json:"prev,omitempty"`
	Hash    Hash  `json:"hash"`
}

func (s Session) seal(c SessionContext) Seal {
	seal := Seal{At: c.At, Heads: c.Head, Version: s.Version + 1}
	if n := len(s.Seals); n > 0 {
		seal.Prev = s.Seals[n-1].Hash
	}
	seal.Hash = seal.hash(s.ID)
	return seal
}

func (s Seal) hash(id ID) Hash {
	parts := []string{"eh-seal-1", string(id), fmt.Sprint(s.At.UnixMilli()), string(s.Heads), string(s.Prev)}
	if s.Version != 0 {
		parts = append(parts, fmt.Sprint(s.Version))
	}
	return hashOf(parts...)
}

// covers reports whether the seal is over these heads and over everything that happened to s.
func (s Seal) covers(ses Session, heads Hash) bool {
	return s.Heads == heads && (s.Version == 0 || s.Version == ses.Version)
}

// Head is the last known entry of one question's record.
type Head struct {
	Version int64
	Hash    Hash
}

// SealHeads is the one hash over the heads of all questions.
func SealHeads(heads map[int]Head) Hash {
	parts := []string{"eh-heads-1"}
	for _, n := range slices.Sorted(maps.Keys(heads)) {
		if n > 0 {
			parts = append(parts, fmt.Sprint(n), string(heads[n].Hash))
		}
	}
	return hashOf(parts...)
}

// Record is everything that Verify needs, as the store holds it.
type Record struct {
	Session Session
	Entries []Entry // in the order of the log
	Heads   map[int]Head
	// Payloads by PayloadKey. Contents that were erased on purpose are absent; the
	// last version from which a question's were erased is in Erased.
	Payloads map[string]Sealed
	Erased   map[int]int64
}

// PayloadKey names the payload of question n at version v.
func PayloadKey(n int, v int64) string { return fmt.Sprintf("%d:%d", n, v) }

// Finding is one thing that is wrong with a record.
type Finding struct {
	Number  int
	Version int64
	What    Defect
}

// Defect is a kind of damage to a record.
type Defect string

// The defects that Verify tells apart.
const (
	ChainBroken    Defect = "chain"   // an entry was changed, removed, added or swapped
	HeadDiffers    Defect = "head"    // the end was cut off, or the document has another version
	PayloadDiffers Defect = "payload" // the contents are not those that were committed to
	PayloadMissing Defect = "missing" // contents are gone that nobody erased
	SealDiffers    Defect = "seal"    // a seal was changed, or the record after it
)

// Verify checks the whole record of a session and lists everything that is wrong,
// sorted by question and version. An empty list means that nothing was changed.
func Verify(r Record) []Finding {
	var fs []Finding
	last := map[int]Head{}
	for _, e := range r.Entries {
		if before := last[e.Number]; e.Prev != before.Hash || e.Version != before.Version+1 {
			fs = append(fs, Finding{e.Number, e.Version, ChainBroken})
		}
		last[e.Number] = Head{e.Version, e.Hash()}
		fs = append(fs, r.checkPayload(e)...)
	}
	fs = append(fs, r.checkHeads(last)...)
	fs = append(fs, r.checkSeals()...)
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Version, b.Version))
	})
	return fs
}

func (r Record) checkPayload(e Entry) []Finding {
	p, ok := r.Payloads[PayloadKey(e.Number, e.Version)]
	switch {
	case !ok && e.Version <= r.Erased[e.Number] && r.withdrawn(e.Number):
		return nil
	case !ok:
		return []Finding{{e.Number, e.Version, PayloadMissing}}
	case p.Commitment() != e.Commitment:
		return []Finding{{e.Number, e.Version, PayloadDiffers}}
	}
	return nil
}

// withdrawn reports whether the record itself says why the contents before it are
// gone: without that, marking them as erased would hide what was removed.
func (r Record) withdrawn(n int) bool {
	return slices.ContainsFunc(r.Entries, func(e Entry) bool {
		return e.Number == n && e.Version == r.Erased[n]+1 && e.Verb == Withdraw
	})
}

func (r Record) checkHeads(last map[int]Head) []Finding {
	var fs []Finding
	for n, h := range r.Heads {
		if last[n] != h {
			fs = append(fs, Finding{n, h.Version, HeadDiffers})
		}
	}
	for n, h := range last {
		if _, ok := r.Heads[n]; !ok {
			fs = append(fs, Finding{n, h.Version, HeadDiffers})
		}
	}
	return fs
}

func (r Record) checkSeals() []Finding {
	var fs []Finding
	prev := Hash("")
	for i, s := range r.Session.Seals {
		sealed := i == len(r.Session.Seals)-1 && r.Session.State == Archived
		if s.Prev != prev || s.Hash != s.hash(r.Session.ID) || sealed && !s.covers(r.Session, SealHeads(r.Heads)) {
			fs = append(fs, Finding{0, r.Session.Version, SealDiffers})
		}
		prev = s.Hash
	}
	return fs
}
