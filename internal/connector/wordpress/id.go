package wordpress

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"experthour/internal/session"
)

// site is the one place of a connector: its posts and what is commented there.
const site session.PlaceID = "site"

// messageID names a post, or with comment set a comment on it.
type messageID struct{ post, comment uint64 }

func (m messageID) id() session.MessageID {
	if m.comment == 0 {
		return session.MessageID(fmt.Sprintf("p%d", m.post))
	}
	return session.MessageID(fmt.Sprintf("p%dc%d", m.post, m.comment))
}

// parseMessageID takes only what id writes.
func parseMessageID(id session.MessageID) (m messageID, ok bool) {
	_, _ = fmt.Sscanf(string(id), "p%dc%d", &m.post, &m.comment) // how much it found shows in the next line
	return m, m.post != 0 && m.id() == id
}

func (m messageID) path() string {
	if m.comment == 0 {
		return fmt.Sprintf("/posts/%d", m.post)
	}
	return fmt.Sprintf("/comments/%d", m.comment)
}

// keyPrefix begins the key of every comment of a bot, this one's or another one's.
const keyPrefix = "expert-hour-"

// keyOf is a post's key as it is kept at the site: short, and of letters that a slug has.
func keyOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return keyPrefix + hex.EncodeToString(sum[:12])
}
