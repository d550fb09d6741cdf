package view

import (
	"slices"
	"time"

	"experthour/internal/session"
)

// Composing is how a text would go out that its writer has not sent yet.
type Composing struct {
	Copies []Exact
	Hints  []Hint // what it does not keep to
	Wrong  string // why it could not be sent
}

// Composing measures a text as the next answer to q, as the preview would.
func (r Reader) Composing(q session.Question, text string) Composing {
	if session.CleanText(text) == "" {
		return Composing{}
	}
	sent, err := q.AsSent(text, r.By, r.At)
	if err != nil {
		return Composing{Wrong: r.Words.Error(err)}
	}
	copies, _ := r.Preview(r.Session, sent)
	return Composing{Copies: r.answers(sent, copies), Hints: r.hints(sent, copies)}
}

// Unsent is what one person is writing about a question and has not sent.
type Unsent struct {
	session.Typed
	Mark   string
	Saved  string    // when
	Others []Passage // what they wrote in other windows meanwhile, the newest first
}

// Unsent words a person's own texts, the newest first; nil when there are none.
func (r Reader) Unsent(texts []session.Typed) *Unsent {
	if len(texts) == 0 {
		return nil
	}
	u := &Unsent{Typed: texts[0], Mark: texts[0].Mark(), Saved: r.Words.Text("desk.typed_saved", "time", r.clockOf(texts[0].At))}
	for _, t := range texts[1:] {
		u.Others = append(u.Others, Passage{r.Words.Text("desk.typed_other", "time", r.clockOf(t.At)), t.Text})
	}
	return u
}

// clockOf is the time of the day, with the date if that was another one.
func (r Reader) clockOf(t time.Time) string {
	zone := r.Session.Location()
	if t.In(zone).YearDay() == r.At.In(zone).YearDay() {
		return r.Clock(t)
	}
	return r.Words.Date(t.In(zone)) + ", " + r.Clock(t)
}

// Writing says which others are writing about a question, in the order of their names.
func (r Reader) Writing(q session.Question, t session.Typing) []string {
	var lines []string
	for name, texts := range t {
		if name != r.By.Name && len(texts) > 0 && q.TakesAnswers() {
			lines = append(lines, r.Words.Text("desk.writing", "name", name, "time", r.clockOf(texts[0].At)))
		}
	}
	slices.Sort(lines)
	return lines
}
