package config

import (
	"net"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/setting"
)

// check looks at every value, also where a section has trouble already.
func (r *report) check(c Config, kinds connector.Kinds) {
	r.institution(c.Institution)
	r.redis(c.Redis)
	r.http(c.HTTP, c.Redis.Embedded())
	r.desk(c.Desk, kinds)
	r.public(c.Public, kinds)
	r.people(c.People, kinds)
	r.kinds(c, kinds)
	r.limits(c.Limits)
	r.retention(c.Retention)
	r.guidelines(c.Guidelines)
	r.feeds(c.Feeds)
}

var domain = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

func (r *report) feeds(f Feeds) {
	r.URL("feeds.licence", f.Licence)
	r.URL("feeds.hub", f.Hub)
	if f.Domain != "" && !domain.MatchString(f.Domain) {
		r.add("feeds.domain", "%q is no domain; write one such as \"ask.example.lv\"", f.Domain)
	}
}

func (r *report) institution(i Institution) {
	r.line("institution.name", i.Name, 120)
	var known []string
	for _, l := range session.Languages {
		known = append(known, string(l))
	}
	r.Choice("institution.locale", string(i.Locale), known...)
	r.URL("institution.privacy_url", i.PrivacyURL)
	r.email("institution.contact", i.Contact)
	for n, tag := range i.Hashtags {
		r.Hashtag(entry("institution.hashtags", n+1), tag)
	}
}

// minSecret is the number of characters of a secret that cannot be guessed:
// half of what `openssl rand -hex 32` prints.
const minSecret = 32

func (r *report) http(h HTTP, embedded bool) {
	r.address("http.listen", h.Listen)
	if h.MetricsListen != "" {
		r.address("http.metrics_listen", h.MetricsListen)
		if h.MetricsListen == h.Listen && !strings.HasSuffix(h.Listen, ":0") {
			r.add("http.metrics_listen", "must differ from http.listen, which the public reaches; choose another port")
		}
	}
	r.URL("http.public_url", h.PublicURL)
	if strings.ContainsAny(h.PublicURL, "?#") {
		r.add("http.public_url", "must end before any ? or #; leave out what follows")
	}
	r.secrets(h.Secrets, embedded)
}

// mostSecrets bounds how many are accepted at once; two are enough to change from one to
// the other.
const mostSecrets = 5

// secrets checks what links are signed with. The embedded store needs none.
func (r *report) secrets(all []setting.Secret, embedded bool) {
	if len(all) > mostSecrets {
		r.add("http.secret", "has %d secrets; leave out those that are older than a day, and keep at most %d", len(all), mostSecrets)
	}
	if len(all) == 0 {
		all = make([]setting.Secret, 1) // one that is empty
	}
	for i, s := range all {
		if !embedded && utf8.RuneCountInString(s.Reveal()) < minSecret {
			r.add(secretKey(i, len(all)), "needs at least %d characters, because links are signed with it; make one with: %s",
				minSecret, setting.MakeSecret)
		}
	}
}

// secretKey spells the key of the ith secret: one that stands alone is no list.
func secretKey(i, count int) string {
	if count == 1 {
		return "http.secret"
	}
	return entry("http.secret", i+1)
}

const (
	maxSettle = 10 * time.Minute
	maxUndo   = time.Minute
	maxNext   = time.Hour // of being called and reminded
)

func (r *report) desk(d Desk, kinds connector.Kinds) {
	r.Choice("desk.kind", d.Kind, append([]string{string(session.DeskPage)}, kinds.Desks().Names()...)...)
	if d.Settle < 0 || d.Settle > maxSettle {
		r.add("desk.settle", "must be between \"0s\" and \"10m\"")
	}
	if d.Undo < 0 || d.Undo > maxUndo {
		r.add("desk.undo", "must be between \"0s\" and \"1m\"")
	}
	if d.CallNext < 0 || d.CallNext > maxNext {
		r.add("desk.call_next", "must be between \"0s\" and \"1h\"")
	}
	if d.Nudge < 0 || d.Nudge > maxNext {
		r.add("desk.nudge", "must be between \"0s\" and \"1h\"")
	}
	r.declineReasons("desk.decline_reasons", d.DeclineReasons)
}

var reasonID = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)

func (r *report) declineReasons(list string, reasons []DeclineReason) {
	ids := unique{report: r, what: "reason"}
	for i, reason := range reasons {
		key := entry(list, i+1)
		if !reasonID.MatchString(reason.ID) {
			r.add(member(key, "id"), "%q is no id; write up to 40 of a-z, 0-9 and _", reason.ID)
		}
		ids.add(member(key, "id"), reason.ID)
		r.sentence(member(key, "lv"), reason.Latvian)
		r.sentence(member(key, "en"), reason.English)
	}
	if !slices.ContainsFunc(reasons, func(d DeclineReason) bool { return d.ID == NotReached }) {
		r.add(list, "add a reason with id = %q: questions that nobody came to get it when a session closes", NotReached)
	}
}

// mostDays is ten years.
const mostDays = 3653

func (r *report) retention(c Retention) {
	for key, days := range map[string]int{"retention.emails": c.Emails, "retention.originals": c.Originals,
		"retention.unpublished": c.Unpublished} {
		if days < 0 || days > mostDays {
			r.add(key, "must be between 1 and %d days, or 0 to keep it for good", mostDays)
		}
	}
}

func (r *report) limits(l Limits) {
	for _, limit := range []struct {
		key             string
		value, min, max int
	}{
		{"limits.question_length", l.QuestionLength, 1, 10_000},
		{"limits.ask_per_minute", l.AskPerMinute, 1, 1_000_000},
		{"limits.ask_per_hour", l.AskPerHour, 0, 60_000_000},
		{"limits.vote_per_minute", l.VotePerMinute, 1, 1_000_000},
		{"limits.vote_per_hour", l.VotePerHour, 0, 60_000_000},
		{"limits.votes_per_question", l.VotesPerQuestion, 1, 1_000_000},
		{"limits.pictures_per_question", l.PicturesPerQuestion, 0, session.MaxPictures},
		{"limits.questions_per_session", l.QuestionsPerSession, 1, 1_000_000},
	} {
		if limit.value < limit.min || limit.value > limit.max {
			r.add(limit.key, "must be between %d and %d", limit.min, limit.max)
		}
	}
}

// sentence checks a text that people are sent.
func (r *report) sentence(key, text string) {
	if strings.TrimSpace(text) == "" {
		r.add(key, "is missing; write a sentence that the asker will read")
	}
	r.line(key, text, 300)
}

// line checks a text that is shown on one line. It may be empty.
func (r *report) line(key, text string, longest int) {
	if n := utf8.RuneCountInString(text); n > longest {
		r.add(key, "has %d characters; shorten it to %d", n, longest)
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		r.add(key, "must be one line of plain text; remove line breaks and control characters")
	}
}

// email checks a bare e-mail address. It may be empty.
func (r *report) email(key, text string) {
	if text == "" {
		return
	}
	if a, err := mail.ParseAddress(text); err != nil || a.Address != text {
		r.add(key, "%q is no e-mail address; write one such as \"info@example.lv\"", text)
	}
}

// address checks where the program listens.
func (r *report) address(key, text string) {
	_, port, err := net.SplitHostPort(text)
	if err != nil || !isPort(port) {
		r.add(key, "%q is no address to listen on; write host and port, such as \"127.0.0.1:8080\" or \":8080\"", text)
	}
}

func isPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil
}

// unique finds values that occur twice in a list.
type unique struct {
	report *report
	what   string
	keys   map[string]string // by value
}

// add notes a value of a key; empty ones may repeat.
func (u *unique) add(key, value string) {
	if value == "" {
		return
	}
	if first, ok := u.keys[value]; ok {
		u.report.add(key, "line %d has a %s %q already; choose another", u.report.lines.of(first), u.what, value)
		return
	}
	if u.keys == nil {
		u.keys = map[string]string{}
	}
	u.keys[value] = key
}
