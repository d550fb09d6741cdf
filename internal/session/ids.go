package session

import (
	"fmt"
	"strings"
	"time"
)

// ID names a session. It is the slug of its public address as well, so that a
// session has one name in the store, in a URL and on the command line.
type ID string

// PersonName names a member of staff, as the configuration spells it.
type PersonName string

// ConnectorID names a configured connector, by the id that the configuration gives it.
type ConnectorID string

// PlaceID is a chat, channel, topic or page; only the connector that made it parses it.
type PlaceID string

// MessageID is a message at a place; only the connector that made it parses it.
type MessageID string

// UserRef is a platform's name for a user; only the connector that made it parses it.
type UserRef string

// Page is the connector of the institution's own public page. It is a target of
// every answer and cannot be left out.
const Page ConnectorID = "page"

// DeskPage is the connector of the desk in the browser. It has no cards to post:
// it draws every question as it is.
const DeskPage ConnectorID = "web"

// QuestionRef names a question: its session and its number there, from 1.
type QuestionRef struct {
	Session ID
	Number  int
}

// String is the form people read and write: "tax-2026/17".
func (r QuestionRef) String() string { return fmt.Sprintf("%s/%d", r.Session, r.Number) }

// Origin says where a question was asked.
type Origin struct {
	Connector ConnectorID `json:"connector"`
	Place     PlaceID     `json:"place,omitempty"`
	Within    PlaceID     `json:"within,omitempty"` // the place that Place is a part of: a forum of its topic; empty is none
	Message   MessageID   `json:"message,omitempty"`
	User      UserRef     `json:"user,omitempty"`
	URL       string      `json:"url,omitempty"`     // the public address of the original, if it has one
	Private   bool        `json:"private,omitempty"` // only the asker reads what is posted there
}

// At reports whether whoever reads a place reads what stands at the origin: it is the
// place, or a part of it.
func (o Origin) At(c ConnectorID, place PlaceID) bool {
	return o.Connector == c && (o.Place == place || o.Within != "" && o.Within == place)
}

// Slot names one public copy: what it is, where it stands, and under the original
// of which question, or which news of the session it tells. A copy keeps its slot for
// life; what stands there may change.
type Slot struct {
	Kind      CopyKind    `json:"kind"`
	Connector ConnectorID `json:"connector"`
	Place     PlaceID     `json:"place,omitempty"`
	Original  int         `json:"original"` // number of the question whose original it answers; 0 for an announcement
	News      News        `json:"news,omitempty"`
	Of        int         `json:"of,omitempty"` // of a ring: which change of what stands there it tells of
}

// Key is the slot's name in the store and in forms, unique within a question and
// within the announcements of a session.
func (s Slot) Key() string {
	last := string(s.News)
	if s.Kind != KindAnnouncement {
		last = fmt.Sprint(s.Original)
	}
	if s.Of != 0 {
		last += fmt.Sprint("@", s.Of)
	}
	return strings.Join([]string{string(s.Kind), string(s.Connector), string(s.Place), last}, ":")
}

// CopyKind tells the answer itself from the notices that the asker gets and from what
// the public is told about the session.
type CopyKind string

// The kinds of copies. Only KindAnswer is covered by the approval digest; notices
// use catalogue wording and configured reasons only. Announcements, and that one is pinned, are
// copies of the session, all others of a question.
const (
	KindAnswer       CopyKind = "answer"
	KindReceipt      CopyKind = "receipt"
	KindOutcome      CopyKind = "outcome"
	KindRing         CopyKind = "ring" // says that an answer came or changed, where the platform tells nobody of that
	KindAnnouncement CopyKind = "announcement"
	KindHidden       CopyKind = "hidden" // no post: what the asker wrote there is hidden
	KindPinned       CopyKind = "pinned" // no post either: an announcement, whose message is the text, is pinned
)

// Notice reports whether it is something that an asker is told beside the answer.
func (k CopyKind) Notice() bool { return k == KindReceipt || k == KindOutcome || k == KindRing }

// Act records who did something last, and when.
type Act struct {
	By   Actor     `json:"by"`
	At   time.Time `json:"at"`
	Note string    `json:"note,omitempty"` // an internal reason; never public
}
