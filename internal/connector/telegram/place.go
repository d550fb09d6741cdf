package telegram

import (
	"strconv"
	"strings"

	"experthour/internal/session"
)

// place is where messages stand: a chat, or a topic of a forum. It is "-100123" or
// "-100123/45" in a PlaceID.
type place struct {
	chat   int64
	thread int // 0 is no topic, or General
}

func parsePlace(id session.PlaceID) (place, bool) {
	chat, thread, topic := strings.Cut(string(id), "/")
	var p place
	var err error
	if p.chat, err = strconv.ParseInt(chat, 10, 64); err != nil || p.chat == 0 {
		return place{}, false
	}
	if topic {
		if p.thread, err = strconv.Atoi(thread); err != nil || p.thread <= 0 {
			return place{}, false
		}
	}
	return p, true
}

func (p place) id() session.PlaceID {
	id := strconv.FormatInt(p.chat, 10)
	if p.thread != 0 {
		id += "/" + strconv.Itoa(p.thread)
	}
	return session.PlaceID(id)
}

// messageID is one message. It is "-100123/678" in a MessageID: the same number may stand
// in the supergroup that a group became, for another message.
type messageID struct {
	chat    int64
	message int
}

func parseMessageID(id session.MessageID) (messageID, bool) {
	p, ok := parsePlace(session.PlaceID(id))
	return messageID{p.chat, p.thread}, ok && p.thread != 0
}

func (s messageID) id() session.MessageID {
	return session.MessageID(strconv.FormatInt(s.chat, 10) + "/" + strconv.Itoa(s.message))
}

// member is a card on a list. It is "-100123/678#12.NAME" in a MessageID, with the name of
// the list.
type member struct {
	messageID
	number int
	list   string
}

func parseMember(id session.MessageID) (member, bool) {
	at, rest, shared := strings.Cut(string(id), "#")
	number, list, _ := strings.Cut(rest, ".")
	s, ok := parseMessageID(session.MessageID(at))
	n, err := strconv.Atoi(number)
	return member{s, n, list}, shared && ok && err == nil && n > 0
}

func (m member) id() session.MessageID {
	return m.messageID.id() + session.MessageID("#"+strconv.Itoa(m.number)+"."+m.list)
}

// whereStands is the message of a card, which it may share.
func whereStands(id session.MessageID) (messageID, bool) {
	if m, ok := parseMember(id); ok {
		return m.messageID, true
	}
	return parseMessageID(id)
}

// address leads to the message; "" where messages have none, which is everywhere but
// in supergroups and channels.
func (s messageID) address(thread int) string {
	internal, ok := strings.CutPrefix(strconv.FormatInt(s.chat, 10), "-100")
	if !ok || internal == "" {
		return ""
	}
	address := "https://t.me/c/" + internal + "/"
	if thread != 0 {
		address += strconv.Itoa(thread) + "/"
	}
	return address + strconv.Itoa(s.message)
}

// isPrivate reports whether a chat is that with one person, whose id it has.
func isPrivate(chat int64) bool { return chat > 0 }
