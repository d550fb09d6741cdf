package reception

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// undecided is a text of staff, kept until its author has said what it is for.
type undecided struct {
	Said []connector.Said `json:"said,omitempty"` // a message, and what the app cut off from it; none once that is decided
	Done bool             `json:"done,omitempty"`
}

// decideFor is how long somebody may take to say it.
const decideFor = 24 * time.Hour

// shownOfSaid is how much of a message its author needs to recognise it.
const shownOfSaid = 120

func undecidedKey(v visit, m session.MessageID) string {
	return "undecided:" + string(v.User) + ":" + string(m)
}

func (r *Reception) undecided(ctx context.Context, v visit, m session.MessageID) (u undecided, ok bool, err error) {
	ok, err = r.read(ctx, undecidedKey(v, m), &u)
	return u, ok, err
}

// askBack keeps a message of staff and asks what it is for: a form that they have
// before them, a question that they ask as citizens, or nothing. Each text is asked
// about by itself, again when it is handed over again.
func (r *Reception) askBack(ctx context.Context, v visit, m connector.Said) (connector.Reply, error) {
	l, err := r.before(ctx, v, m)
	if err != nil {
		return connector.Reply{}, err
	}
	first := append(l.Messages, m.Message)[0]
	u, _, err := r.undecided(ctx, v, first)
	if err != nil || u.Done {
		return connector.Reply{}, err
	}
	if i := slices.IndexFunc(u.Said, func(s connector.Said) bool { return s.Message == m.Message }); i >= 0 {
		u.Said[i] = m
	} else {
		u.Said = append(u.Said, m)
	}
	if err := r.keep(ctx, undecidedKey(v, first), u, decideFor); err != nil {
		return v.said(err)
	}
	if err := r.notePart(ctx, v, m, l, false); err != nil || first != m.Message {
		return connector.Reply{}, err
	}
	return v.choices(m), nil
}

func (v visit) choices(m connector.Said) connector.Reply {
	reply := connector.Reply{Text: v.text("staff", "text", session.Shorten(m.Text, shownOfSaid))}
	offer := func(label, word, about string) {
		reply.Buttons = append(reply.Buttons, connector.Button{Label: label, Action: act(word, about)})
	}
	for i, f := range m.Into {
		offer(v.text("staff_into", "form", f.Label), pressInto, number(i)+":"+string(m.Message))
	}
	offer(v.text("staff_ask"), pressAsk, string(m.Message))
	offer(v.text("staff_nothing"), pressNothing, string(m.Message))
	return reply
}

// decide does what the author of a message says that it is for.
func (r *Reception) decide(ctx context.Context, v visit, word, about string) (connector.Reply, error) {
	field, m := "", about
	if word == pressInto {
		field, m, _ = strings.Cut(about, ":")
	}
	u, ok, err := r.undecided(ctx, v, session.MessageID(m))
	switch {
	case err != nil:
		return connector.Reply{}, err
	case !ok:
		return connector.Reply{Alert: v.text("staff_expired"), Over: true}, nil
	case u.Done:
		return connector.Reply{Alert: v.text("staff_decided"), Over: true}, nil
	}
	reply := connector.Reply{Alert: v.text("staff_left")}
	switch word {
	case pressInto:
		return v.put(u.Said, field), nil // it is kept: the form may be gone by now
	case pressAsk:
		var taken bool
		if reply, taken, err = r.takeAll(ctx, v, u.Said); err != nil || !taken {
			return reply, err // it cannot be asked now, and may still be for something else
		}
	}
	reply.Over = true
	return reply, r.keep(ctx, undecidedKey(v, session.MessageID(m)), undecided{Done: true}, decideFor)
}

func (r *Reception) takeAll(ctx context.Context, v visit, all []connector.Said) (reply connector.Reply, taken bool, err error) {
	for _, m := range all {
		if reply, taken, err = r.take(ctx, v, m, false); err != nil || !taken {
			return reply, false, err
		}
	}
	return reply, taken, nil
}

// put hands a text to the form whose field was chosen.
func (v visit) put(all []connector.Said, field string) connector.Reply {
	i, err := strconv.Atoi(field)
	if err != nil || i < 0 || i >= len(all[0].Into) {
		return connector.Reply{Alert: v.text("old_button")}
	}
	return connector.Reply{Put: &connector.Put{Into: all[0].Into[i].Value, Said: all}}
}

// editedByStaff takes the new version of a message that is not decided about, or of a
// question that its author asked.
func (r *Reception) editedByStaff(ctx context.Context, v visit, m connector.Said) (connector.Reply, error) {
	u, ok, err := r.undecided(ctx, v, m.Message)
	switch {
	case err != nil:
		return connector.Reply{}, err
	case !ok || u.Done:
		return r.edited(ctx, v, m)
	}
	u.Said[0].Text = asks(m.Text)
	return r.askBack(ctx, v, u.Said[0])
}
