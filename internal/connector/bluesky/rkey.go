package bluesky

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"
)

// keyLetters are the digits of a record key, in their order.
const keyLetters = "234567abcdefghijklmnopqrstuvwxyz"

// keyLength is how many of them a key has.
const keyLength = 13

// RecordKey is where the post with that key stands: the same for every attempt, so that a
// repeat meets its own record. It is a timestamp identifier (TID), which has to look like
// a time. Its second is that of the approval; the rest is taken from the key, because all
// copies of an answer are approved at the same moment and must not meet each other: 10 bits
// alone would make two of fourteen replies meet about once in twelve answers.
func RecordKey(key string, approved time.Time) string {
	sum := sha256.Sum256([]byte(key))
	micros := binary.BigEndian.Uint64(sum[:8]) % 1_000_000
	clock := uint64(binary.BigEndian.Uint16(sum[8:10]) & 0x3ff)
	second := uint64(max(approved.Unix(), 0))
	return spell((second*1_000_000+micros)<<10&(1<<63-1) | clock)
}

// postedAt is the time that a record key says; zero where it is none.
func postedAt(key string) time.Time {
	if len(key) != keyLength {
		return time.Time{}
	}
	n := uint64(0)
	for _, c := range []byte(key) {
		d := strings.IndexByte(keyLetters, c)
		if d < 0 {
			return time.Time{}
		}
		n = n<<5 | uint64(d)
	}
	return time.UnixMicro(int64(n >> 10))
}

func spell(n uint64) string {
	var out [keyLength]byte
	for i := keyLength - 1; i >= 0; i-- {
		out[i] = keyLetters[n&31]
		n >>= 5
	}
	return string(out[:])
}
