package transcript

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"experthour/internal/session"
	"experthour/internal/wording"
)

// Build copies what the public may read about s and its questions. Votes are by
// number. It works in every state of a session: before the end, questions without
// an outcome are "queued" and show their text once it was accepted.
func Build(s session.Session, qs []session.Question, votes map[int]int, o Options) Document {
	b := builder{s: s, o: o, w: wording.In(cmp.Or(o.Language, s.Language)), votes: votes, questions: map[int]session.Question{},
		also: map[int][]int{}}
	d := b.document()
	qs = asTold(qs)
	qs = slices.SortedFunc(slices.Values(qs), func(a, b session.Question) int {
		return cmp.Compare(a.Ref.Number, b.Ref.Number)
	})
	b.index(qs)
	for _, q := range qs {
		if q.State != session.Received {
			d.Questions = append(d.Questions, b.question(q))
		}
	}
	d.Numbers = count(s, qs)
	d.Updated = updated(s, qs)
	return d
}

// asTold leaves out what the desk can still undo.
func asTold(qs []session.Question) []session.Question {
	told := make([]session.Question, len(qs))
	for i, q := range qs {
		told[i] = q.AsTold()
	}
	return told
}

// Outcome is the state of a question as the public sees it: an outcome, received
// before a moderator looked at it, and queued for everything between.
func Outcome(q session.Question) session.State {
	switch q.State {
	case session.Received, session.Declined, session.Merged, session.Redirected, session.Expired,
		session.Retracted, session.Withdrawn:
		return q.State
	}
	if _, _, ok := q.Public(); ok {
		return session.Published
	}
	return session.Queued
}

// A builder holds what every part of a document is made from.
type builder struct {
	s         session.Session
	o         Options
	w         wording.Words
	votes     map[int]int
	questions map[int]session.Question
	also      map[int][]int
}

func (b builder) index(qs []session.Question) {
	for _, q := range qs {
		b.questions[q.Ref.Number] = q
		if q.State == session.Merged {
			b.also[q.Into] = append(b.also[q.Into], q.Ref.Number)
		}
	}
}

func (b builder) document() Document {
	s := b.s
	return Document{
		Schema: 1, Slug: s.ID, URL: SessionURL(b.o.PublicURL, s.ID), Institution: b.o.Institution, Contact: b.o.Contact,
		Language: b.w.Language(), State: s.State, Title: s.Title, Topic: s.Topic, Zone: s.Location().String(),
		Start: s.Start.UTC(), End: s.End.UTC(), Closed: s.Closed.UTC(),
		Experts: append([]session.Expert{}, s.Experts...), Questions: []Question{},
		SelfApproval: exception(s.SelfApproval), Forced: exception(s.Forced), Seal: SealOf(s), CalledOff: s.CalledOff,
		Events: events(s), id: b.o.feedID("s/" + string(s.ID)),
	}
}

// events are the turns that readers are told of: announced as last moved, called off, begun,
// over with the transcript.
func events(s session.Session) []Event {
	if s.State == session.Draft {
		return nil
	}
	var es []Event
	add := func(kind string, at, first time.Time) {
		es = append(es, Event{kind, at.UTC(), cmp.Or(first, at).UTC()})
	}
	first := s.Acts[session.Schedule].At
	add("announced", later(later(first, s.Acts[session.Reschedule].At), s.Acts[session.Edit].At), first)
	if at := s.Acts[session.Cancel].At; s.State == session.Cancelled {
		add("cancelled", at, at)
	} else if at := cmp.Or(s.Acts[session.Start].At, s.Start); s.State != session.Scheduled {
		add("open", at, at)
	}
	if s.State.Held() {
		add("closed", s.Closed, firstClosed(s))
	}
	return slices.DeleteFunc(es, func(e Event) bool { return e.At.IsZero() }) // an hour of an early version
}

// firstClosed is when an hour was over before it was opened anew; its first seal tells.
func firstClosed(s session.Session) time.Time {
	if len(s.Seals) > 0 && s.Seals[0].At.Before(s.Closed) {
		return s.Seals[0].At
	}
	return s.Closed
}

// SessionURL is the address of a session's public page; empty when public is not
// an http address.
func SessionURL(public string, id session.ID) string { return address(public, "s", string(id)) }

// address is checked once, here: what it returns may be linked to in any format.
func address(public string, path ...string) string {
	u, err := url.Parse(public)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.ContainsAny(public, "<>\"'`\\ ") {
		return ""
	}
	return u.JoinPath(path...).String()
}

func exception(e *session.Exception) *Exception {
	if e == nil {
		return nil
	}
	return &Exception{Reason: e.Reason, At: e.At.UTC()}
}

// SealOf is the last seal of an hour, while it is about the record as it stands; nil is none.
func SealOf(s session.Session) *Seal {
	if s.State != session.Archived || len(s.Seals) == 0 {
		return nil
	}
	last := s.Seals[len(s.Seals)-1]
	return &Seal{Hash: last.Hash, Prev: last.Prev, At: last.At.UTC(), Public: last.Public, Heads: last.Heads,
		Own: last.Own, Version: last.Version}
}

func (b builder) question(q session.Question) Question {
	n := q.Ref.Number
	p := Question{Number: n, Outcome: Outcome(q), Also: b.also[n], Askings: q.Askings()}
	if base := SessionURL(b.o.PublicURL, b.s.ID); base != "" {
		p.URL = fmt.Sprintf("%s/q/%d", base, n)
	}
	if b.shown(q) {
		p.Asked, p.Votes = b.asked(q), b.votes[n]
	}
	switch p.Outcome {
	case session.Published:
		p.Answer, p.First = b.answer(q), first(q)
	case session.Retracted, session.Withdrawn:
		if !q.PublishedAt.IsZero() {
			p.Gone, p.First = q.Since.UTC(), first(q)
		}
	case session.Merged:
		p.Into = q.Into
	case session.Declined:
		p.Reason = b.reason(q.Reason)
	case session.Redirected:
		p.Redirect = redirect(q.Forward)
	}
	return p
}

// first is when an answer was public first; zero where an early version did not keep it.
func first(q session.Question) time.Time {
	switch {
	case len(q.Publications) > 0:
		return q.Publications[0].At.UTC()
	case q.Corrected:
		return time.Time{}
	}
	return q.PublishedAt.UTC()
}

// shown reports whether the question's own words may be read. A merged question
// shares the fate of its target: next to a declined one it is a number only.
func (b builder) shown(q session.Question) bool {
	if q.State != session.Merged {
		return q.Accepted()
	}
	_, accepted := q.Acts[session.Accept]
	into, known := b.questions[q.Into]
	return accepted && known && into.Accepted()
}

func (b builder) asked(q session.Question) *Asked {
	by := q.ShownName()
	if by == "" {
		by = b.w.Text("transcript.citizen")
	}
	return &Asked{Text: q.Text, Language: b.language(q.Language), By: by, Place: b.place(q.Origin.Connector), At: q.Asked.UTC()}
}

func (b builder) place(c session.ConnectorID) string {
	if name, ok := b.o.Places[c]; ok {
		return name
	}
	if c == session.Page {
		return b.w.Text("transcript.place_page")
	}
	return string(c)
}

func (b builder) language(l session.Language) session.Language {
	if l.Known() {
		return l
	}
	return wording.In(b.s.Language).Language()
}

func (b builder) answer(q session.Question) *Answer {
	text, number, _ := q.Public()
	rev := q.Revision(number)
	approval, _ := q.ApprovalOf(number)
	a := Answer{Text: text, Language: b.answerLanguage(q), Revision: number, PublishedAt: q.PublishedAt.UTC(),
		Corrected: q.Corrected, SelfApproved: approval.Self}
	a.By, a.Office = b.author(b.s.Signer(q, rev))
	for _, p := range rev.Pictures {
		a.Pictures = append(a.Pictures, b.picture(q.Ref.Number, p))
	}
	if p := first(q); q.Corrected {
		a.FirstAt = p
	}
	a.Before = b.before(q)
	return &a
}

// before is what a corrected answer said. Its pictures are not served any more.
func (b builder) before(q session.Question) []Replaced {
	var rs []Replaced
	old := q.Replaced()
	for i, p := range old {
		rev, until := q.Revision(p.Revision), q.PublishedAt
		if i+1 < len(old) {
			until = old[i+1].At
		}
		r := Replaced{Revision: p.Revision, Text: rev.Text, Language: b.answerLanguage(q), PublishedAt: p.At.UTC(), Until: until.UTC()}
		r.By, r.Office = b.author(b.s.Signer(q, rev))
		for _, pic := range rev.Pictures {
			r.Pictures = append(r.Pictures, Picture{Hash: pic.Hash, Type: pic.Type, Alt: pic.Alt, Author: pic.Author})
		}
		rs = append(rs, r)
	}
	return rs
}

func (b builder) picture(n int, p session.Picture) Picture {
	out := Picture{Path: PicturePath(b.s.ID, n, p.Hash), Hash: p.Hash, Type: p.Type, Alt: p.Alt, Author: p.Author}
	if base := address(b.o.PublicURL); base != "" {
		out.URL = strings.TrimSuffix(base, "/") + out.Path
	}
	return out
}

// PicturePath is where a picture of the public answer to question n is on the site.
func PicturePath(id session.ID, n int, h session.Hash) string {
	return fmt.Sprintf("/s/%s/q/%d/picture/%s", id, n, h)
}

// author names who signs; without an expert of the session the institution speaks.
func (b builder) author(e session.Expert) (by, office string) {
	if e.Name != "" {
		return string(e.Name), e.Office
	}
	if b.o.Institution != "" {
		return b.o.Institution, ""
	}
	return b.w.Text("transcript.institution_unnamed"), ""
}

func (b builder) answerLanguage(q session.Question) session.Language {
	for _, c := range q.Copies {
		if c.Kind == session.KindAnswer && c.Connector == session.Page {
			return b.language(c.Language)
		}
	}
	return b.language(b.s.Language)
}

func (b builder) reason(id string) string { return b.o.ReasonFor(id, b.w.Language()) }

// ReasonFor words a decline reason; "" when it is not known.
func (o Options) ReasonFor(id string, l session.Language) string {
	if o.Reason == nil {
		return ""
	}
	return o.Reason(id, l)
}

func redirect(f *session.Forward) *Redirect {
	if f == nil {
		return nil
	}
	return &Redirect{Elsewhere: f.Institution != "", Email: f.Email, Answered: f.Answered}
}

// updated is the last time at which something changed that the public can see.
func updated(s session.Session, qs []session.Question) time.Time {
	var last time.Time
	for _, a := range s.Acts {
		last = later(last, a.At)
	}
	for _, q := range qs {
		last = later(last, q.PublishedAt)
		if Outcome(q) == q.State && q.State != session.Received {
			last = later(last, q.Since)
		}
	}
	if last.IsZero() {
		last = s.Start
	}
	return last.UTC()
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
