package view

import (
	"experthour/internal/session"
)

// pictures says how many the answer has, as far as it has come.
func (r Reader) pictures(q session.Question) string {
	var ps []session.Picture
	switch q.State {
	case session.Claimed:
		ps = q.NextPictures()
	case session.Review, session.Approved, session.Published:
		ps = q.Latest().Pictures
	}
	if len(ps) == 0 {
		return ""
	}
	text, wordless := r.Words.Count("desk.with_pictures", len(ps)), 0
	for _, p := range ps {
		if !p.Described() {
			wordless++
		}
	}
	if wordless > 0 {
		text += "; " + r.Words.Count("desk.wordless", wordless)
	}
	return text
}

// Saying is what a message says, and without words what it is.
func (d *Desk) Saying(m session.Said) string {
	if m.Text == "" && (m.Awaits || len(m.Pictures) > 0) {
		return d.Words.Text("with." + string(session.MediaPicture))
	}
	return m.Text
}

// authorOf is who is proposed as the author of the picture that has no words yet: who was named
// last in this answer, and else whoever sent it.
func authorOf(q session.Question) session.PersonName {
	_, by, _ := q.Undescribed()
	for _, p := range q.NextPictures() {
		if p.Author != "" {
			by = session.PersonName(p.Author)
		}
	}
	return by
}
