package routing

import (
	"slices"

	"experthour/internal/screening"
	"experthour/internal/session"
)

// Guide checks the copies of an answer by the guidelines that are in force.
type Guide struct {
	// Planner gives what renders the copies now: it knows their hashtags and links.
	Planner func() Planner
	// Rules say what comes of a breach; what is not in it is a hint.
	Rules map[screening.Guideline]screening.Rule
}

// Breach is a guideline that an answer does not keep to.
type Breach struct {
	screening.Breach
	// Copies are those that do not keep to it; none is the answer itself.
	Copies []session.Slot
	Blocks bool
}

// Breaches lists what a revision and its copies do not keep to, each once, in the order of
// screening.Guidelines.
func (g Guide) Breaches(q session.Question, rev session.Revision, copies []session.Rendered) []Breach {
	var all []Breach
	for _, b := range screening.OfAnswer(rev.Text, q.Language) {
		all = append(all, g.breach(b))
	}
	for _, c := range copies {
		for _, b := range g.Planner().post(q, rev, c).Breaches() {
			i := slices.IndexFunc(all, func(o Breach) bool { return o.Guideline == b.Guideline })
			if i < 0 {
				i, all = len(all), append(all, g.breach(b))
			}
			all[i].Copies = append(all[i].Copies, c.Slot)
		}
	}
	all = slices.DeleteFunc(all, func(b Breach) bool { return g.Rules[b.Guideline] == screening.Off })
	slices.SortStableFunc(all, func(a, b Breach) int { return place(a.Guideline) - place(b.Guideline) })
	return all
}

func place(g screening.Guideline) int { return slices.Index(screening.Guidelines, g) }

func (g Guide) breach(b screening.Breach) Breach {
	return Breach{Breach: b, Blocks: g.Rules[b.Guideline] == screening.Blocking}
}

// Asks reports whether there is a guideline that blocks.
func (g Guide) Asks() bool {
	for _, rule := range g.Rules {
		if rule == screening.Blocking {
			return true
		}
	}
	return false
}

// Blocking names the guidelines that block and are not kept to; see session.Service.Broken.
func (g Guide) Blocking(q session.Question, rev session.Revision, copies []session.Rendered) []string {
	var names []string
	for _, b := range g.Breaches(q, rev, copies) {
		if b.Blocks {
			names = append(names, string(b.Guideline))
		}
	}
	return names
}

// post is a copy as its readers find it.
func (p Planner) post(q session.Question, rev session.Revision, c session.Rendered) screening.Post {
	post := screening.Post{Text: c.Text, Answer: rev.Text, Link: c.Pointer, TooLong: c.TooLong(),
		Pictures: rev.Pictures[:min(len(rev.Pictures), c.Pictures)]}
	origin, asked := q.OriginOf(c.Slot.Original)
	under := c.Connector == session.Page || asked && origin.At(c.Connector, c.Place)
	if !under {
		post.Question = q.Text
		if c.Connector != p.Letters {
			post.Hashtags = p.Hashtags
		}
	}
	return post
}
