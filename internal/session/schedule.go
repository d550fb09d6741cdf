package session

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// Hour is what somebody fills in to schedule an expert hour.
type Hour struct {
	Slug ID
	// Suggested is the address where Slug is empty: it or, where it is taken, the first free one
	// of it-2, it-3 and so on.
	Suggested ID

	Title    string
	Topic    string
	Language Language
	Zone     string
	Experts  []Expert
	Targets  []Target
	Desk     Desk
	AskFrom  time.Time // zero: from the start
	Start    time.Time
	End      time.Time

	Reasons       []string
	QuestionLimit int
	QuestionCount int
	Settle        time.Duration // whole seconds

	Digest string // of the announcements that were shown; see Service.Foresee. Empty leaves the check out
}

// slug is the form of a session's name in addresses.
var slug = regexp.MustCompile(`^[a-z0-9-]{1,60}$`)

const (
	longestHour = 24 * time.Hour
	maxExperts  = 20
	maxTargets  = 20
)

// ScheduleSession turns a draft into a scheduled session.
type ScheduleSession struct {
	Hour Hour
}

// Verb is Schedule.
func (ScheduleSession) Verb() Verb { return Schedule }

func (c ScheduleSession) shown() string { return c.Hour.Digest }

func (ScheduleSession) already(Session, Actor) bool { return false }

func (c ScheduleSession) apply(s *Session, x Context) error {
	h := c.Hour
	s.Experts = h.Experts
	experts, unknown := expertsOf(s.expertNames(), nil, x.Staff)
	if err := errors.Join(s.plan(h, x.At), checkSlug(h.Slug), unknown, countTargets(h.Targets)); err != nil {
		return err
	}
	s.Schema, s.ID, s.Language, s.Experts, s.Targets, s.Desk = Schema, h.Slug, h.Language, experts, h.Targets, h.Desk
	s.Reasons, s.QuestionLimit, s.QuestionCount = h.Reasons, h.QuestionLimit, h.QuestionCount
	s.SettleSeconds = int(h.Settle / time.Second)
	if !h.Language.Known() {
		s.Language = Languages[0]
	}
	return nil
}

func checkSlug(id ID) error {
	if !slug.MatchString(string(id)) {
		return Fail(Invalid, "slug_form").At("slug")
	}
	return nil
}

// expertsOf are the people of those names: as they are known in the hour, or on the staff.
func expertsOf(names []PersonName, known []Expert, staff Directory) ([]Expert, error) {
	if len(names) == 0 || len(names) > maxExperts {
		return nil, Fail(Invalid, "experts_count", "limit", maxExperts).At("experts")
	}
	var all []Expert
	for _, name := range distinct(names) {
		if i := slices.IndexFunc(known, func(e Expert) bool { return e.Name == name }); i >= 0 {
			all = append(all, known[i])
			continue
		}
		p, ok := staff.Find(name)
		if !ok || p.Role == Observer {
			return nil, Fail(Invalid, "expert_unknown", "name", Shorten(string(name), maxName)).At("experts")
		}
		all = append(all, Expert{Name: p.Name, Office: p.Office})
	}
	return all, nil
}

func countTargets(ts []Target) error {
	if len(ts) > maxTargets {
		return Fail(Invalid, "targets_count", "limit", maxTargets).At("targets")
	}
	return nil
}

// plan sets title, topic and times, after checking them. All that is wrong is said at once.
func (s *Session) plan(h Hour, now time.Time) error {
	s.Zone = h.Zone
	return errors.Join(s.call(h.Title, h.Topic), s.checkZone(), s.setTimes(h.AskFrom, h.Start, h.End, now))
}

// call sets title and topic.
func (s *Session) call(title, topic string) error {
	s.Title, s.Topic = CleanLine(title), CleanText(topic)
	if s.Title == "" {
		return errors.Join(Fail(Invalid, "title_missing").At("title"), tooLong("topic", s.Topic, maxTopic))
	}
	return errors.Join(tooLong("title", s.Title, maxTitle), tooLong("topic", s.Topic, maxTopic))
}

func (s *Session) checkZone() error {
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "" || s.Zone == "Local" {
		return Fail(Invalid, "zone_unknown", "zone", Shorten(s.Zone, 60)).At("zone")
	}
	return nil
}

func (s *Session) setTimes(askFrom, start, end, now time.Time) error {
	switch {
	case start.IsZero() || end.IsZero():
		return timesMissing(start, end)
	case !end.After(start):
		return Fail(Invalid, "end_before_start").At("end")
	case end.Sub(start) > longestHour:
		return Fail(Invalid, "hour_too_long", "hours", int(longestHour.Hours())).At("end")
	case !end.After(now):
		return Fail(Invalid, "end_past").At("end")
	}
	s.AskFrom, s.Start, s.End = moment(earliest(askFrom, start)), moment(start), moment(end)
	return nil
}

// timesMissing names each time that is not given.
func timesMissing(start, end time.Time) error {
	var missing []error
	for _, t := range []struct {
		field Field
		at    time.Time
	}{{"start", start}, {"end", end}} {
		if t.at.IsZero() {
			missing = append(missing, Fail(Invalid, "times_missing").At(t.field))
		}
	}
	return errors.Join(missing...)
}

// moment is a time as it is stored: UTC, to the second, which is as exact as people are.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// RescheduleSession moves an hour that has not begun. Zero values keep what is.
type RescheduleSession struct {
	Seen
	Title   string    `json:"title"`
	Topic   string    `json:"topic"`
	AskFrom time.Time `json:"ask_from"`
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
	Digest  string    `json:"digest,omitempty"` // as of Hour
}

// Verb is Reschedule.
func (RescheduleSession) Verb() Verb { return Reschedule }

func (c RescheduleSession) shown() string { return c.Digest }

func (c RescheduleSession) already(s Session, _ Actor) bool {
	h := c.hour(s)
	return s.State == Scheduled && h.Title == s.Title && h.Topic == s.Topic &&
		moment(h.AskFrom).Equal(s.AskFrom) && moment(h.Start).Equal(s.Start) && moment(h.End).Equal(s.End)
}

// hour is s with what the command changes.
func (c RescheduleSession) hour(s Session) Hour {
	return Hour{
		Title: or(CleanLine(c.Title), s.Title), Topic: or(CleanText(c.Topic), s.Topic), Zone: s.Zone,
		AskFrom: orTime(c.AskFrom, s.AskFrom), Start: orTime(c.Start, s.Start), End: orTime(c.End, s.End),
	}
}

func (c RescheduleSession) apply(s *Session, x Context) error {
	h := c.hour(*s)
	if !moment(h.Start).Equal(s.Start) {
		s.Moved = s.Counter + 1
	}
	s.Reminded = nil
	return s.plan(h, x.At)
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func orTime(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}

// Places lists what the session occupies between its start and its end: its desk
// and its targets. Two hours may not share one, or nobody could tell to which of
// them a message belongs.
func (s Session) Places() []string {
	places := []string{place(s.Desk.Connector, s.Desk.Place)}
	for _, t := range s.Targets {
		places = append(places, place(t.Connector, t.Place))
	}
	return places
}

func place(c ConnectorID, p PlaceID) string { return string(c) + ":" + url.PathEscape(string(p)) }

// Warning is something a moderator should know and may ignore.
type Warning string

// NobodyApproves warns that only the author of an answer could approve it.
const NobodyApproves Warning = "nobody_approves"

// Warnings lists what is doubtful about s, given the staff.
func (s Session) Warnings(staff Directory) []Warning {
	if s.SelfApproval != nil {
		return nil
	}
	for _, e := range s.Experts {
		if !staff.canApprove(e.Name) {
			return []Warning{NobodyApproves}
		}
	}
	return nil
}

// canApprove reports whether some moderator may approve an answer of author.
func (d Directory) canApprove(author PersonName) bool {
	for _, p := range d {
		if p.Role == Moderator && p.Name != author {
			return true
		}
	}
	return false
}
