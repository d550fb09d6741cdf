package transcript

import (
	"strings"
	"time"

	"experthour/internal/session"
	"experthour/internal/wording"
)

// A page is a Document in words: what HTML and Markdown both say. Everything in it
// is plain text that the renderer must escape.
type page struct {
	Lang, Kind, Title string
	Facts             []fact
	NoticesTitle      string
	Notices           []string
	AnsweredTitle     string
	Answered          []item
	RestTitle         string
	Rest              []item
	BeforeTitle       string
	Before            []item // what answers said that were corrected
	NumbersTitle      string
	Numbers           []fact
	Check             string
	Seal              []fact
}

// A fact is a line with a label. Link says that Text is an address that Build has
// checked, Code that it is to be copied letter by letter.
type fact struct {
	Label, Text string
	Link, Code  bool
}

// An item is one question.
type item struct {
	Number                      int
	Title, Status, Votes, Also  string
	Question                    *said
	AnswerTitle, ExceptionTitle string
	Answer                      *said
	BeforeTitle                 string // of the link to Before
	Before                      []said
	Followers                   []said
}

// said is what somebody wrote, and who and when.
type said struct {
	Who, When, ISO, Lang, Text string
	Pictures                   []shown
}

// shown is a picture, and who made it in words.
type shown struct {
	Picture
	By string
}

// A speaker words one document.
type speaker struct {
	d    Document
	w    wording.Words
	zone *time.Location
	by   map[int]Question
}

func (d Document) speaker() speaker {
	zone, err := time.LoadLocation(d.Zone)
	if err != nil {
		zone = time.UTC
	}
	sp := speaker{d: d, w: wording.In(d.Language), zone: zone, by: map[int]Question{}}
	for _, q := range d.Questions {
		sp.by[q.Number] = q
	}
	return sp
}

// words gives the document in its own language.
func (d Document) words() page {
	sp := d.speaker()
	w := sp.w
	p := page{
		Lang: string(w.Language()), Kind: w.Text("transcript.kind"), Title: d.Title, Facts: sp.facts(),
		NoticesTitle: w.Text("transcript.notices"), Notices: sp.notices(),
		AnsweredTitle: w.Text("transcript.answered"), RestTitle: w.Text("transcript.rest"),
		NumbersTitle: w.Text("transcript.numbers"), Numbers: sp.numbers(), Check: sp.check(), Seal: sp.seal(),
	}
	p.Answered, p.Rest = sp.items()
	p.BeforeTitle = w.Text("transcript.before")
	for _, it := range p.Answered {
		if len(it.Before) > 0 {
			p.Before = append(p.Before, it)
		}
	}
	return p
}

func (sp speaker) facts() []fact {
	d, w := sp.d, sp.w
	var experts []string
	for _, e := range d.Experts {
		experts = append(experts, person(string(e.Name), e.Office))
	}
	return given(
		fact{Label: w.Text("transcript.institution"), Text: d.Institution},
		fact{Label: w.Text("transcript.when"), Text: w.Span(d.Start.In(sp.zone), d.End.In(sp.zone))},
		fact{Label: w.Text("transcript.zone"), Text: d.Zone},
		fact{Label: w.Text("transcript.experts"), Text: strings.Join(experts, "; ")},
		fact{Label: w.Text("transcript.topic"), Text: d.Topic},
		fact{Label: w.Text("transcript.address"), Text: d.URL, Link: true},
		fact{Label: w.Text("transcript.contact"), Text: d.Contact},
	)
}

// given leaves out the facts without a text.
func given(facts ...fact) []fact {
	var fs []fact
	for _, f := range facts {
		if f.Text != "" {
			fs = append(fs, f)
		}
	}
	return fs
}

// person is a name with its office, or the one of them that there is.
func person(name, office string) string {
	if office == "" {
		return name
	}
	return name + ", " + office
}

func (sp speaker) notices() []string {
	var ns []string
	if sp.d.State == session.Cancelled {
		ns = append(append(ns, sp.w.Text("transcript.cancelled")), sp.w.CalledOff(sp.d.CalledOff)...)
	}
	if e := sp.d.SelfApproval; e != nil {
		ns = append(ns, sp.w.Text("transcript.self_approval", "reason", e.Reason))
	}
	if e := sp.d.Forced; e != nil {
		ns = append(ns, sp.w.Text("transcript.forced", "reason", e.Reason))
	}
	return ns
}

func (sp speaker) items() (answered, rest []item) {
	for _, q := range sp.d.Questions {
		if q.Outcome == session.Published {
			answered = append(answered, sp.item(q))
			continue
		}
		it := sp.item(q)
		it.Status = sp.status(q)
		if q.Outcome == session.Merged {
			it.Question, it.Votes = nil, "" // its words stand under the target
		}
		rest = append(rest, it)
	}
	return answered, rest
}

func (sp speaker) item(q Question) item {
	it := item{Number: q.Number, Title: sp.w.Text("transcript.question", "number", q.Number)}
	if q.Asked != nil {
		it.Question = sp.question(*q.Asked)
	}
	if q.Votes > 0 {
		it.Votes = sp.w.Count("transcript.votes", q.Votes)
	}
	if q.Answer != nil {
		it.AnswerTitle, it.Answer = sp.w.Text("transcript.answer"), sp.answer(*q.Answer)
		if q.Answer.SelfApproved {
			it.ExceptionTitle = sp.w.Text("transcript.self_approved")
		}
		it.BeforeTitle, it.Before = sp.w.Text("transcript.before_link"), sp.before(*q.Answer)
	}
	it.Also, it.Followers = sp.also(q)
	return it
}

func (sp speaker) question(a Asked) *said {
	who := a.By
	if a.Place != "" {
		who += ", " + a.Place
	}
	return &said{Who: who, When: sp.clock(a.At), ISO: iso(a.At), Lang: string(a.Language), Text: a.Text}
}

func (sp speaker) answer(a Answer) *said {
	return &said{Who: person(a.By, a.Office), When: sp.published(a), ISO: iso(a.PublishedAt), Lang: string(a.Language), Text: a.Text,
		Pictures: sp.pictures(a.Pictures)}
}

// published says when the answer was public first, as far as it is known, and when it was corrected.
func (sp speaker) published(a Answer) string {
	first := a.PublishedAt
	if a.Corrected {
		first = a.FirstAt
	}
	var all []string
	if !first.IsZero() {
		all = append(all, sp.w.Text("transcript.published", "time", sp.clock(first)))
	}
	for _, at := range a.corrections() {
		all = append(all, sp.w.Text("transcript.corrected", "time", sp.clock(at)))
	}
	return strings.Join(all, " · ")
}

// corrections are when an answer was corrected, as far as it is known.
func (a Answer) corrections() []time.Time {
	if !a.Corrected {
		return nil
	}
	var all []time.Time
	for _, b := range a.Before {
		if !a.FirstAt.IsZero() && b.PublishedAt.After(a.FirstAt) {
			all = append(all, b.PublishedAt)
		}
	}
	return append(all, a.PublishedAt)
}

// before is what a corrected answer said, and from when to when.
func (sp speaker) before(a Answer) []said {
	var all []said
	for _, b := range a.Before {
		when := sp.w.Text("transcript.public_until", "from", sp.clock(b.PublishedAt), "until", sp.clock(b.Until))
		all = append(all, said{Who: person(b.By, b.Office), When: when, ISO: iso(b.PublishedAt), Lang: string(b.Language), Text: b.Text,
			Pictures: sp.pictures(b.Pictures)})
	}
	return all
}

func (sp speaker) pictures(ps []Picture) []shown {
	var all []shown
	for _, p := range ps {
		all = append(all, shown{p, sp.w.Text("transcript.picture_by", "author", p.Author)})
	}
	return all
}

// also names the questions that were merged into q, and gives the words of those
// whose words may be read.
func (sp speaker) also(q Question) (list string, followers []said) {
	var refs []string
	for _, n := range q.Also {
		refs = append(refs, sp.ref(n))
		if f := sp.by[n]; f.Asked != nil {
			words := *sp.question(*f.Asked)
			words.Who = sp.ref(n) + ": " + words.Who
			followers = append(followers, words)
		}
	}
	if len(refs) == 0 {
		return "", nil
	}
	list = sp.w.Text("transcript.also", "list", strings.Join(refs, ", "))
	if said := sp.w.Askings(q.Askings); said != "" {
		list += " · " + said
	}
	return list, followers
}

// clock is the time of day, with its date when that is not the day of the hour.
func (sp speaker) clock(t time.Time) string {
	t = t.In(sp.zone)
	if sp.w.Date(t) == sp.w.Date(sp.d.Start.In(sp.zone)) {
		return sp.w.Text("transcript.clock", "time", sp.w.Clock(t))
	}
	return sp.w.DateTime(t)
}

// status says what became of a question without a public answer.
func (sp speaker) status(q Question) string {
	w := sp.w
	switch q.Outcome {
	case session.Declined:
		return strings.TrimSpace(w.Text("transcript.declined") + " " + q.Reason)
	case session.Merged:
		return w.Text("transcript.merged", "ref", sp.ref(q.Into))
	case session.Redirected:
		return q.Redirect.Words(sp.w, sp.ref)
	case session.Expired:
		return w.Text("transcript.expired")
	case session.Retracted:
		return w.Text("transcript.retracted")
	case session.Withdrawn:
		return w.Text("transcript.withdrawn")
	}
	return w.Text("transcript.waiting")
}

// Words says where a question went, as the public reads it; ref writes the number of
// the question that has the answer. A nil Redirect only says that it went somewhere.
func (r *Redirect) Words(w wording.Words, ref func(number int) string) string {
	var ways []string
	if r != nil && r.Elsewhere {
		ways = append(ways, w.Text("transcript.redirected_institution"))
	}
	if r != nil && r.Email {
		ways = append(ways, w.Text("transcript.redirected_email"))
	}
	if r != nil && r.Answered != 0 {
		ways = append(ways, w.Text("transcript.redirected_answered", "ref", ref(r.Answered)))
	}
	if len(ways) == 0 {
		return w.Text("transcript.redirected")
	}
	return strings.Join(ways, " ")
}

func (sp speaker) ref(n int) string { return sp.w.Text("transcript.ref", "number", n) }

func iso(t time.Time) string { return t.UTC().Format(time.RFC3339) }
