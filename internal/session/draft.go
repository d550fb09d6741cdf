package session

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ChatLine is one line of a message that staff wrote at the desk.
type ChatLine struct {
	Text string `json:"text"`
	// Mentions is set when the line speaks to somebody on the staff: then it is never an
	// answer. Other accounts may be named in one.
	Mentions bool `json:"mentions,omitempty"`
	// Code is set when the line begins in a block of code, where every sign is content.
	Code bool `json:"code,omitempty"`
}

// AsideMark begins a line that is for colleagues only.
const AsideMark = "//"

// aside reports whether a line is for colleagues only.
func (l ChatLine) aside() bool {
	return l.Mentions || !l.Code && strings.HasPrefix(strings.TrimSpace(l.Text), AsideMark)
}

// AnswerText is what of a message may become an answer: everything but its asides.
func AnswerText(lines []ChatLine) string { return textOf(lines, false) }

// AsideText is what AnswerText leaves out.
func AsideText(lines []ChatLine) string { return textOf(lines, true) }

func textOf(lines []ChatLine, aside bool) string {
	var kept []string
	for _, l := range lines {
		if l.aside() == aside {
			kept = append(kept, l.Text)
		}
	}
	return CleanText(strings.Join(kept, "\n"))
}

// Said is a message of staff near the card that is, or may become, a part of an
// answer; or that was one and must not become one again. Everything else that they
// write is not stored. The used ones, in their order, are the newest revision.
type Said struct {
	Message MessageID  `json:"message,omitempty"` // empty: typed into a form
	By      PersonName `json:"by"`
	At      time.Time  `json:"at,omitzero"`     // as the platform orders messages; zero for what was typed
	Edited  time.Time  `json:"edited,omitzero"` // the newest version that is known
	Text    string     `json:"text,omitempty"`
	Use     Use        `json:"use"`
	// Full says that it is about as long as a message can be: what comes right behind it
	// may be the rest of it, which the app cut off.
	Full bool `json:"full,omitempty"`
	// Edit is what its author made of a used message when that could not become the
	// next revision by itself.
	Edit string `json:"edit,omitempty"`
	// Pictures came with it; one without Alt or Author waits for words about it. Awaits says that
	// some of them are still being read.
	Pictures []Picture `json:"pictures,omitempty"`
	Awaits   bool      `json:"awaits,omitempty"`
}

// Use says what a message is to the answer.
type Use string

// The uses of a message.
const (
	Drafted Use = "drafted" // part of the draft, which is submitted when its author rests
	Used    Use = "used"    // part of the newest revision
	Asking  Use = "asking"  // waits for its author to say what it is
	NotUsed Use = "aside"   // its author said that it is no answer, or took it away
)

// Open reports whether the author of the message has to say what it is.
func (s Said) Open() bool { return s.Use == Asking || s.Edit != "" }

const (
	maxSaid     = 50
	maxSaidText = 2 * maxAnswer
)

// SaidBy returns the message, if it is a part of the answer, may become one, or was one.
func (q Question) SaidBy(m MessageID) (Said, bool) {
	i := q.said(m)
	if i < 0 {
		return Said{}, false
	}
	return q.Said[i], true
}

func (q Question) said(m MessageID) int {
	return slices.IndexFunc(q.Said, func(s Said) bool { return s.Message == m && m != "" })
}

// Draft is the text that would be submitted now, "" when there is none.
func (q Question) Draft() string {
	if q.State != Claimed {
		return ""
	}
	return q.joined(q.drafted)
}

func used(s Said) bool { return s.Use == Used }

// rightBehind is how long the rest of a message takes that the app cut in two.
const rightBehind = 5 * time.Second

// continues reports whether a message is the rest of the one before it.
func (s Said) continues(before Said) bool {
	return before.Full && !s.At.IsZero() && s.At.Sub(before.At).Abs() <= rightBehind
}

// joined is one text of some messages, in the order of the platform.
func (q Question) joined(which func(Said) bool) string {
	text, before := "", Said{}
	for _, s := range q.Said {
		switch {
		case !which(s) || s.Text == "":
			continue
		case text == "":
			text = s.Text
		case s.continues(before):
			text = JoinCut(text, s.Text)
		default:
			text += "\n\n" + s.Text
		}
		before = s
	}
	return text
}

// SettleAt is when the clock concludes a decision, or submits the draft; zero when there is
// neither.
func (q Question) SettleAt() time.Time {
	if q.Undo != nil {
		return q.Undo.Until
	}
	if !q.Ready() {
		return time.Time{}
	}
	return q.Settle
}

// Ready reports whether the draft can be submitted: there are words, and its pictures have theirs.
func (q Question) Ready() bool {
	return q.Draft() != "" && !slices.ContainsFunc(q.Said, func(s Said) bool { return q.drafted(s) && !s.ready() })
}

// keep puts a message where the platform's order has it.
func (q *Question) keep(s Said) error {
	if i := q.said(s.Message); i >= 0 {
		q.Said[i] = s
	} else {
		q.Said = append(q.Said, s)
		slices.SortStableFunc(q.Said, func(a, b Said) int { return a.At.Compare(b.At) })
	}
	return q.fits()
}

// fits bounds what is kept, and what the draft would become. Of what is no answer only
// the newest is remembered.
func (q *Question) fits() error {
	total, aside := 0, 0
	for _, s := range slices.Backward(q.Said) {
		total += utf8.RuneCountInString(s.Text) + utf8.RuneCountInString(s.Edit)
		if s.Use == NotUsed {
			aside++
		}
	}
	for i := 0; aside > maxSaid && i < len(q.Said); i++ {
		if q.Said[i].Use == NotUsed {
			q.Said = slices.Delete(q.Said, i, i+1)
			i, aside = i-1, aside-1
		}
	}
	switch {
	case len(q.Said)-aside > maxSaid || total > maxSaidText:
		return Fail(TooMany, "said_full")
	case len(q.picturesOf(func(s Said) bool { return q.drafted(s) || s.Use == Asking })) > MaxPictures:
		return Fail(TooMany, "pictures_full", "limit", MaxPictures).At("pictures")
	}
	return tooLong("text", q.Draft(), maxAnswer)
}

// retire makes messages of some uses no part of the answer any more. They are
// remembered without their text, so that an edit does not bring them back.
func (q *Question) retire(uses ...Use) {
	q.Said = slices.DeleteFunc(q.Said, func(s Said) bool { return slices.Contains(uses, s.Use) && s.Message == "" })
	for i, s := range q.Said {
		if slices.Contains(uses, s.Use) {
			q.Said[i] = Said{Message: s.Message, By: s.By, At: s.At, Edited: s.Edited, Use: NotUsed}
		}
	}
	q.Settle = time.Time{}
}

// forget drops messages entirely: whatever comes of them is asked about anew.
func (q *Question) forget(uses ...Use) {
	q.Said = slices.DeleteFunc(q.Said, func(s Said) bool { return slices.Contains(uses, s.Use) })
	q.Settle = time.Time{}
}

// use gives all messages of one use another one.
func (q *Question) use(from, to Use) {
	for i := range q.Said {
		if q.Said[i].Use == from {
			q.Said[i].Use = to
		}
	}
}

// hold makes a person the holder; what another one drafted is not submitted for them.
func (q *Question) hold(name PersonName) {
	if q.Holder != name {
		q.forget(Drafted)
	}
	q.Holder = name
}

// rest starts the pause after which the draft is submitted anew.
func (q *Question) rest(x Context) {
	q.Settle = x.At.Add(time.Duration(x.Session.SettleSeconds) * time.Second)
}

// reviseSaid makes the used messages the next revision, with their pictures and those of the one
// before without some.
func (q *Question) reviseSaid(x Context, without ...Picture) error {
	said, ps := slices.Clone(q.Said), q.redrawn(without)
	if err := q.revise(q.joined(used), x); err != nil {
		return err
	}
	q.Said = said
	return q.illustrate(ps)
}
