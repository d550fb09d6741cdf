package web

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/hex"
	"slices"

	"experthour/internal/keyring"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// tokens tell one browser from another within one hour, and say nothing about either: chance,
// and a signature, so that nobody makes up one that another browser has. Each page has one in
// its forms. It is no cookie: nothing is sent but with a question or a vote.
type tokens struct {
	keys [][]byte // the first one signs, what the others signed still holds
}

func newTokens(of keyring.Keys) tokens {
	var t tokens
	for _, key := range of {
		t.keys = append(t.keys, derive(key, "tokens"))
	}
	return t
}

// chance and signature of a token are 80 bits each, 16 letters.
const tokenBytes = 10

// make gives a new token for an hour.
func (t tokens) make(id session.ID) string {
	b := make([]byte, tokenBytes)
	_, _ = rand.Read(b) // it never fails
	chance := lowerBase32.EncodeToString(b)
	return chance + signToken(t.keys[0], id, chance)
}

func signToken(key []byte, id session.ID, chance string) string {
	return lowerBase32.EncodeToString(derive(key, "token", string(id), chance)[:tokenBytes])
}

// signer is the place of the key with which make made a token for this hour, or -1.
func (t tokens) signer(id session.ID, token string) int {
	if len(token) != site.TokenSize {
		return -1
	}
	chance, sum := token[:site.TokenSize/2], token[site.TokenSize/2:]
	return slices.IndexFunc(t.keys, func(key []byte) bool { return hmac.Equal([]byte(sum), []byte(signToken(key, id, chance))) })
}

// valid reports whether make made a token for this hour.
func (t tokens) valid(id session.ID, token string) bool { return t.signer(id, token) >= 0 }

// kept is the token that a reader has, or a new one.
func (t tokens) kept(id session.ID, token string) string {
	if t.valid(id, token) {
		return token
	}
	return t.make(id)
}

// voter is a hash of a token that the store counts a vote by. It is made with the key of the
// token, so that nobody votes twice when the secret changes.
func (t tokens) voter(id session.ID, token string) session.Hash {
	key := t.keys[max(0, t.signer(id, token))]
	return session.Hash(hex.EncodeToString(derive(key, "voter", string(id), token)))
}
