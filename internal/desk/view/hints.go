package view

import (
	"slices"
	"strings"

	"experthour/internal/routing"
	"experthour/internal/screening"
	"experthour/internal/session"
)

// Hint is a guideline that an answer does not keep to, in words.
type Hint struct {
	Text   string
	Tone   Tone
	Blocks bool // approving it all the same asks for a reason
}

// hints words what the newest revision of q and its copies do not keep to.
func (r Reader) hints(q session.Question, copies []session.Rendered) []Hint {
	var hs []Hint
	for _, b := range r.Guide.Breaches(q, q.Latest(), copies) {
		h := Hint{Text: r.breach(b), Tone: Warn, Blocks: b.Blocks}
		if b.Blocks || b.Guideline == screening.Personally {
			h.Tone = Bad
		}
		if b.Blocks {
			h.Text += " " + r.Words.Text("desk.guideline_blocks")
		}
		hs = append(hs, h)
	}
	return hs
}

// drafted are the hints for what the holder of q has written so far.
func (r Reader) drafted(q session.Question) []Hint {
	text := q.Draft()
	if text == "" {
		return nil
	}
	sent, err := q.AsSent(text, session.Actor{Name: q.Holder, Role: session.ExpertRole}, r.At)
	if err != nil {
		return nil // which is said when it is sent
	}
	copies, _ := r.Preview(r.Session, sent)
	return r.hints(sent, copies)
}

func (r Reader) breach(b routing.Breach) string {
	detail := b.Detail
	if len(b.Words) > 0 {
		detail = r.plainer(b.Words)
	}
	text := r.Words.Text("guideline."+string(b.Guideline), "detail", detail)
	for i, k := range b.Kinds {
		if i == 0 {
			text = ""
		}
		text = strings.TrimSpace(text + " " + r.Words.Text("screening."+string(k)) + ".")
	}
	if len(b.Copies) == 0 {
		return text
	}
	var at []string
	for _, slot := range b.Copies {
		if name := r.Place(slot.Connector); !slices.Contains(at, name) {
			at = append(at, name)
		}
	}
	return strings.Join(at, ", ") + ": " + text
}

func (d *Desk) plainer(words []screening.Plainer) string {
	var all []string
	for _, w := range words {
		all = append(all, d.Words.Text("desk.plainer", "word", w.Word, "plain", w.Plain))
	}
	return strings.Join(all, "; ")
}

// asksWhy reports whether whoever approves q must say why it goes out as it is.
func (r Reader) asksWhy(q session.Question) bool {
	if q.State != session.Review || !r.Guide.Asks() {
		return false
	}
	copies, _ := r.Desk.Preview(r.Session, q)
	return len(r.Guide.Blocking(q, q.Latest(), copies)) > 0
}
