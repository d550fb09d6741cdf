package web

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"time"

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

// A token begins with when it was made, in seconds of Unix time, and chance: 80 bits, 16 letters.
// The signature behind them has as many.
const (
	tokenBytes = 10
	timeBytes  = 4
)

// make gives a new token for an hour.
func (t tokens) make(id session.ID, now time.Time) string {
	b := make([]byte, tokenBytes)
	_, _ = rand.Read(b)                               // it never fails
	binary.BigEndian.PutUint32(b, uint32(now.Unix())) // until 2106
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

// made is when make made a token for this hour, to the second before; zero for any other text.
// A token of an earlier version names some time or other.
func (t tokens) made(id session.ID, token string) time.Time {
	if !t.valid(id, token) {
		return time.Time{}
	}
	b, err := lowerBase32.DecodeString(token[:site.TokenSize/2])
	if err != nil {
		return time.Time{}
	}
	return time.Unix(int64(binary.BigEndian.Uint32(b[:timeBytes])), 0)
}

// kept is the token that a reader has, or a new one.
func (t tokens) kept(id session.ID, token string, now time.Time) string {
	if t.valid(id, token) {
		return token
	}
	return t.make(id, now)
}

// voter is a hash of a token that the store counts a vote by. It is made with the key of the
// token, so that nobody votes twice when the secret changes.
func (t tokens) voter(id session.ID, token string) session.Hash {
	key := t.keys[max(0, t.signer(id, token))]
	return session.Hash(hex.EncodeToString(derive(key, "voter", string(id), token)))
}
