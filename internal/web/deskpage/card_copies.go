package deskpage

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// previewView is what an approval would make public, with what the page needs to say
// later what has changed.
type previewView struct {
	view.Preview
	Copies   []copyView
	Pictures []shownPicture
	Seen     string
	Changes  []span // what a correction makes of the public answer
	Alone    bool   // right under the heading of its page, and not on a card
}

// heading is one of a preview, on the level below the text of its question.
type heading struct {
	Text  string
	Alone bool
}

// Heading is called by the template.
func (p *previewView) Heading(text string) heading { return heading{text, p.Alone} }

// copyView is the exact text of one public copy, with its meter.
type copyView struct {
	view.Exact
	Max, Low int
	sum      string
}

func copyOf(e view.Exact) copyView {
	sum := sha256.Sum256([]byte(string(e.Language) + "\n" + e.Text))
	c := copyView{Exact: e, Max: e.Limit, Low: e.Limit * 9 / 10, sum: hex.EncodeToString(sum[:6])}
	if e.Over > 0 {
		c.Max, c.Low = e.Length, e.Limit-1
	}
	return c
}

// previewView lays out the copies of an answer that waits for approval.
func (m *room) previewView(q session.Question) *previewView {
	a := m.Approval(q)
	if a == nil {
		return nil
	}
	p := &previewView{Preview: *a, Pictures: m.shownPictures(q.Ref.Number, "picture", a.Pictures)}
	if a.Was != "" {
		p.Changes = diff(a.Was, q.Latest().Text)
	}
	var seen []string
	for _, e := range a.Copies {
		c := copyOf(e)
		p.Copies = append(p.Copies, c)
		seen = append(seen, c.Key+"="+c.sum)
	}
	p.Seen = strings.Join(seen, "\n")
	return p
}
