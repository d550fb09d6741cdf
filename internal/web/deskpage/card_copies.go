package deskpage

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"experthour/internal/screening"
	"experthour/internal/session"
)

// preview is what an approval would make public: exactly these copies.
type preview struct {
	Copies   []copyView
	Flags    []string // personal data in the answer
	Advice   []string
	Revision int
	Digest   string
	Seen     string // what the person is shown, to say later what changed
	Blocked  string // why this person cannot approve it; empty when they can
	Own      bool   // approving it would use the exception
}

// copyView is the exact text of one public copy.
type copyView struct {
	Name, Kind           string
	Text                 string
	Lang                 session.Language
	Length, Limit        int
	Max, Low, High, Show int // of the meter
	Over                 int // how many too many
	key, sum             string
}

// preview renders the copies of an answer that waits for approval.
func (m *room) preview(q session.Question, may map[string]bool) *preview {
	if q.State != session.Review {
		return nil
	}
	rev := q.Latest()
	copies, digest := m.desk.Service.Preview(m.ses, q)
	p := &preview{Revision: rev.Number, Digest: digest, Flags: m.findings(rev.Text), Own: rev.Author == m.Name}
	var seen []string
	for _, c := range copies {
		v := m.copyView(c)
		p.Copies = append(p.Copies, v)
		seen = append(seen, v.key+"="+v.sum)
	}
	p.Seen = strings.Join(seen, "\n")
	for _, a := range screening.Guideline(rev.Text, 0) {
		p.Advice = append(p.Advice, m.Text("advice."+string(a)))
	}
	p.Blocked = m.blocked(p, may)
	return p
}

// blocked says why Approve is left out. Who decides in the end is package session.
func (m *room) blocked(p *preview, may map[string]bool) string {
	switch {
	case p.Own && !(m.Role == session.Moderator && m.ses.SelfApproval != nil):
		return m.Text("desk.blocked_own")
	case !may[string(session.Approve)]:
		return m.Text("desk.blocked_role")
	case slices.ContainsFunc(p.Copies, func(c copyView) bool { return c.Over > 0 }):
		return m.Text("desk.blocked_long")
	}
	return ""
}

func (m *room) copyView(c session.Rendered) copyView {
	sum := sha256.Sum256([]byte(string(c.Language) + "\n" + c.Text))
	v := copyView{Name: m.desk.placeName(m.visit, c.Connector), Kind: m.copyKind(c.Slot), Text: c.Text, Lang: c.Language,
		Length: c.Length, Limit: c.Limit, key: c.Key(), sum: hex.EncodeToString(sum[:6])}
	if c.Limit > 0 {
		v.Max, v.Low, v.High, v.Show = c.Limit, c.Limit*9/10, c.Limit, c.Length
	}
	if c.TooLong() {
		v.Over = c.Length - c.Limit
		v.Max, v.Low = c.Length, c.Limit-1
	}
	return v
}

// copyKind says in a few words what a copy is.
func (m *room) copyKind(s session.Slot) string {
	switch {
	case s.Connector == session.Page:
		return m.Text("desk.copy_page")
	case s.Original > 0:
		return m.Text("desk.copy_reply", "number", s.Original)
	}
	return m.Text("desk.copy_alone")
}

// out is how far one public copy has come.
type out struct {
	Key, Name string
	Kind      string
	Status    badge
	URL       string
	Detail    string // what the platform said
	Attempt   int
	At        time.Time
	Unsure    bool
	Refused   bool
	Text      string
	Lang      session.Language
	May       map[string]bool
}

// Parked reports whether a person has to decide about the copy.
func (o out) Parked() bool { return o.Unsure || o.Refused }

// outs lists the copies that stand somewhere, are under way or wait for a person.
func (m *room) outs(q session.Question) []out {
	var os []out
	for _, c := range q.Copies {
		if c.Wanted == 0 && c.Out == 0 && c.Problem == session.NoProblem {
			continue
		}
		if c.Kind != session.KindAnswer && !c.Parked() && c.Problem != session.Dropped && !c.Due() {
			continue // a notice that has arrived is nobody's business any more
		}
		os = append(os, m.out(c, q.Ref))
	}
	return os
}

func (m *room) out(c session.Copy, ref session.QuestionRef) out {
	o := out{Key: c.Key(), Name: m.desk.placeName(m.visit, c.Connector), Status: m.status(c), URL: webAddress(c.URL), Detail: c.Detail,
		Attempt: c.Attempt, At: c.At.In(m.zone), Unsure: c.Problem == session.Unsure, Refused: c.Problem == session.RefusedIt,
		Text: c.Text, Lang: c.Language, May: set(session.CopyVerbs(c, m.Actor()))}
	if c.Kind != session.KindAnswer {
		o.Kind = m.Text("desk.copy_notice")
	} else if c.Original != 0 && c.Original != ref.Number {
		o.Kind = m.Text("desk.copy_reply", "number", c.Original)
	}
	if c.Connector == session.Page && c.Out != 0 && c.Wanted != 0 {
		o.URL = m.desk.Site.URL("/s/" + string(ref.Session) + "/q/" + strings.TrimPrefix(ref.String(), string(ref.Session)+"/"))
	}
	return o
}

func (m *room) status(c session.Copy) badge {
	switch {
	case c.Problem == session.Unsure:
		return badge{m.Text("desk.out_unsure"), "warn"}
	case c.Problem == session.RefusedIt:
		return badge{m.Text("desk.out_refused"), "bad"}
	case c.Problem == session.Dropped:
		return badge{m.Text("desk.out_dropped"), ""}
	case c.Wanted == 0:
		return badge{m.Text("desk.out_leaving"), "warn"}
	case c.Out == c.Wanted:
		return badge{m.Text("desk.out_there", "time", m.clock(c.At)), "ok"}
	case m.ses.Paused:
		return badge{m.Text("desk.out_paused"), "warn"}
	}
	return badge{m.Text("desk.out_moving"), ""}
}
