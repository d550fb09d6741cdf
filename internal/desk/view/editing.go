package view

import (
	"slices"

	"experthour/internal/session"
)

// hourSpec is what a verb on the hour asks for in the state in which it is.
func (r Reader) hourSpec(v session.Verb) spec {
	s := hourSpecs[v]
	if v != session.Edit {
		return s
	}
	var late []string
	if r.Session.State != session.Scheduled {
		late = []string{"ask_from", "ask_time"}
	}
	if r.Session.State == session.Closing {
		late = append(late, "targets")
	}
	s.inputs = slices.DeleteFunc(slices.Clone(s.inputs), func(in input) bool { return slices.Contains(late, string(in.name)) })
	return s
}

// asItIs fills the form with what the hour is.
func (r Reader) asItIs(f Form, staff session.Directory) {
	s := r.Session
	f.propose("title", s.Title)
	f.propose("topic", s.Topic)
	if s.AskFrom.Before(s.Start) {
		from := s.AskFrom.In(s.Location())
		f.propose("ask_from", from.Format(dateForm))
		f.propose("ask_time", from.Format(clockForm))
	}
	experts := f.field("experts")
	experts.Options = answering(staff, s.Experts)
	for _, e := range s.Experts {
		experts.Value = append(experts.Value, string(e.Name))
	}
	if targets := f.field("targets"); targets != nil {
		targets.Options = r.venues(s.Targets)
		for _, t := range s.Targets {
			targets.Value = append(targets.Value, string(t.Connector))
		}
	}
}
