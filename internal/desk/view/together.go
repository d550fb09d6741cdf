package view

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Together is the form that declines a new question with others, or merges others into it, and
// what its reader is shown of those first.
type Together struct {
	Form
	Alike []Likeness
}

// Likeness is what new questions have in common.
type Likeness struct {
	Same     session.Sameness
	Text     string // how many they are, and what they have in common
	Examples []Example
}

// Example is one of them.
type Example struct {
	Ref, Text string
	Language  session.Language
}

// Together looks which questions are like q, for one of the verbs on several.
func (r Reader) Together(ctx context.Context, q session.Question, v session.Verb) (Together, error) {
	if v == session.MergeTogether {
		return r.gather(ctx, q)
	}
	all, err := r.Desk.Alike(ctx, q.Ref)
	t := Together{Form: r.Form(q, session.DeclineTogether)}
	same := t.field("same")
	for _, a := range all {
		l := Likeness{Same: a.Same, Text: r.Words.Count("desk.same_"+string(a.Same), a.Count)}
		for _, e := range a.Examples {
			l.Examples = append(l.Examples, Example{r.Ref(e.Ref.Number), session.Shorten(e.Text, 160), e.Language})
		}
		t.Alike = append(t.Alike, l)
		same.Options = append(same.Options, connector.Option{Value: string(a.Same), Label: l.Text})
	}
	return t, err
}

// mostTicked is how many questions a list to tick shows.
const mostTicked = 20

// gatherable are the states of questions that are merged together: nobody works on them.
var gatherable = []session.State{session.Received, session.Queued}

// gather lists the questions that really read like q, all ticked.
func (r Reader) gather(ctx context.Context, q session.Question) (Together, error) {
	t := Together{Form: r.Form(q, session.MergeTogether)}
	found, err := r.matches(ctx, q, gatherable...)
	if err != nil {
		return t, err
	}
	found = reallyAlike(found)
	ts, err := r.targets(ctx, found[:min(len(found), mostTicked)])
	also := t.field("also")
	for _, o := range ts {
		also.Options = append(also.Options, connector.Option{Value: strconv.Itoa(o.Number), Label: o.Ref + " " + o.Text})
		also.Value = append(also.Value, strconv.Itoa(o.Number))
	}
	t.Alike = []Likeness{{Text: r.Words.Count("desk.gather", len(found))}}
	return t, err
}

// reallyAlike are those that come first; see matches.
func reallyAlike(found []match) []match {
	if i := slices.IndexFunc(found, func(m match) bool { return !m.alike }); i >= 0 {
		return found[:i]
	}
	return found
}

// Shown is the moment at which a form was drawn, as a command names it.
func (r Reader) Shown() string { return r.At.UTC().Format(time.RFC3339Nano) }

// Batch says what became of questions that were to be decided together.
func (d *Desk) Batch(v session.Verb, b session.Batch) string {
	texts := []string{d.Words.Count("desk.declined_together", b.Declined)}
	switch v {
	case session.Undo:
		texts[0] = d.Words.Count("desk.undone_together", b.Undone)
	case session.MergeTogether:
		texts[0] = d.Words.Count("desk.merged_together", b.Merged)
	}
	if len(b.Kept) > 0 {
		texts = append(texts, d.Words.Text("desk.declined_kept", "list", d.refs(b.Kept)))
	}
	if b.More {
		texts = append(texts, d.Words.Text("desk.declined_more"))
	}
	return strings.Join(texts, " ")
}

// mostRefs are as many as a line can name.
const mostRefs = 20

func (d *Desk) refs(numbers []int) string {
	var refs []string
	for _, n := range numbers[:min(len(numbers), mostRefs)] {
		refs = append(refs, d.Ref(n))
	}
	if len(numbers) > mostRefs {
		refs = append(refs, "…")
	}
	return strings.Join(refs, ", ")
}
