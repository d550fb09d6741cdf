package reception

import (
	"context"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// undecided is a message of staff, kept until its author has said what it is for.
type undecided struct {
	Said connector.Said `json:"said,omitzero"` // empty once that is decided
	Done bool           `json:"done,omitempty"`
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
// before them, a question that they ask as citizens, or nothing. Each message is asked
// about by itself; one that is handed over again is asked about again.
func (r *Reception) askBack(ctx context.Context, v visit, m connector.Said) (connector.Reply, error) {
	if u, _, err := r.undecided(ctx, v, m.Message); err != nil || u.Done {
		return connector.Reply{}, err
	}
	if err := r.keep(ctx, undecidedKey(v, m.Message), undecided{Said: m}, decideFor); err != nil {
		return v.said(err)
	}
	reply := connector.Reply{Text: v.text("staff", "text", session.Shorten(m.Text, shownOfSaid))}
	offer := func(label, word, about string) {
		reply.Buttons = append(reply.Buttons, connector.Button{Label: label, Action: act(word, about)})
	}
	for i, f := range m.Into {
		offer(v.text("staff_into", "form", f.Label), pressInto, number(i)+":"+string(m.Message))
	}
	offer(v.text("staff_ask"), pressAsk, string(m.Message))
	offer(v.text("staff_nothing"), pressNothing, string(m.Message))
	return reply, nil
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
		return connector.Reply{Alert: v.text("staff_expired")}, nil
	case u.Done:
		return connector.Reply{Alert: v.text("staff_decided")}, nil
	}
	reply := connector.Reply{Alert: v.text("staff_left")}
	switch word {
	case pressInto:
		return v.put(u.Said, field), nil // it is kept: the form may be gone by now
	case pressAsk:
		if reply, err = r.take(ctx, v, u.Said, u.Said.Text); err != nil || reply.Text != "" {
			return reply, err // it cannot be asked now, and may still be for something else
		}
	}
	return reply, r.keep(ctx, undecidedKey(v, u.Said.Message), undecided{Done: true}, decideFor)
}

// put hands a message to the form whose field was chosen.
func (v visit) put(m connector.Said, field string) connector.Reply {
	i, err := strconv.Atoi(field)
	if err != nil || i < 0 || i >= len(m.Into) {
		return connector.Reply{Alert: v.text("old_button")}
	}
	return connector.Reply{Put: &connector.Put{Into: m.Into[i].Value, Said: m}}
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
	u.Said.Text = asks(m.Text)
	return r.askBack(ctx, v, u.Said)
}
