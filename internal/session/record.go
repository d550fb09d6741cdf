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
	// Sign is the HMAC by which an entry says that this program wrote it, in hex; empty in
	// those of versions before.
	Sign string
}

// Signer signs entries with a key that is not in the store, so that whoever can write there
// can forge none: keyring.Keys.
type Signer interface {
	Sign(parts ...string) []byte
	Signed(mac []byte, parts ...string) bool
}

// signing is what is signed of an entry: that it is of this session, and all that it says.
func (e Entry) signing(id ID) []string { return []string{"entry", string(id), string(e.Hash())} }

// signedBy reports whether the entry's signature is of one of the keys.
func (e Entry) signedBy(keys Signer, id ID) bool {
	mac, err := hex.DecodeString(e.Sign)
	return err == nil && keys.Signed(mac, e.signing(id)...)
}

// Payload is what an entry commits to. It is kept beside the record, so erasing it
// leaves a chain that still verifies.
type Payload struct {
	By      PersonName `json:"by,omitempty"`
	Command any        `json:"command"`
	// Doc is missing where a version before wrote the entry.
	Doc *Written `json:"doc,omitempty"`
	// Votes are those of every question that has any, when the record is sealed.
	Votes map[int]int `json:"votes,omitempty"`
}

// Sealed is a payload in its stored form: random salt and JSON.
type Sealed struct {
	Salt    string
	Payload string
}

// A line is what the next entry of a record is made of: number n becomes this version by a
// verb, and the command turned one document into the other. There is none before it where it
// is new, was stored in an earlier schema, or is to be forgotten.
type line struct {
	number        int
	version       int64
	verb          Verb
	prev          Hash
	command       any
	before, after any
}

// entry writes and signs the next line of a record.
func (s *Service) entry(c Context, id ID, l line) (Entry, Sealed, error) {
	doc, err := written(l.before, l.after)
	if err != nil {
		return Entry{}, Sealed{}, fmt.Errorf("record of %s: %w", id, err)
	}
	sealed, commitment, err := Payload{By: c.By.Name, Command: l.command, Doc: doc, Votes: c.Votes}.Commit()
	e := Entry{Number: l.number, Version: l.version, Verb: l.verb, Role: c.By.Role, At: c.At, Prev: l.prev, Commitment: commitment}
	if s.Keys != nil {
		e.Sign = hex.EncodeToString(s.Keys.Sign(e.signing(id)...))
	}
	return e, sealed, err
}

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
	// Own is the head of the session's own record before this seal, and Public is over what
	// the public reads; see PublicHash. Seals of versions before have neither.
	Own    Hash `json:"own,omitempty"`
	Public Hash `json:"public,omitempty"`
	Prev   Hash `json:"prev,omitempty"`
	Hash   Hash `json:"hash"`
}

func (s Session) seal(c Context) Seal {
	seal := Seal{At: c.At, Heads: c.Head, Version: s.Version + 1, Own: s.Head, Public: c.Public}
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
	if s.Public != "" {
		parts = append(parts, string(s.Own), string(s.Public))
		parts[0] = "eh-seal-2"
	}
	return hashOf(parts...)
}

// PublicHash is over what the public reads of a session, so that any reader can recompute it:
// the SHA-256 of netstrings (the length in bytes of a text in UTF-8, a colon, the text, a comma)
// of slug and title, and then, for each question with a public answer in the order of their
// numbers, of its number, its votes, its text and its answer, and of the hash, the words and the
// author of each picture of the answer.
func PublicHash(s Session, qs []Question, votes map[int]int) Hash {
	h := sha256.New()
	say := func(texts ...string) {
		for _, t := range texts {
			fmt.Fprintf(h, "%d:%s,", len(t), t)
		}
	}
	say(string(s.ID), s.Title)
	qs = slices.SortedFunc(slices.Values(qs), func(a, b Question) int { return cmp.Compare(a.Ref.Number, b.Ref.Number) })
	for _, q := range qs {
		answer, rev, ok := q.Public()
		if !ok {
			continue
		}
		say(fmt.Sprint(q.Ref.Number), fmt.Sprint(votes[q.Ref.Number]), q.Text, answer)
		for _, p := range q.Revision(rev).Pictures {
			say(string(p.Hash), p.Alt, p.Author)
		}
	}
	return Hash(hex.EncodeToString(h.Sum(nil)))
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
