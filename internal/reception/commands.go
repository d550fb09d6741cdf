package reception

import (
	"context"
	"strings"
	"unicode"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// command is one word that anybody may type; help and what it does are read from the
// same row.
type command struct {
	name string
	run  func(r *Reception, ctx context.Context, v visit, m connector.Said, rest string) (connector.Reply, error)
}

var commands []command

func init() { // the table refers to help, which reads the table
	commands = []command{
		{"start", (*Reception).start},
		{"ask", (*Reception).question},
		{"my", (*Reception).mine},
		{"settings", (*Reception).settings},
		{"help", (*Reception).help},
	}
}

// parse reads a command: "/ask", "/ask@bot" and what follows.
func parse(text string) (name, rest string, ok bool) {
	word, ok := strings.CutPrefix(strings.TrimSpace(text), "/")
	if !ok {
		return "", "", false
	}
	if i := strings.IndexFunc(word, unicode.IsSpace); i >= 0 {
		word, rest = word[:i], strings.TrimSpace(word[i:])
	}
	name, _, _ = strings.Cut(strings.ToLower(word), "@")
	return name, rest, name != ""
}

func (r *Reception) command(ctx context.Context, v visit, m connector.Said, name, rest string) (connector.Reply, error) {
	for _, c := range commands {
		if c.name == name {
			return c.run(r, ctx, v, m, rest)
		}
	}
	return r.help(ctx, v, m, "")
}

// Commands are for the platform's own list.
func (*Reception) Commands(l session.Language) []connector.PublicCommand { return Commands(l) }

// Commands lists what people can type, with what it does.
func Commands(l session.Language) []connector.PublicCommand {
	w := wording.In(l)
	var cs []connector.PublicCommand
	for _, c := range commands {
		cs = append(cs, connector.PublicCommand{Name: c.name, Does: w.Text("reception.command." + c.name)})
	}
	return cs
}

func (*Reception) help(_ context.Context, v visit, _ connector.Said, _ string) (connector.Reply, error) {
	lines := []string{v.text("help")}
	for _, c := range Commands(v.Language) {
		lines = append(lines, "/"+c.Name+" – "+c.Does)
	}
	return connector.Reply{Text: strings.Join(lines, "\n")}, nil
}

// start says what this is, and about which hour. The rest is the name of an hour, from a
// link that somebody followed.
func (r *Reception) start(ctx context.Context, v visit, _ connector.Said, slug string) (connector.Reply, error) {
	now, last, err := r.hour(ctx, v)
	if err != nil {
		return connector.Reply{}, err
	}
	if s, ok, err := r.named(ctx, v, slug); err != nil || ok {
		now = s
		if err != nil {
			return connector.Reply{}, err
		}
	}
	hello := v.text("hello", "institution", r.Institution)
	if r.Institution == "" {
		hello = v.text("hello_nobody")
	}
	if now.ID == "" {
		next, err := r.notNowAt(v, last)
		next.Text = hello + "\n\n" + next.Text
		return next, err
	}
	return connector.Reply{Text: hello + "\n\n" + r.about(v, now), Link: connector.Link{Label: v.text("page"), URL: r.page(now)}}, nil
}

func (r *Reception) notNowAt(v visit, last session.Session) (connector.Reply, error) {
	if last.ID == "" {
		return connector.Reply{Text: v.text("none")}, nil
	}
	return connector.Reply{Text: v.text("over", "title", last.Title),
		Link: connector.Link{Label: v.text("transcript"), URL: r.page(last) + "/transcript"}}, nil
}

// named is the hour of a link, if it takes or took questions here.
func (r *Reception) named(ctx context.Context, v visit, slug string) (session.Session, bool, error) {
	if slug == "" {
		return session.Session{}, false, nil
	}
	all, err := r.Sessions.Sessions(ctx)
	for _, s := range all {
		if string(s.ID) == slug && held(s, v) && !s.State.Over() {
			return s, true, nil
		}
	}
	return session.Session{}, false, err
}

// about is an hour in a few sentences: what, who, when, and whether one can ask now.
func (r *Reception) about(v visit, s session.Session) string {
	zone := s.Location()
	var who []string
	for _, e := range s.Experts {
		name := string(e.Name)
		if e.Office != "" {
			name += ", " + e.Office
		}
		who = append(who, name)
	}
	lines := []string{s.Title, v.words.Span(s.Start.In(zone), s.End.In(zone)), v.text("who", "names", strings.Join(who, "; "))}
	if s.Topic != "" {
		lines = append(lines, s.Topic)
	}
	switch {
	case s.Asking(r.Now()):
		lines = append(lines, "", v.text("ask_now"))
	case s.State == session.Scheduled:
		lines = append(lines, "", v.text("ask_from", "time", session.Since(s.AskFrom.In(zone))))
	default:
		lines = append(lines, "", v.text("asking_over"))
	}
	return strings.Join(lines, "\n")
}

// shownOfMine is how much of a question its asker needs to recognise it.
const shownOfMine = 80

// mine lists the visitor's questions and what became of them.
func (r *Reception) mine(ctx context.Context, v visit, _ connector.Said, _ string) (connector.Reply, error) {
	qs, err := r.Inbox.Mine(ctx, v.Connector, v.User)
	if err != nil {
		return v.said(err)
	}
	if len(qs) == 0 {
		return connector.Reply{Text: v.text("no_questions")}, nil
	}
	var lines []string
	for _, q := range qs {
		line := v.text("mine", "number", q.Ref.Number, "text", session.Shorten(q.Text, shownOfMine))
		if q.Text == "" {
			line = v.text("mine_erased", "number", q.Ref.Number)
		}
		lines = append(lines, line+"\n"+v.words.Text("status."+string(q.State)))
		if q.State == session.Published {
			lines = append(lines, r.PublicURL+"/s/"+string(q.Ref.Session)+"/q/"+number(q.Ref.Number))
		}
	}
	return connector.Reply{Text: strings.Join(lines, "\n")}, nil
}
