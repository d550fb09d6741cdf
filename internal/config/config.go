// Package config knows the configuration file: its keys, their defaults, which
// values make sense, and how to tell an operator in plain words what is wrong
// with them. What belongs to one platform is bound to, and checked by, what its
// connector.Kind made. It must not know what is done with a value: it opens no
// connection and builds no connector. A key that is not a field of Config or of
// what a kind made does not exist.
package config

import (
	"net/netip"
	"time"
	_ "time/tzdata" // zones exist also on a machine without a zone database

	"experthour/internal/session"
	"experthour/internal/setting"
)

// Config is a configuration file that has passed every check, with defaults
// filled in. Its PublicURL has no slash at the end.
type Config struct {
	Institution Institution `toml:"institution"`
	Redis       Redis       `toml:"redis"`
	HTTP        HTTP        `toml:"http"`
	Desk        Desk        `toml:"desk"`
	Public      []Public    `toml:"public"`
	People      []Person    `toml:"people"`
	Limits      Limits      `toml:"limits"`
	Retention   Retention   `toml:"retention"`
	Guidelines  Guidelines  `toml:"guidelines"`
	Feeds       Feeds       `toml:"feeds"`
	// Accounts are the sections of the kinds, by kind: what connector.Kind.Account made.
	Accounts map[string]any `toml:"-"`
	// Doubts are what works and should not stay so.
	Doubts []Doubt `toml:"-"`
}

// Institution is who holds the expert hour, as the public sees it.
type Institution struct {
	Name       string           `toml:"name"`        // may be empty
	Locale     session.Language `toml:"locale"`      // of pages and cards, unless a reader chooses
	Zone       *time.Location   `toml:"zone"`        // in which times are shown; never nil
	PrivacyURL string           `toml:"privacy_url"` // absolute, or empty
	Contact    string           `toml:"contact"`     // a bare e-mail address, or empty
	Hashtags   []string         `toml:"hashtags"`    // without the "#"
}

// Redis is where everything is stored.
type Redis struct {
	URL          setting.Secret `toml:"url"`           // "embedded", "managed" or an address, which may hold a password
	Dir          string         `toml:"dir"`           // of the managed server's files
	WaitReplicas int            `toml:"wait_replicas"` // copies to wait for, 0 to 5
	Durability   string         `toml:"durability"`    // "always", "everysec", "none", or "" to ask the server
}

// Embedded reports whether the store lives in the process and ends with it.
func (r Redis) Embedded() bool { return r.URL.Reveal() == "embedded" }

// Managed reports whether the program starts its own redis-server in Dir.
func (r Redis) Managed() bool { return r.URL.Reveal() == "managed" }

// HTTP is the program's own web server.
type HTTP struct {
	Listen    string `toml:"listen"`     // host:port; port 0 takes a free one
	PublicURL string `toml:"public_url"` // empty: http:// and the address listened on
	// Secrets sign links and tokens: the first one does, what the others signed still
	// holds. There is none only when Redis is embedded.
	Secrets        []setting.Secret `toml:"secret"`
	TrustedProxies []netip.Prefix   `toml:"trusted_proxies"` // whose X-Forwarded-For is believed
	MetricsListen  string           `toml:"metrics_listen"`  // host:port; empty is off
}

// Signing are the secrets themselves, without those that are empty.
func (h HTTP) Signing() []string {
	var all []string
	for _, s := range h.Secrets {
		if s.Reveal() != "" {
			all = append(all, s.Reveal())
		}
	}
	return all
}

// Desk is the one internal place where questions are handled.
type Desk struct {
	Kind           string          `toml:"kind"`      // "web", or the name of a kind
	Undo           time.Duration   `toml:"undo"`      // how long accepting, declining, merging and redirecting can be undone
	Settle         time.Duration   `toml:"settle"`    // how long a reply must rest before it is offered for approval
	CallNext       time.Duration   `toml:"call_next"` // how long nobody takes a question before the next expert is called
	Nudge          time.Duration   `toml:"nudge"`     // how long an answer waits for approval before moderators are reminded
	DeclineReasons []DeclineReason `toml:"decline_reasons"`
}

// NotReached is the id of the decline reason that closing a session gives to
// questions that nobody came to. A checked Config always has it.
const NotReached = "not_reached"

// DeclineReason is a sentence that an asker may be sent, in each language of
// package session.
type DeclineReason struct {
	ID      string `toml:"id"` // [a-z0-9_], kept in the record
	Latvian string `toml:"lv"`
	English string `toml:"en"`
}

// Public is a place where citizens ask and read, besides the public page, which
// is always there.
type Public struct {
	Kind string `toml:"kind"`
	ID   string `toml:"id"`   // unique; the kind, when left out
	Name string `toml:"name"` // what people read; the platform's name, when left out
	// Groups are names by which it can be chosen for an hour together with others.
	Groups []string `toml:"groups"`
	// Profile is where the institution is there: an absolute address, or empty.
	Profile     string `toml:"profile"`
	EveryAnswer bool   `toml:"every_answer"` // post answers also to questions that were asked elsewhere
	// TellDeclined tells askers also in a group what became of a question that was not accepted.
	TellDeclined bool `toml:"tell_declined"`
	// Pin has an announcement pinned while the hour lasts, where the platform can.
	Pin bool `toml:"pin"`
	// Settings are the keys that only this kind has: what connector.Kind.Settings made.
	Settings any `toml:"-"`
}

// Retention is how many days what is kept of people stays after an hour was closed; 0 is
// for good.
type Retention struct {
	Emails      int `toml:"emails"`
	Originals   int `toml:"originals"`
	Unpublished int `toml:"unpublished"`
}

// Spans are the same by what expires.
func (r Retention) Spans() session.Retention {
	const day = 24 * time.Hour
	return session.Retention{session.Emails: time.Duration(r.Emails) * day, session.Originals: time.Duration(r.Originals) * day,
		session.Unpublished: time.Duration(r.Unpublished) * day}
}

// Feeds is what the feeds say besides the news.
type Feeds struct {
	Licence string `toml:"licence"` // absolute address of the terms of use, or empty
	Hub     string `toml:"hub"`     // absolute address of a WebSub hub, or empty
	Domain  string `toml:"domain"`  // in whose name entries have their ids; empty is that of the public address
}

// Role says what a person may do.
type Role string

// The roles of people in the configuration.
const (
	Moderator Role = "moderator"
	Expert    Role = "expert"
	Observer  Role = "observer"
)

// Person is somebody of the institution.
type Person struct {
	Name   string `toml:"name"`
	Role   Role   `toml:"role"`
	Office string `toml:"office"` // what the public reads under an expert's name
	Email  string `toml:"email"`
	// Accounts are theirs by kind, under whose name each stands in the file.
	Accounts map[string]setting.ID `toml:"-"`
}

// Limits keep one person, or one machine, from crowding out the others.
type Limits struct {
	QuestionLength      int `toml:"question_length"`       // Unicode characters
	AskPerMinute        int `toml:"ask_per_minute"`        // questions per address
	AskPerHour          int `toml:"ask_per_hour"`          // 0 is ten times AskPerMinute
	VotePerMinute       int `toml:"vote_per_minute"`       // votes per address
	VotePerHour         int `toml:"vote_per_hour"`         // 0 is ten times VotePerMinute
	VotesPerQuestion    int `toml:"votes_per_question"`    // per address and day
	PicturesPerQuestion int `toml:"pictures_per_question"` // 0 takes none
	QuestionsPerSession int `toml:"questions_per_session"` // without an outcome, from all places together
}
