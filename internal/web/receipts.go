package web

import (
	"crypto/hmac"
	"encoding/base32"
	"strconv"
	"strings"

	"experthour/internal/session"
)

// Receipts makes the secret addresses with which askers come back: slug, number and
// a signature, so that nothing has to be stored and nobody can make one up.
type Receipts struct {
	Secret []byte
}

// receiptBytes of the signature are enough: 128 bits cannot be guessed online.
const receiptBytes = 16

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Make gives the receipt of a question.
func (rs Receipts) Make(ref session.QuestionRef) string {
	n := strconv.Itoa(ref.Number)
	mac := derive(rs.Secret, "receipt", string(ref.Session), n)[:receiptBytes]
	return string(ref.Session) + "." + n + "." + lowerBase32.EncodeToString(mac)
}

// Parse gives the question of a receipt that Make made; ok is false for any other text.
func (rs Receipts) Parse(receipt string) (ref session.QuestionRef, ok bool) {
	id, rest, _ := strings.Cut(receipt, ".")
	number, _, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || !slug.MatchString(id) {
		return session.QuestionRef{}, false
	}
	ref = session.QuestionRef{Session: session.ID(id), Number: n}
	if !hmac.Equal([]byte(rs.Make(ref)), []byte(receipt)) {
		return session.QuestionRef{}, false
	}
	return ref, true
}
