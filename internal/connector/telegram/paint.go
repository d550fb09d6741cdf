package telegram

import (
	"sort"

	"experthour/internal/connector"
	"experthour/internal/wording"
)

// painter draws what the core says as HTML that Telegram takes, whatever the length
// and the content. It is pure: the same for the same.
type painter struct {
	words wording.Words
	own   string // what addresses begin with that may become links in a text
}

// longTitle bounds headings, and leastShown what a text is never cut below.
const (
	longTitle  = 250
	leastShown = 60
)

// card draws a card: a title and its lines. Where not everything has room, the longest
// texts are cut first, all to the same length.
func (p painter) card(c connector.Card) string {
	thread := 0
	if at, ok := parsePlace(c.Place); ok {
		thread = at.thread
	}
	if c.Folded {
		return p.fit(func(most, count int) *frag { return p.folded(c, thread, most, count) }, len(c.Lines))
	}
	return p.fit(func(most, count int) *frag {
		f := p.heading(c.Title)
		return p.lines(f, c.Lines, thread, most, count)
	}, len(c.Lines))
}

// fit finds how long texts may be, and if that is not enough how many lines have room.
func (p painter) fit(draw func(most, count int) *frag, lines int) string {
	most := sort.Search(longestText-leastShown, func(n int) bool { return !draw(leastShown+n, lines).fits() })
	if most > 0 {
		return draw(leastShown+most-1, lines).b.String()
	}
	count := sort.Search(lines, func(n int) bool { return !draw(leastShown, n).fits() })
	return draw(leastShown, max(count-1, 0)).b.String()
}

// heading is the first line. Telegram refuses a message without any text.
func (p painter) heading(title string) *frag {
	title = cut(oneLine(clean(title)), longTitle)
	if title == "" {
		title = ellipsis
	}
	return new(frag).tag("<b>").text(title, p.own).tag("</b>")
}

// lines draws the first count of them, each on a line of its own.
func (p painter) lines(f *frag, lines []connector.Line, thread, most, count int) *frag {
	for _, l := range lines[:count] {
		f.text("\n", "").add(p.line(l, thread, most))
	}
	if count < len(lines) {
		f.text("\n"+ellipsis, "")
	}
	return f
}

// folded draws everything in one paragraph.
func (p painter) folded(c connector.Card, thread, most, count int) *frag {
	f := p.heading(c.Title)
	for _, l := range c.Lines[:count] {
		l.Text = oneLine(l.Text)
		if l.Kind == connector.Quote && l.Link.Label == "" {
			l.Link = connector.Link{} // somebody's text is no link
		}
		f.text(" · ", "").add(p.linked(l, thread, most))
	}
	if count < len(c.Lines) {
		f.text(" "+ellipsis, "")
	}
	return f
}

// longQuote is from how many units on a quotation is shown folded.
const longQuote = 400

func (p painter) line(l connector.Line, thread, most int) *frag {
	switch l.Kind {
	case connector.Quote:
		return p.quote(l, thread, most)
	case connector.Head:
		return new(frag).tag("<b>").add(p.linked(l, thread, min(most, longTitle))).tag("</b>")
	case connector.Small:
		return new(frag).tag("<i>").add(p.linked(l, thread, most)).tag("</i>")
	}
	return p.linked(l, thread, most)
}

// quote is somebody's text, letter by letter. A link without a label leads to the whole
// and shows only where the text was cut.
func (p painter) quote(l connector.Line, thread, most int) *frag {
	text := clean(l.Text)
	short := cut(text, most)
	f := new(frag)
	if units(short) > longQuote {
		f.tag("<blockquote expandable>")
	} else {
		f.tag("<blockquote>")
	}
	f.text(short, "").tag("</blockquote>")
	address := p.address(l.Link, thread)
	if address != "" && (short != text || l.Link.Label != "") {
		f.text("\n", "").link(p.label(l.Link), address)
	}
	return f
}

// linked is a text with its link behind it, or a text that is one.
func (p painter) linked(l connector.Line, thread, most int) *frag {
	f := new(frag)
	text, address := cut(clean(l.Text), most), p.address(l.Link, thread)
	if address != "" && l.Link.Label == "" && text != "" {
		return f.link(text, address)
	}
	f.text(text, p.own)
	if l.Link.Label == "" && address == "" {
		return f
	}
	if text != "" {
		f.text(" ", "")
	}
	return f.link(p.label(l.Link), address)
}

const longLabel = 75

func (p painter) label(l connector.Link) string {
	if label := cut(oneLine(clean(l.Label)), longLabel); label != "" {
		return label
	}
	return p.words.Text("adapter.open")
}

// address is where a link leads, or "" when it leads nowhere that may be shown.
func (p painter) address(l connector.Link, thread int) string {
	if at, ok := whereStands(l.Message); ok {
		return at.address(thread)
	}
	return webAddress(l.URL)
}

// longestQuote is how much of a question a call shows.
const longestQuote = 600

// call draws a call: whom it calls, what for, and the question.
func (p painter) call(c connector.Call, names []person) string {
	f := new(frag)
	for _, n := range names {
		f.link(n.name, "tg://user?id="+userKey(n.id)).text(" ", "")
	}
	f.text(cut(clean(c.Text), longestText/2), p.own)
	if c.Quote != "" {
		f.text("\n", "").add(p.quote(connector.Line{Text: c.Quote}, 0, longestQuote))
	}
	return f.b.String()
}

// person is somebody who is called.
type person struct {
	id   int64
	name string
}

// say draws what is said to one person.
func (p painter) say(text string) string {
	return new(frag).text(cut(clean(text), longestText), p.own).b.String()
}
