package reception

import (
	"context"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// letter takes what somebody wrote by e-mail: a question, or something about the one that it
// answers. The receipt of a question follows by itself.
func (r *Reception) letter(ctx context.Context, v visit, m connector.Said) (connector.Reply, error) {
	m.Text = strings.TrimSpace(m.Text)
	switch {
	case m.Text == "":
		return connector.Reply{Text: v.text("letter_empty")}, nil
	case m.About == session.QuestionRef{}:
		_, err := r.Inbox.Asked(ctx, v.asked(m))
		return r.letterTaken(ctx, v, err)
	case withdraws(m.Text):
		if err := r.Inbox.TakenBack(ctx, m.About, v.Email); err != nil {
			return v.said(err)
		}
		return connector.Reply{Text: v.text("withdrawn")}, nil
	}
	ref, joined, err := r.Inbox.Answered(ctx, m.About, v.asked(m))
	if err == nil && joined {
		return connector.Reply{Text: v.text("letter_joined", "number", ref.Number)}, nil
	}
	return r.letterTaken(ctx, v, err)
}

// letterTaken says why a letter is no question.
func (r *Reception) letterTaken(ctx context.Context, v visit, err error) (connector.Reply, error) {
	if session.KindOf(err) == session.Refused {
		return r.notNow(ctx, v, err)
	}
	return v.said(err)
}

// withdraws reports whether a text is the word that withdraws a question, in any language.
func withdraws(text string) bool {
	text = strings.Trim(text, " .!\"'„”“«»\n")
	for _, l := range session.Languages {
		if strings.EqualFold(text, wording.In(l).Text("reception.letter_word")) {
			return true
		}
	}
	return false
}
