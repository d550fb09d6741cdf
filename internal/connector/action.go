package connector

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// LongestAction is the room that every platform gives to what a button carries.
const LongestAction = 64

// Action is what a button of a card carries: which verb on which question, and what
// the person saw when the button was drawn. It proves nothing and allows nothing;
// it is read, resolved against the session as it is now, and then decided like any
// other command.
type Action struct {
	// Do is a verb of the domain, or what only the desk knows.
	Do string
	// Session is the TagOf the session's id.
	Session Tag
	// Number is the question's; 0 is the board, whose verbs are those of the session.
	Number int
	// Mark is the revision, the wording or the attempt that the person saw.
	Mark int
	// Seen is the TagOf a further thing that the person saw: the digest of the copies,
	// the holder, the key of a copy. Empty is none.
	Seen Tag
}

// Tag stands for a string that is too long for a button.
type Tag string

const tagBytes = 9 // 72 bits: no two things that a desk has at once look alike

// TagOf is the same for the same string.
func TagOf(s string) Tag {
	sum := sha256.Sum256([]byte("eh-tag-1:" + s))
	return Tag(base64.RawURLEncoding.EncodeToString(sum[:tagBytes]))
}

// Names reports whether t stands for s.
func (t Tag) Names(s string) bool { return t == TagOf(s) }

// action is the only form that Encode writes: version, verb, session, number, mark
// and what was seen. The numbers are in base 36.
var action = regexp.MustCompile(`^1\.([a-z_]{1,20})\.([A-Za-z0-9_-]{12})\.([0-9a-z]{1,6})\.([0-9a-z]{1,6})\.([A-Za-z0-9_-]{12})?$`)

const (
	base       = 36
	mostNumber = 1<<31 - 1
)

var errAction = errors.New("not an action of this version")

// Encode writes the action in at most LongestAction bytes. It fails for what
// ParseAction could not read.
func (a Action) Encode() (string, error) {
	s := strings.Join([]string{"1", a.Do, string(a.Session),
		strconv.FormatInt(int64(a.Number), base), strconv.FormatInt(int64(a.Mark), base), string(a.Seen)}, ".")
	if _, err := ParseAction(s); err != nil {
		return "", err
	}
	return s, nil
}

// ParseAction reads what a button carries. It refuses everything that Encode does
// not write: a platform hands over whatever somebody sent.
func ParseAction(data string) (Action, error) {
	if len(data) > LongestAction {
		return Action{}, errAction
	}
	m := action.FindStringSubmatch(data)
	if m == nil {
		return Action{}, errAction
	}
	number, err := parseNumber(m[3])
	if err != nil {
		return Action{}, err
	}
	mark, err := parseNumber(m[4])
	if err != nil {
		return Action{}, err
	}
	return Action{Do: m[1], Session: Tag(m[2]), Number: number, Mark: mark, Seen: Tag(m[5])}, nil
}

// parseNumber takes a number in its only spelling.
func parseNumber(s string) (int, error) {
	n, err := strconv.ParseInt(s, base, 64)
	if err != nil || n > mostNumber || strconv.FormatInt(n, base) != s {
		return 0, errAction
	}
	return int(n), nil
}
