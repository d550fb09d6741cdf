package transcript

import (
	"time"

	"experthour/internal/session"
)

// Options are what the configuration adds to a session.
type Options struct {
	PublicURL   string // where the public page is; empty leaves links out
	Institution string
	// Language is that of the words, where it is not the hour's own.
	Language session.Language
	Contact  string // e-mail address for what the hour could not settle
	Licence  string // address of the terms under which feeds may be used; may be empty
	Hub      string // address of the hub that knows when feeds change (WebSub); may be empty
	// Authority is the domain in whose name the ids of feeds are given; empty is that of PublicURL.
	Authority string
	// Reason is the sentence of a configured decline reason, "" for one that is not known.
	// It may change while the program runs; nil knows none.
	Reason func(id string, l session.Language) string
	// Places are the names of platforms as people know them; a connector
	// that is missing is named by its id.
	Places map[session.ConnectorID]string
}

// Document is what the public may read about a session. It is also the JSON format
// (schema 1): fields are added, but never renamed or given another meaning. Times
// are UTC; texts are plain text in which "\n" breaks lines.
type Document struct {
	Schema      int                  `json:"schema"`
	Slug        session.ID           `json:"slug"`
	URL         string               `json:"url,omitempty"` // of the session's public page
	Institution string               `json:"institution,omitempty"`
	Contact     string               `json:"contact,omitempty"`
	Language    session.Language     `json:"language"`
	State       session.SessionState `json:"state"`
	Title       string               `json:"title"`
	Topic       string               `json:"topic,omitempty"`
	Zone        string               `json:"zone"` // IANA name, in which people read the times
	Start       time.Time            `json:"start"`
	End         time.Time            `json:"end"`
	Closed      time.Time            `json:"closed,omitzero"`
	Updated     time.Time            `json:"updated"` // the last change that the public can see
	Experts     []session.Expert     `json:"experts"`
	Questions   []Question           `json:"questions"` // by number; those nobody decided about are only counted
	Numbers     Numbers              `json:"numbers"`
	// SelfApproval is there when authors could approve their own answers.
	SelfApproval *Exception `json:"self_approval,omitempty"`
	// Forced is there when the hour was closed before every question had an outcome.
	Forced *Exception `json:"forced,omitempty"`
	Seal   *Seal      `json:"seal,omitempty"`
	// CalledOff is why a cancelled hour is, and its new date, where that is told.
	CalledOff *session.CalledOff `json:"called_off,omitempty"`
	// Events are news of the hour itself, in order. Only feeds have them.
	Events []Event `json:"-"`

	id string // of its feed
}

// Event is a turn in the life of an hour.
type Event struct {
	Kind  string // one of announced, cancelled, open, closed
	At    time.Time
	First time.Time // when it was announced, or closed, for the first time
}

// Question is what the public may read about one question.
type Question struct {
	Number int `json:"number"`
	// Outcome is published, declined, merged, redirected, expired, retracted or
	// withdrawn, and queued while the question still waits for one.
	Outcome session.State `json:"outcome"`
	URL     string        `json:"url,omitempty"`
	// Asked is missing unless the question's own text may be shown.
	Asked  *Asked  `json:"asked,omitempty"`
	Votes  int     `json:"votes,omitempty"`
	Answer *Answer `json:"answer,omitempty"`
	Also   []int   `json:"also,omitempty"` // numbers of the questions that were merged into this one
	// Askings counts it with those; nil when there are none.
	Askings  *session.Askings `json:"askings,omitempty"`
	Into     int              `json:"merged_into,omitempty"` // the question whose answer is also this one's
	Reason   string           `json:"reason,omitempty"`      // of a declined question, as a sentence
	Redirect *Redirect        `json:"redirect,omitempty"`
	// Gone is when an answer that had been public was retracted, or its question withdrawn. Only
	// feeds have it: whoever read the answer there must hear of it.
	Gone time.Time `json:"-"`
	// First is when an answer was public first; zero where that is not known. Only feeds have it.
	First time.Time `json:"-"`
}

// Asked is a question as it was asked.
type Asked struct {
	Text     string           `json:"text"`
	Language session.Language `json:"language"`
	By       string           `json:"by"`    // the name the asker wanted shown, or "a citizen"
	Place    string           `json:"place"` // in words
	At       time.Time        `json:"at"`
}

// Answer is the answer that is public now.
type Answer struct {
	Text         string           `json:"text"`
	Pictures     []Picture        `json:"pictures,omitempty"`
	Language     session.Language `json:"language"`
	By           string           `json:"by"` // an expert of the session, or the institution
	Office       string           `json:"office,omitempty"`
	Revision     int              `json:"revision"`
	PublishedAt  time.Time        `json:"published_at"`            // of this revision
	Corrected    bool             `json:"corrected,omitempty"`     // another text was public before
	SelfApproved bool             `json:"self_approved,omitempty"` // its author approved it, under the exception
	// FirstAt is when an answer that was corrected was public first, as far as it is known, and
	// Before is what it said until it was corrected, the oldest first.
	FirstAt time.Time  `json:"first_at,omitzero"`
	Before  []Replaced `json:"before,omitempty"`
}

// Replaced is an answer in whose place a correction stands.
type Replaced struct {
	Revision    int              `json:"revision"`
	Text        string           `json:"text"`
	Pictures    []Picture        `json:"pictures,omitempty"` // without an address: they are not served any more
	Language    session.Language `json:"language"`
	By          string           `json:"by"`
	Office      string           `json:"office,omitempty"`
	PublishedAt time.Time        `json:"published_at"`
	Until       time.Time        `json:"until"` // when the next one became public
}

// Picture is one of an answer that is public now.
type Picture struct {
	URL    string       `json:"url,omitempty"`
	Path   string       `json:"-"` // on the site of the public page
	Hash   session.Hash `json:"hash"`
	Type   string       `json:"type"`
	Alt    string       `json:"alt"` // what it shows
	Author string       `json:"author"`
}

// Redirect says where a question was sent.
type Redirect struct {
	Elsewhere bool `json:"elsewhere,omitempty"` // another institution; which one only its asker reads, for nobody approved the name
	Email     bool `json:"email,omitempty"`     // the institution goes on by e-mail
	Answered  int  `json:"answered,omitempty"`  // number of the question that has the answer
}

// Exception is a rule that was lifted. Who lifted it is not public.
type Exception struct {
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// Seal names the hash over the whole record, and the one that it replaces after a
// late correction. Public is over what is public in this document, which any reader can
// recompute (see Recompute), and Hash is over it and the rest; see session.Seal. Seals of
// versions before have no Public, Own and Version.
type Seal struct {
	Hash    session.Hash `json:"hash"`
	Prev    session.Hash `json:"prev,omitempty"`
	At      time.Time    `json:"at"`
	Public  session.Hash `json:"public,omitempty"`
	Heads   session.Hash `json:"heads,omitempty"`
	Own     session.Hash `json:"own,omitempty"`
	Version int64        `json:"version,omitempty"`
}

// Numbers account for every question: Received is the sum of Outcomes, Waiting and
// Missing.
type Numbers struct {
	Received int                   `json:"received"` // the last number that was given
	Outcomes map[session.State]int `json:"outcomes"` // every outcome, also those with 0
	Waiting  int                   `json:"waiting"`  // without an outcome yet
	Missing  int                   `json:"missing"`  // numbers of which Build was told nothing
	// Waits are from asking to the first answer, over the answered questions; a
	// question asked before the hour waits from its start. 0 when nothing was answered.
	MedianWait  int `json:"median_wait_seconds"`
	LongestWait int `json:"longest_wait_seconds"`
}
