package mail

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	gomail "github.com/wneessen/go-mail"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// Handle does what one letter says.
func (i *intake) Handle(ctx context.Context, raw []byte) error {
	var l letter
	if json.Unmarshal(raw, &l) != nil || len(l.Raw) == 0 {
		return receive.ErrUndecodable
	}
	n := read(l.Raw)
	switch {
	case n.report != nil:
		return i.returned(ctx, n)
	case n.robot || n.from == "" || i.own(n.from):
		return nil
	}
	return i.said(ctx, n, l)
}

// returned takes a report about a letter of ours. Others, and reports of a delay, are nobody's.
func (i *intake) returned(ctx context.Context, n note) error {
	about, ok := i.about(string(n.report.of) + " " + n.refs)
	if !ok || !n.report.failed {
		return nil
	}
	err := i.env.Inbox.Returned(ctx, connector.Returned{Connector: i.id, About: about, Message: n.report.of,
		Lasting: nobody[n.report.status], Detail: "the letter came back: " + n.report.status})
	if session.KindOf(err) == session.NotFound {
		return receive.ErrEarly
	}
	return receive.Passed(err)
}

// said takes a question, or what belongs to one.
func (i *intake) said(ctx context.Context, n note, l letter) error {
	v := connector.Visitor{Connector: i.id, User: session.UserRef(i.env.Signer.Mark(string(i.id), "sender", n.from)), Language: n.language,
		Email: n.from}
	about, answers := i.about(n.refs)
	text := n.question(answers)
	said := "said:" + string(v.User) + ":" + sum(text)
	if again, err := i.repeated(ctx, said, n); err != nil || again {
		return err
	}
	if err := i.env.Admit(ctx, i.id, v.User); err != nil {
		if session.KindOf(err) != session.TooMany {
			return err
		}
		return i.answer(ctx, v, n, connector.Reply{Text: wording.In(i.language(n)).Error(err)})
	}
	has := i.attached(ctx, l)
	reply, err := i.env.Reception(i.id).Said(ctx, v, connector.Said{Message: n.id, At: l.At, Text: text, With: has.with(),
		Enclosed: len(has.Images) > 0, Letter: true, About: about})
	if err == nil && (answers || reply.Text == "") {
		err = i.enclose(ctx, session.Origin{Connector: i.id, Place: v.Place, User: v.User, Message: n.id}, l.At, has.Images)
	}
	if err == nil && !answers && reply.Text != "" { // it was not taken, and may be when it comes again
		err = i.env.Memory(i.id).Forget(ctx, said)
	}
	if err != nil {
		return err
	}
	return i.answer(ctx, v, n, reply)
}

func (i *intake) language(n note) session.Language {
	if n.language.Known() {
		return n.language
	}
	return i.env.Language
}

// quietFor is how long the same text from one address is one letter, and the same answer is
// given to an address once: two programs that write to each other stop at that.
const quietFor = time.Hour

// repeated reports whether another letter from the same address said the same; key names both.
func (i *intake) repeated(ctx context.Context, key string, n note) (bool, error) {
	memory := i.env.Memory(i.id)
	of, known, err := memory.Recall(ctx, key)
	if err != nil || known {
		return known && session.MessageID(of) != n.id, err
	}
	return false, memory.Keep(ctx, key, []byte(n.id), quietFor)
}

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(s[:15])
}

// answer writes back at once, at most once whatever becomes of it: it is about what was not
// taken, and who waits for it can write again.
func (i *intake) answer(ctx context.Context, v connector.Visitor, n note, r connector.Reply) error {
	text := r.Text
	if r.Link.URL != "" {
		text += "\n\n" + r.Link.Label + ": " + r.Link.URL
	}
	if text == "" {
		return nil
	}
	memory, key := i.env.Memory(i.id), "told:"+string(v.User)+":"+sum(text)
	if _, known, err := memory.Recall(ctx, key); err != nil || known {
		return err
	}
	if err := memory.Keep(ctx, key, []byte(n.id), quietFor); err != nil {
		return err
	}
	l, err := i.reply(n, text)
	if err != nil {
		return nil // to such an address nothing can be written
	}
	if err := i.send(ctx, l); err != nil {
		i.env.Log.Info("a letter was not answered", "connector", i.id, "error", errors.Unwrap(err))
	}
	return nil
}

// reply is a letter that answers another one.
func (i *intake) reply(n note, text string) (*gomail.Msg, error) {
	var thread []string
	if isID(n.id) {
		thread = []string{"<" + string(n.id) + ">"}
	}
	id := sum(string(n.id)+text) + "@" + i.domain()
	l, err := i.envelope(n.from, id, thread, "")
	if err != nil {
		return nil, err
	}
	l.Subject(wording.In(i.language(n)).Text("mail.answer_subject"))
	l.SetGenHeader("Auto-Submitted", "auto-replied")
	l.SetDateWithValue(i.env.Now())
	l.SetBodyString(gomail.TypeTextPlain, text+"\n")
	return l, nil
}
