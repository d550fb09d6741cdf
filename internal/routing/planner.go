package routing

import (
	"fmt"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/screening"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// Planner renders public copies and notices. The same arguments always give the
// same bytes, which is what an approval is bound to.
type Planner struct {
	// Limits gives the facts about a connector; see connector.Registry.Limits. One
	// that is not known is taken to have none: its copies wait for a person anyway.
	Limits func(session.ConnectorID) (connector.Limits, bool)
	// Letters is the connector that writes to the addresses which askers left on the page;
	// empty writes to nobody.
	Letters session.ConnectorID
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
		if p.follows(q, o) {
			rs = append(rs, p.letter(session.KindAnswer, o.Number, o.Language, a.alone(o.Language, nil)))
		}
		if !p.elsewhere(o.Origin) {
			continue
		}
		slot := session.Slot{Kind: session.KindAnswer, Connector: o.Origin.Connector, Place: o.Origin.Place, Original: o.Number}
		t := a.reply(o.Language)
		t.to = p.address(o.Origin)
		key := string(o.Origin.Connector) + "\n" + string(o.Language) + "\n" + t.to
		if _, ok := texts[key]; !ok {
			texts[key] = p.render(slot, o.Language, t)
		}
		r := texts[key]
		r.Slot = slot
		rs = append(rs, r)
	}
	rs = append(rs, p.alone(a)...)
	if p.writes(q) {
		rs = append(rs, p.letter(session.KindAnswer, q.Ref.Number, q.Language, a.alone(q.Language, nil)))
	}
	for i := range rs {
		r := &rs[i]
		there, _ := q.Copies.Get(r.Key())
		r.Anew = there.Out != 0 && p.limits(r.Connector).Reposts(there.Shows, r.Pictures)
	}
	return rs
}

func (p Planner) page(q session.Question, rev session.Revision) session.Rendered {
	slot := session.Slot{Kind: session.KindAnswer, Connector: session.Page, Original: q.Ref.Number}
	return p.render(slot, q.Language, text{body: rev.Text, rich: []frame{{}}}) // its pictures it shows itself
}

// alone renders the copies that are no reply.
func (p Planner) alone(a answer) []session.Rendered {
	var rs []session.Rendered
	for i, t := range slices.Concat(a.session.Targets, a.session.PastTargets) {
		slot := session.Slot{Kind: session.KindAnswer, Connector: t.Connector, Place: t.Place, Original: a.question.Ref.Number}
		if there, _ := a.question.Copies.Get(slot.Key()); i >= len(a.session.Targets) && there.Out == 0 {
			continue // where the hour is no longer held, only what stands is kept right
		}
		asked := a.question.Origin.At(t.Connector, t.Place)
		twice := slices.ContainsFunc(rs, func(r session.Rendered) bool { return r.Slot == slot })
		if !t.Every || t.Connector == session.Page || asked || twice {
			continue
		}
		rs = append(rs, p.render(slot, a.session.Language, a.alone(a.session.Language, p.Hashtags)))
	}
	return rs
}

// render fits a text to what stands in a slot.
func (p Planner) render(slot session.Slot, lang session.Language, t text) session.Rendered {
	l := p.limits(slot.Connector)
	pointer := p.pointer(t, slot.Kind, lang, l.Linkless)
	if l.Linkless {
		t = p.unlinked(t, slot.Kind, lang)
	}
	longest, shown, caption := l.Longest.Of(slot.Kind), min(len(t.pictures), l.Pictures), 0
	if shown > 0 && l.Captions != nil {
		if below, ok := t.below(shown, l.Captions, lang); ok {
			t, longest = below, l.Captions
		} else {
			shown, caption = 0, l.Captions[0].Most
		}
	}
	body := t.addressed(longest, lang)
	tightest, length := longest.Tightest(body)
	r := session.Rendered{Slot: slot, Language: lang, Text: body, Unit: tightest.Unit, Length: length, Limit: tightest.Most,
		Assumed: tightest.Assumed, Pictures: shown, LeftOut: len(t.pictures) - shown, Caption: caption, Pointer: pointer,
		Linkless: l.Linkless}
	if l.Price != nil {
		r.Price, r.Plain = l.Price(body, shown, t.under)
	}
	return r
}

func (p Planner) limits(id session.ConnectorID) connector.Limits {
	if p.Limits != nil {
		if l, ok := p.Limits(id); ok {
			return l
		}
	}
	return connector.Limits{}
}

// address is how a reply calls whoever asked, where that is needed.
func (p Planner) address(o session.Origin) string {
	if call := p.limits(o.Connector).Address; call != nil {
		return call(o)
	}
	return ""
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
// Where that was in private and has expired, nobody can.
func (p Planner) elsewhere(o session.Origin) bool {
	forgotten := o.Private && o.Place == ""
	return o.Connector != "" && o.Connector != session.Page && o.Connector != p.Letters && !forgotten
}

// writes reports whether the asker left an address on the page, or wrote from one, and
// somebody writes there.
func (p Planner) writes(q session.Question) bool {
	return p.Letters != "" && q.Email != "" && (q.Origin.Connector == session.Page || p.byLetter(q.Origin))
}

// follows reports whether somebody is written to whose question was merged into q.
func (p Planner) follows(q session.Question, o session.Follow) bool {
	return o.Number != q.Ref.Number && p.Letters != "" && (o.Letters || p.byLetter(o.Origin))
}

// byLetter reports whether somebody asked by a letter that is not forgotten.
func (p Planner) byLetter(o session.Origin) bool {
	return p.Letters != "" && o.Connector == p.Letters && o.Message != ""
}

// letter renders what is written to the address of an asker.
func (p Planner) letter(kind session.CopyKind, original int, l session.Language, t text) session.Rendered {
	return p.render(session.Slot{Kind: kind, Connector: p.Letters, Original: original}, l, t)
}

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
		body:     a.revision.Text,
		pictures: a.revision.Pictures,
		under:    true,
		rich:     []frame{{"", lines(office, a.link)}, {"", lines(name, a.link)}},
		tight:    []frame{{"", a.link}},
	}
}

// shortQuestion and shorterQuestion bound the question in a copy that stands alone.
const (
	shortQuestion   = 140
	shorterQuestion = 60
)

// alone is read by people who have not seen the question. Whom a stranger names in it is
// not called by us.
func (a answer) alone(lang session.Language, hashtags []string) text {
	office, name := a.signatures(lang)
	w := wording.In(lang)
	line := session.CleanLine(a.question.Text[:offset(a.question.Text, 4*shortQuestion)]) // more is never shown
	line = screening.Uncalled(line)
	asked := func(limit int) string {
		return w.Text("answer.question", "number", a.question.Ref.Number, "text", clip(line, limit))
	}
	long, number := asked(shortQuestion), w.Text("answer.question_number", "number", a.question.Ref.Number)
	return text{
		body:     a.revision.Text,
		pictures: a.revision.Pictures,
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
