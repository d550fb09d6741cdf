package session

import (
	"errors"
	"slices"
	"time"
)

// editable are the states in which an hour can be edited.
var editable = []SessionState{Scheduled, Open, Closing}

// EditSession changes what an hour is about, who answers, where it is held, and from when
// early questions are taken. What is nil stays as it is.
type EditSession struct {
	Seen
	Title   *string        `json:"title,omitempty"`
	Topic   *string        `json:"topic,omitempty"`
	Experts *[]PersonName  `json:"experts,omitempty"`
	Targets *[]ConnectorID `json:"targets,omitempty"`  // besides the page, which may be named
	AskFrom *time.Time     `json:"ask_from,omitempty"` // zero: from the start
	Digest  string         `json:"digest,omitempty"`   // as of Hour
}

// Verb is Edit.
func (EditSession) Verb() Verb { return Edit }

func (c EditSession) shown() string { return c.Digest }

func (c EditSession) already(s Session, _ Actor) bool {
	return slices.Contains(editable, s.State) &&
		(c.Title == nil || CleanLine(*c.Title) == s.Title) &&
		(c.Topic == nil || CleanText(*c.Topic) == s.Topic) &&
		(c.Experts == nil || slices.Equal(distinct(*c.Experts), s.expertNames())) &&
		(c.Targets == nil || slices.Equal(c.targets(), s.targetIDs())) &&
		!c.asksFromAnother(s)
}

// asksFromAnother reports whether early questions would be taken from another time.
func (c EditSession) asksFromAnother(s Session) bool {
	return c.AskFrom != nil && !earliest(moment(*c.AskFrom), s.Start).Equal(s.AskFrom)
}

// targets are the places without the page, which every hour has.
func (c EditSession) targets() []ConnectorID {
	return slices.DeleteFunc(slices.Clone(*c.Targets), func(id ConnectorID) bool { return id == Page })
}

func (c EditSession) apply(s *Session, x Context) error {
	return errors.Join(c.words(s), c.answerers(s, x.Staff), c.places(s, x.Places), c.early(s))
}

func (c EditSession) words(s *Session) error {
	title, topic := s.Title, s.Topic
	if c.Title != nil {
		title = *c.Title
	}
	if c.Topic != nil {
		topic = *c.Topic
	}
	return s.call(title, topic)
}

// answerers sets who answers. Who is taken off stays known: the answers that they gave keep
// their name.
func (c EditSession) answerers(s *Session, staff Directory) error {
	if c.Experts == nil {
		return nil
	}
	known := slices.Concat(s.Experts, s.PastExperts)
	all, err := expertsOf(*c.Experts, known, staff)
	s.Experts, s.PastExperts = all, lacking(known, all, func(e Expert) PersonName { return e.Name })
	return err
}

// places sets where the hour is held. Who asked at a place that is taken off still gets the
// answer there, so it stays known.
func (c EditSession) places(s *Session, configured []Target) error {
	if c.Targets == nil || slices.Equal(c.targets(), s.targetIDs()) {
		return nil
	}
	if s.State == Closing {
		return Fail(Refused, "edit_targets").At("targets")
	}
	all, known := []Target{}, slices.Concat(s.Targets, s.PastTargets)
	for _, id := range c.targets() {
		i := slices.IndexFunc(known, func(t Target) bool { return t.Connector == id })
		j := slices.IndexFunc(configured, func(t Target) bool { return t.Connector == id })
		switch {
		case i >= 0:
			all = append(all, known[i])
		case j >= 0:
			all = append(all, configured[j])
		default:
			return Fail(Invalid, "target_unknown", "target", Shorten(string(id), maxName)).At("targets")
		}
	}
	s.Targets, s.PastTargets = all, lacking(known, all, func(t Target) ConnectorID { return t.Connector })
	return countTargets(all)
}

func (c EditSession) early(s *Session) error {
	switch {
	case !c.asksFromAnother(*s):
		return nil
	case s.State != Scheduled:
		return Fail(Refused, "edit_ask_from").At("ask_from")
	}
	s.AskFrom = earliest(moment(*c.AskFrom), s.Start)
	return nil
}

// earliest is from when questions are taken: not after the start, and from it if nothing is said.
func earliest(askFrom, start time.Time) time.Time {
	if askFrom.IsZero() || askFrom.After(start) {
		return start
	}
	return askFrom
}

// lacking lists what of all is not among some.
func lacking[T any, K comparable](all, some []T, key func(T) K) []T {
	return slices.DeleteFunc(slices.Clone(all), func(t T) bool {
		return slices.ContainsFunc(some, func(o T) bool { return key(o) == key(t) })
	})
}

// distinct leaves out what was named before.
func distinct(names []PersonName) []PersonName {
	var all []PersonName
	for _, name := range names {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

func (s Session) expertNames() []PersonName {
	names := []PersonName{}
	for _, e := range s.Experts {
		names = append(names, e.Name)
	}
	return names
}

func (s Session) targetIDs() []ConnectorID {
	ids := []ConnectorID{}
	for _, t := range s.Targets {
		ids = append(ids, t.Connector)
	}
	return ids
}

// TakenOff reports whether somebody was an expert of the hour and is none any more.
func (s Session) TakenOff(name PersonName) bool {
	return slices.ContainsFunc(s.PastExperts, func(e Expert) bool { return e.Name == name })
}
