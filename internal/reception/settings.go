package reception

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// choice is what a visitor chose. It is forgotten a week after their last visit: the
// bot keeps no register of people.
type choice struct {
	Language session.Language `json:"language,omitempty"`
	Name     bool             `json:"name,omitempty"` // show it with their questions
}

func choiceKey(v connector.Visitor) string { return "choice:" + string(v.User) }

// recall reads the choice, and keeps it for another week.
func (r *Reception) recall(ctx context.Context, v connector.Visitor) (choice, error) {
	var c choice
	ok, err := r.read(ctx, choiceKey(v), &c)
	if err == nil && ok {
		err = r.keep(ctx, choiceKey(v), c, connector.MemoFor)
	}
	return c, err
}

// What buttons carry: a word, a colon, and what it is about.
const (
	pressLanguage = "lang"
	pressName     = "name"
	pressWithdraw = "withdraw"
	pressSure     = "sure"
	pressNot      = "not"
	pressKeep     = "keep"
	pressAsk      = "ask"
	pressInto     = "into"
	pressNothing  = "nothing"
	pressPart     = "part"
)

func act(word, about string) string { return word + ":" + about }

func (r *Reception) settings(_ context.Context, v visit, _ connector.Said, _ string) (connector.Reply, error) {
	return v.settings(), nil
}

func (v visit) settings() connector.Reply {
	shown, other := v.text("name_hidden"), connector.Button{Label: v.text("show_name"), Action: act(pressName, "1")}
	if v.choice.Name {
		shown, other = v.text("name_shown", "name", v.Name), connector.Button{Label: v.text("hide_name"), Action: act(pressName, "0")}
	}
	reply := connector.Reply{Text: v.text("settings") + "\n" + shown}
	for _, l := range session.Languages {
		if l != v.Language {
			reply.Buttons = append(reply.Buttons, connector.Button{Label: wording.In(l).Text("reception.language"),
				Action: act(pressLanguage, string(l))})
		}
	}
	reply.Buttons = append(reply.Buttons, other)
	return reply
}

// ReceiptButtons let an asker take the question back. They carry the message with which
// it was asked: that is theirs, whoever forges a press.
func (r *Reception) ReceiptButtons(p connector.Post) []connector.Button {
	w := wording.In(p.Language)
	return []connector.Button{
		{Label: w.Text("reception.withdraw"), Action: act(pressWithdraw, string(p.Original.Message))},
		{Label: w.Text("reception.no_question"), Action: act(pressNot, string(p.Original.Message))},
	}
}

// Pressed takes a button of a reply or a receipt.
func (r *Reception) Pressed(ctx context.Context, who connector.Visitor, action string) (connector.Reply, error) {
	v, err := r.enter(ctx, who)
	if err != nil {
		return connector.Reply{}, err
	}
	word, about, _ := strings.Cut(action, ":")
	switch word {
	case pressLanguage:
		return r.choose(ctx, v, choice{Language: session.Language(about), Name: v.choice.Name})
	case pressName:
		return r.choose(ctx, v, choice{Language: v.choice.Language, Name: about == "1"})
	case pressWithdraw:
		return v.sure(v.text("sure"), about), nil
	case pressSure:
		reply, err := r.withdraw(ctx, v, session.MessageID(about))
		reply.Over = true
		return reply, err
	case pressNot:
		return r.not(ctx, v, about)
	case pressAsk, pressInto, pressNothing:
		return r.decide(ctx, v, word, about)
	case pressPart:
		return r.part(ctx, v, about)
	case pressKeep:
		return r.kept(ctx, v, session.MessageID(about))
	}
	return connector.Reply{Alert: v.text("old_button")}, nil
}

func (r *Reception) choose(ctx context.Context, v visit, c choice) (connector.Reply, error) {
	if c.Language != "" && !c.Language.Known() {
		return connector.Reply{Alert: v.text("old_button")}, nil
	}
	if err := r.keep(ctx, choiceKey(v.Visitor), c, connector.MemoFor); err != nil {
		return connector.Reply{}, err
	}
	v.choice = c
	if c.Language != "" {
		v.Language, v.words = c.Language, wording.In(c.Language)
	}
	return v.settings(), nil
}

// sure asks before a question is taken back.
func (v visit) sure(text, about string) connector.Reply {
	return connector.Reply{Text: text, Buttons: []connector.Button{
		{Label: v.text("yes_withdraw"), Action: act(pressSure, about)}, {Label: v.text("keep"), Action: act(pressKeep, about)}}}
}

// not takes back at once what is no question, as long as no moderator has taken it for one; then
// it asks first.
func (r *Reception) not(ctx context.Context, v visit, about string) (connector.Reply, error) {
	q, found, err := r.own(ctx, v, session.MessageID(about))
	if err != nil {
		return v.said(err)
	}
	switch told := q.AsTold(); {
	case !found: // it is another's, or too long ago
		return v.sure(v.text("sure"), about), nil
	case told.State == session.Received || told.State == session.Withdrawn:
		return r.withdraw(ctx, v, session.MessageID(about))
	case told.Open():
		return v.sure(v.text("sure_accepted", "number", q.Ref.Number), about), nil
	}
	return v.sure(v.text("sure_number", "number", q.Ref.Number), about), nil
}

func (r *Reception) withdraw(ctx context.Context, v visit, m session.MessageID) (connector.Reply, error) {
	if err := r.Inbox.Withdrawn(ctx, v.origin(m)); err != nil {
		return v.said(err)
	}
	return connector.Reply{Alert: v.text("withdrawn")}, nil
}

// kept says what became of a question that its asker does not want to withdraw: the button may be
// an old one, and the question gone.
func (r *Reception) kept(ctx context.Context, v visit, m session.MessageID) (connector.Reply, error) {
	q, found, err := r.own(ctx, v, m)
	if err != nil {
		return v.said(err)
	}
	reply := connector.Reply{Alert: v.text("old_button"), Over: true}
	switch {
	case found && q.State == session.Withdrawn:
		reply.Alert = v.text("withdrawn")
	case found:
		reply.Alert = v.text("kept")
	}
	return reply, nil
}

// own is the question that a visitor asked with a message.
func (r *Reception) own(ctx context.Context, v visit, m session.MessageID) (q session.Question, found bool, err error) {
	qs, err := r.Inbox.Mine(ctx, v.Connector, v.User)
	if err != nil {
		return q, false, err
	}
	if i := slices.IndexFunc(qs, func(q session.Question) bool { return q.Origin.Message == m }); i >= 0 {
		return qs[i], true, nil
	}
	return q, false, nil
}

// joined says that a message became a part of a question, and offers to part it.
func (v visit) joined(ref session.QuestionRef, m connector.Said) connector.Reply {
	return connector.Reply{Text: v.text("joined", "number", ref.Number),
		Buttons: []connector.Button{{Label: v.text("part"), Action: act(pressPart, number(ref.Number)+":"+string(m.Message))}}}
}

func (r *Reception) part(ctx context.Context, v visit, about string) (connector.Reply, error) {
	n, m, _ := strings.Cut(about, ":")
	from, err := strconv.Atoi(n)
	if err != nil {
		return connector.Reply{Alert: v.text("old_button")}, nil
	}
	ref, err := r.Inbox.Parted(ctx, v.asked(connector.Said{Message: session.MessageID(m)}), from)
	switch {
	case session.KindOf(err) == session.Refused:
		reply, err := r.notNow(ctx, v, err)
		reply.Over = true
		return reply, err
	case err != nil:
		return v.said(err)
	}
	return connector.Reply{Alert: v.text("parted", "number", ref.Number), Over: true}, nil
}

func number(n int) string { return strconv.Itoa(n) }
