package routing

import (
	"fmt"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// Planner renders public copies and notices. The same arguments always give the
// same bytes, which is what an approval is bound to.
type Planner struct {
	// Limits gives the facts about a connector; see connector.Registry.Limits. One
	// that is not known is taken to have none: its copies wait for a person anyway.
	Limits func(session.ConnectorID) (connector.Limits, bool)
	// PublicURL begins the links to the public page; empty leaves links out.
	PublicURL string
	// Hashtags close a copy that stands on its own, if there is room; without "#".
	Hashtags []string
	// Reasons words the configured reasons for declining, by their id.
	Reasons map[string]map[session.Language]string
	// Contact is the e-mail address for questions that are not for the public.
	Contact string
}

var _ session.Planner = Planner{}

// Copies renders the page's copy, a reply under every original that was asked
// elsewhere, and a copy of its own at every target that wants each answer and has
// no reply to the question itself.
func (p Planner) Copies(s session.Session, q session.Question, rev session.Revision) []session.Rendered {
	rs := []session.Rendered{p.page(q, rev)}
	a := answer{s, q, rev, p.link(q.Ref)}
	texts := map[string]session.Rendered{} // of replies: followers from one platform read the same
	for _, o := range originals(q) {
		if !elsewhere(o.Origin) {
			continue
		}
		key := string(o.Origin.Connector) + "\n" + string(o.Language)
		if _, ok := texts[key]; !ok {
			texts[key] = p.render(o.Origin.Connector, o.Language, a.reply(o.Language))
		}
		r := texts[key]
		r.Slot = session.Slot{Kind: session.KindAnswer, Connector: o.Origin.Connector, Place: o.Origin.Place, Original: o.Number}
		rs = append(rs, r)
	}
	return append(rs, p.alone(a)...)
}

func (p Planner) page(q session.Question, rev session.Revision) session.Rendered {
	return session.Rendered{
		Slot:     session.Slot{Kind: session.KindAnswer, Connector: session.Page, Original: q.Ref.Number},
		Language: q.Language,
		Text:     rev.Text,
		Length:   connector.Limits{}.Measure(rev.Text),
	}
}

// alone renders the copies that are no reply.
func (p Planner) alone(a answer) []session.Rendered {
	var rs []session.Rendered
	for _, t := range a.session.Targets {
		slot := session.Slot{Kind: session.KindAnswer, Connector: t.Connector, Place: t.Place, Original: a.question.Ref.Number}
		asked := a.question.Origin.At(t.Connector, t.Place)
		twice := slices.ContainsFunc(rs, func(r session.Rendered) bool { return r.Slot == slot })
		if !t.Every || t.Connector == session.Page || asked || twice {
			continue
		}
		r := p.render(t.Connector, a.session.Language, a.alone(a.session.Language, p.Hashtags))
		r.Slot = slot
		rs = append(rs, r)
	}
	return rs
}

// render fits a text to a connector; the slot is left to the caller.
func (p Planner) render(id session.ConnectorID, lang session.Language, t text) session.Rendered {
	limits := p.limits(id)
	body := t.fit(limits, lang)
	return session.Rendered{Language: lang, Text: body, Length: limits.Measure(body), Limit: limits.Text}
}

func (p Planner) limits(id session.ConnectorID) connector.Limits {
	if p.Limits == nil {
		return connector.Limits{}
	}
	l, _ := p.Limits(id)
	return l
}

// link is the public address of a question, where its whole answer stands.
func (p Planner) link(ref session.QuestionRef) string {
	if p.PublicURL == "" {
		return ""
	}
	return fmt.Sprintf("%s/s/%s/q/%d", strings.TrimRight(p.PublicURL, "/"), ref.Session, ref.Number)
}

// originals are the question's own and those of everybody who follows it.
func originals(q session.Question) []session.Follow {
	own := session.Follow{Number: q.Ref.Number, Origin: q.Origin, Language: q.Language}
	return append([]session.Follow{own}, q.Followers...)
}

// elsewhere reports whether somebody asked where a reply can be posted.
func elsewhere(o session.Origin) bool { return o.Connector != "" && o.Connector != session.Page }

// answer is what the texts of the copies are made from.
type answer struct {
	session  session.Session
	question session.Question
	revision session.Revision
	link     string
}

// reply is read under the question, so it does not repeat it.
func (a answer) reply(lang session.Language) text {
	office, name := a.signatures(lang)
	return text{
		body:  a.revision.Text,
		rich:  []frame{{"", lines(office, a.link)}, {"", lines(name, a.link)}},
		tight: []frame{{"", a.link}},
	}
}

// shortQuestion and shorterQuestion bound the question in a copy that stands alone.
const (
	shortQuestion   = 140
	shorterQuestion = 60
)

// alone is read by people who have not seen the question.
func (a answer) alone(lang session.Language, hashtags []string) text {
	office, name := a.signatures(lang)
	w := wording.In(lang)
	line := session.CleanLine(a.question.Text)
	asked := func(limit int) string {
		return w.Text("answer.question", "number", a.question.Ref.Number, "text", clip(line, limit))
	}
	long, number := asked(shortQuestion), w.Text("answer.question_number", "number", a.question.Ref.Number)
	return text{
		body: a.revision.Text,
		rich: []frame{
			{long, lines(office, a.link, tags(hashtags))},
			{long, lines(office, a.link)},
			{asked(shorterQuestion), lines(name, a.link)},
		},
		tight: []frame{{number, lines(name, a.link)}, {number, a.link}, {"", a.link}},
	}
}

// signatures are the line that says who answers, with and without the office. Where
// no expert wrote it the institution's own account speaks, and says no name.
func (a answer) signatures(lang session.Language) (office, name string) {
	w := wording.In(lang)
	by := a.session.Signer(a.question, a.revision)
	if by.Name == "" {
		return "", ""
	}
	name = w.Text("answer.signed_name", "name", by.Name)
	if by.Office == "" {
		return name, name
	}
	return w.Text("answer.signed", "name", by.Name, "office", by.Office), name
}

func tags(hashtags []string) string {
	var ts []string
	for _, t := range hashtags {
		ts = append(ts, "#"+t)
	}
	return strings.Join(ts, " ")
}

func lines(ls ...string) string {
	return strings.Join(slices.DeleteFunc(ls, func(l string) bool { return l == "" }), "\n")
}
