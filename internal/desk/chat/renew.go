package chat

import (
	"context"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

const (
	// lookSoon is how soon a form is looked at again that somebody has just opened, and
	// lookLate how rarely one that they have had before them for long.
	lookSoon = 3 * time.Second
	lookLate = time.Minute
	// lookedAt is for how long a form is looked at; its buttons say afterwards what is so.
	lookedAt = time.Hour
)

// dated says how long a form is true for sure: what it is about may be decided by others, and
// some of its buttons have their time.
func (c *Chat) dated(a connector.Answer) connector.Answer {
	if a.Form != nil {
		c.date(a.Form)
	}
	return a
}

func (c *Chat) date(f *connector.Form) {
	if f.Key != "" || len(f.Offered()) > 0 {
		f.Since = c.Now()
		f.Until = f.Since.Add(lookSoon)
	}
}

// Renewed takes off a form what would do nothing any more. It adds no button for something else, and
// changes no text that is read: somebody may be pressing just now. What has become of it
// stands on top, with the button that shows it anew.
func (c *Chat) Renewed(ctx context.Context, u connector.User, f connector.Form) (connector.Form, error) {
	by, stranger := c.who(u)
	s := sight{chat: c, by: by}
	f.Lines, f.Until = slices.Clone(f.Lines), time.Time{}
	if stranger != nil {
		f.Lines = append([]connector.Line{say("⚠ " + stranger.Say)}, f.Lines...)
		f.Submit, s.blind = "", true
	} else if why, again, err := s.over(ctx, f); err != nil {
		return f, err
	} else if why != nil {
		f.Lines = append([]connector.Line{say("⚠ " + c.words.Error(why))}, f.Lines...)
		f.Submit, f.Buttons = "", append([]connector.Button{again}, f.Buttons...)
	}
	if open := c.Now().Sub(f.Since); open < lookedAt && !s.blind {
		f.Until = c.Now().Add(min(max(open/4, lookSoon), lookLate))
	}
	var err error
	for i := range f.Lines {
		if f.Lines[i].Buttons, err = s.useful(ctx, f.Lines[i].Buttons, &f.Until); err != nil {
			return f, err
		}
	}
	f.Buttons, err = s.useful(ctx, f.Buttons, &f.Until)
	return f, err
}

// sight reads once what the buttons of a form are about.
type sight struct {
	chat  *Chat
	by    session.Actor
	blind bool // nothing is theirs to press
	seen  map[connector.Action]press
}

// subject is a button or a form with what it is about as that is now.
func (s *sight) subject(ctx context.Context, a connector.Action) (press, error) {
	about := connector.Action{Session: a.Session, Number: a.Number}
	p, ok := s.seen[about]
	if !ok {
		var err error
		if p.ses, err = s.chat.tagged(ctx, a.Session); err == nil && a.Number != 0 {
			p.q, err = s.chat.question(ctx, p.ses.ID, a.Number)
		}
		if err != nil && session.KindOf(err) != session.NotFound {
			return p, err
		}
		if s.seen == nil {
			s.seen = map[connector.Action]press{}
		}
		s.seen[about] = p
	}
	p.Action, p.by = a, s.by
	return p, nil
}

// useful are the buttons that still do something; until is brought forward to the end of the first.
func (s *sight) useful(ctx context.Context, bs []connector.Button, until *time.Time) ([]connector.Button, error) {
	var left []connector.Button
	for _, b := range bs {
		a, err := connector.ParseAction(b.Action)
		if b.URL == "" && (err != nil || s.blind) {
			continue
		}
		if b.URL == "" {
			p, err := s.subject(ctx, a)
			if err != nil {
				return nil, err
			}
			if !s.does(p) {
				continue
			}
			if p.verb() == session.Undo && p.q.Undo.Until.Before(*until) {
				*until = p.q.Undo.Until
			}
		}
		left = append(left, b)
	}
	return left, nil
}

// does reports whether a press would do something for this person.
func (s *sight) does(p press) bool {
	v := p.verb()
	_, choice := choices[p.what()]
	switch {
	case p.ses.ID == "":
		return false
	case choice:
		m, known := p.q.SaidBy(p.seenMessage())
		return known && m.Open()
	case session.ResolvesCopy(v):
		copies := p.q.Copies
		if p.Number == 0 {
			copies, p.q.Copies = p.ses.Copies, p.ses.Copies
		}
		parked, _ := copies.Get(p.seenCopy())
		return slices.Contains(session.CopyVerbs(parked, p.by), v)
	case p.what().Own():
		return true
	case p.Number == 0:
		return slices.Contains(session.AllowedOnSession(p.ses, p.by), v) && p.ses.SeenAt(p.stage(), p.by, v) == nil
	case v == session.Undo && (p.q.Undo == nil || !s.chat.Now().Before(p.q.Undo.Until)):
		return false
	}
	return slices.Contains(s.chat.Views.For(p.ses, p.by).Allowed(p.q), v) && p.q.SeenAt(p.stage(), p.by, v) == nil
}

// over says why a form would not do any more what it is for, with the button that shows it as
// things are now.
func (s *sight) over(ctx context.Context, f connector.Form) (why error, again connector.Button, err error) {
	k, ok := parseKey(f.Key)
	if !ok || k.Seen["stage"] == "" {
		return nil, again, nil
	}
	p, err := s.subject(ctx, connector.Action{Do: string(k.Do), Session: k.Session, Number: k.Number})
	if err != nil || p.ses.ID == "" {
		return nil, again, err
	}
	switch {
	case p.Number == 0:
		why = p.ses.SeenAt(k.Seen["stage"], p.by, p.verb())
	case p.q.SeenAt(k.Seen["stage"], p.by, p.verb()) != nil:
		why = p.q.SeenAt(k.Seen["stage"], p.by, p.verb())
	case f.Submit != "" && k.Seen["digest"] != "" && p.verb() == session.Approve:
		if v := s.chat.Views.For(p.ses, p.by).Approval(p.q); v != nil && v.Digest != k.Seen["digest"] {
			why = session.Fail(session.Stale, "stale_preview")
		}
	}
	if why == nil && f.Submit != "" && !session.ResolvesCopy(p.verb()) && !s.does(p) {
		why = session.Fail(session.Stale, "stale")
	}
	return why, s.chat.act(s.chat.label(view.Again), about(p.ses.ID, k.Number, view.Again)), nil
}
