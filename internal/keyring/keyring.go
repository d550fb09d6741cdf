// Package keyring makes keys of the secrets of the configuration: one for each purpose,
// so that nothing that is signed for one passes for another, and no key tells another.
//
// It knows HKDF and HMAC. It must not know what is signed, nor where a secret comes from.
package keyring

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strconv"
)

// Purpose is what a key is for. Its text is part of the key: another text is another key.
type Purpose string

// The purposes of this program.
const (
	Receipts Purpose = "receipts"     // the links with which askers come back
	Letters  Purpose = "letters"      // the links that end letters about a question
	Senders  Purpose = "senders"      // what connectors sign: which question a letter is about, and who wrote one
	Public   Purpose = "public pages" // what the public pages sign: forms and votes
	Voters   Purpose = "voters"       // who voted on a platform, without saying who
	Networks Purpose = "networks"     // from which network somebody asked, without saying which
	Names    Purpose = "names"        // messages and people, as the store recognises them
	Links    Purpose = "desk links"
	Cookies  Purpose = "desk cookies"
	Tokens   Purpose = "desk tokens" // of the JSON API
	Trials   Purpose = "trial links" // of rehearsals
	Vault    Purpose = "vault"       // what connectors keep sealed
	Record   Purpose = "record"      // the entries of the record
)

// Ring is the secrets of the configuration, the one in force first.
type Ring []string

// size of a key, in bytes: that of the hash (RFC 5869, RFC 2104).
const size = sha256.Size

// For derives the keys of a purpose, one of each secret, in their order.
func (r Ring) For(p Purpose) Keys {
	ks := make(Keys, len(r))
	for i, secret := range r {
		key, err := hkdf.Key(sha256.New, []byte(secret), nil, "experthour "+string(p)+" 1", size)
		if err != nil {
			panic(err) // the length is right whatever the secret is
		}
		ks[i] = key
	}
	return ks
}

// Keys are 32 bytes each. The first one signs, the others are of secrets that are on
// their way out: what they signed still holds.
type Keys [][]byte

// Sign is the HMAC-SHA-256 of parts, 32 bytes, by the first key. No two lists of parts
// are signed as the same text. There must be a key.
func (ks Keys) Sign(parts ...string) []byte { return Sum(ks[0], parts...) }

// Signed reports whether any of the keys made a signature of parts.
func (ks Keys) Signed(mac []byte, parts ...string) bool {
	ok := false
	for _, k := range ks {
		ok = hmac.Equal(mac, Sum(k, parts...)) || ok
	}
	return ok
}

// markBytes are enough: 128 bits cannot be guessed.
const markBytes = 16

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Mark is a signature of parts that is short enough for an address: 26 lower-case letters
// and digits, by the first key.
func (ks Keys) Mark(parts ...string) string { return mark(ks[0], parts) }

// Marked reports whether any of the keys made a mark of parts.
func (ks Keys) Marked(given string, parts ...string) bool {
	ok := false
	for _, k := range ks {
		ok = hmac.Equal([]byte(given), []byte(mark(k, parts))) || ok
	}
	return ok
}

func mark(key []byte, parts []string) string {
	return lowerBase32.EncodeToString(Sum(key, parts...)[:markBytes])
}

// Sum is the HMAC-SHA-256 of parts by one key.
func Sum(key []byte, parts ...string) []byte {
	m := hmac.New(sha256.New, key)
	for _, p := range parts {
		m.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return m.Sum(nil)
}
