package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"

	"experthour/internal/keyring"
	"experthour/internal/session"
)

// Receipts makes the secret addresses with which askers come back: slug, number and a
// random part. The random part is made of the question's salt and a key, so the same
// question gives the same receipt again, and it is recognised by its hash, so a receipt
// outlives the key. The salt never leaves the store: trying out secrets on a receipt
// tells nobody which one is right.
type Receipts struct {
	Keys keyring.Keys
	// Former are the secrets of the configuration, with which receipts were signed that
	// have no proof: those of questions that a version before 1.0 took in.
	Former keyring.Ring
}

// receiptBytes of a random part are enough: 128 bits cannot be guessed.
const receiptBytes = 16

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// receiptForm is slug, number and random part.
var receiptForm = regexp.MustCompile(`^([a-z0-9-]{1,60})\.([1-9][0-9]{0,8})\.([a-z2-7]{26})$`)

// parseReceipt gives the question that a receipt names, whether or not it opens it.
func parseReceipt(receipt string) (ref session.QuestionRef, ok bool) {
	m := receiptForm.FindStringSubmatch(receipt)
	if m == nil {
		return session.QuestionRef{}, false
	}
	n, err := strconv.Atoi(m[2])
	return session.QuestionRef{Session: session.ID(m[1]), Number: n}, err == nil
}

// Prove makes the proof of a question that is on its way in.
func (rs Receipts) Prove() session.Proof {
	salt := rand.Text() // 130 bits
	return session.Proof{Salt: salt, Hash: hashOf(part(rs.Keys[0], salt))}
}

// Make gives the receipt of a question; ok is false when the key of it is gone.
func (rs Receipts) Make(q session.Question) (receipt string, ok bool) {
	if q.Proof == (session.Proof{}) && len(rs.Former) > 0 {
		return spell(q.Ref, former(rs.Former[0], q.Ref)), true
	}
	for _, key := range rs.Keys {
		if p := part(key, q.Proof.Salt); hashOf(p) == q.Proof.Hash {
			return spell(q.Ref, p), true
		}
	}
	return "", false
}

// Opens reports whether a receipt is that of the question which it names.
func (rs Receipts) Opens(receipt string, q session.Question) bool {
	given := receipt[strings.LastIndexByte(receipt, '.')+1:]
	if q.Proof != (session.Proof{}) {
		return hmac.Equal([]byte(hashOf(given)), []byte(q.Proof.Hash))
	}
	ok := false
	for _, secret := range rs.Former {
		ok = hmac.Equal([]byte(given), []byte(former(secret, q.Ref))) || ok
	}
	return ok && q.Origin.Connector == session.Page // nobody else was given one
}

func part(key []byte, salt string) string {
	return lowerBase32.EncodeToString(keyring.Sum(key, salt)[:receiptBytes])
}

func hashOf(part string) session.Hash {
	sum := sha256.Sum256([]byte("receipt:" + part))
	return session.Hash(hex.EncodeToString(sum[:]))
}

// former is the part of a receipt without a proof: a signature of the question's name.
func former(secret string, ref session.QuestionRef) string {
	key := derive([]byte(secret), "receipts")
	return lowerBase32.EncodeToString(derive(key, "receipt", string(ref.Session), strconv.Itoa(ref.Number))[:receiptBytes])
}

func spell(ref session.QuestionRef, part string) string {
	return string(ref.Session) + "." + strconv.Itoa(ref.Number) + "." + part
}

// receiptPath is the address of a question's receipt. Where nobody can make it any more,
// because its key was taken out between two tries, the hour's page is all there is.
func (s *Server) receiptPath(q session.Question) string {
	if receipt, ok := s.Receipts.Make(q); ok {
		return "/r/" + receipt
	}
	return path(q.Ref.Session)
}
