package view

import (
	"slices"
	"strings"

	"experthour/internal/session"
)

// Copy is how far one public copy has come.
type Copy struct {
	Key      string
	Name     string // of its place
	Kind     string // what it is, where that is not plain
	Status   Badge
	URL      string
	Problem  session.Problem
	Detail   string // what the platform said
	Attempt  int    // names the parking that is shown here
	Text     string
	Language session.Language
	Verbs    []session.Verb // what this reader may decide about it
}

// Parked reports whether a person has to decide about the copy.
func (c Copy) Parked() bool { return c.Problem == session.Unsure || c.Problem == session.RefusedIt }

// May reports whether this reader may decide so about the copy.
func (c Copy) May(v session.Verb) bool { return slices.Contains(c.Verbs, v) }

// Copies lists those that stand somewhere, are under way or wait for a person.
func (r Reader) Copies(q session.Question) []Copy {
	var cs []Copy
	for _, c := range q.Copies {
		if c.Wanted == 0 && c.Out == 0 && c.Problem == session.NoProblem {
			continue
		}
		if c.Kind.Notice() && !c.Parked() && c.Problem != session.Dropped {
			continue // a notice that arrives is nobody's business
		}
		cs = append(cs, r.copy(c, q.Ref))
	}
	return cs
}

// Told lists the announcements of the hour that wait for a person.
func (r Reader) Told() []Copy {
	var cs []Copy
	for _, c := range r.Session.Copies.Parked() {
		cs = append(cs, r.copy(c, session.QuestionRef{}))
	}
	return cs
}

func (r Reader) copy(c session.Copy, ref session.QuestionRef) Copy {
	v := Copy{Key: c.Key(), Name: r.Place(c.Connector), Status: r.status(c), URL: webAddress(c.URL), Problem: c.Problem, Detail: c.Detail,
		Attempt: c.Attempt, Text: c.Text, Language: c.Language, Verbs: session.CopyVerbs(c, r.someone(session.Moderator))}
	switch {
	case c.Kind == session.KindAnnouncement:
		v.Kind = r.copyKind(c.Slot)
	case c.Kind == session.KindHidden:
		v.Kind, v.Text = r.Words.Text("desk.copy_hidden"), r.Reason(c.Text)
	case c.Kind != session.KindAnswer:
		v.Kind = r.Words.Text("desk.copy_notice")
	case c.Original != 0 && c.Original != ref.Number:
		v.Kind = r.Words.Text("desk.copy_reply", "question", r.Ref(c.Original))
	}
	if c.Connector == session.Page && c.Out != 0 && c.Wanted != 0 {
		v.URL = r.Page(ref)
	}
	return v
}

// someone is the reader; where everybody reads, somebody with a role.
func (r Reader) someone(role session.Role) session.Actor {
	if r.By == (session.Actor{}) {
		return session.Actor{Role: role}
	}
	return r.By
}

func (r Reader) status(c session.Copy) Badge {
	switch {
	case c.Problem == session.Unsure:
		return Badge{r.Words.Text("desk.out_unsure"), Warn}
	case c.Problem == session.RefusedIt:
		return Badge{r.Words.Text("desk.out_refused"), Bad}
	case c.Problem == session.Dropped && c.Detail != "":
		return Badge{r.Words.Text("desk.out_dropped_why", "detail", c.Detail), Quiet}
	case c.Problem == session.Dropped:
		return Badge{r.Words.Text("desk.out_dropped"), Quiet}
	case c.Kind == session.KindHidden:
		return r.hidden(c)
	case c.Wanted == 0:
		return Badge{r.Words.Text("desk.out_leaving"), Warn}
	case c.Out == c.Wanted:
		return Badge{r.Words.Text("desk.out_there", "time", r.Clock(c.At)), Good}
	case r.Session.Paused:
		return Badge{r.Words.Text("desk.out_paused"), Warn}
	}
	return Badge{r.Words.Text("desk.out_moving"), Quiet}
}

// hidden is how far hiding what the asker wrote has come.
func (r Reader) hidden(c session.Copy) Badge {
	switch {
	case c.Wanted == 0:
		return Badge{r.Words.Text("desk.hidden_leaving"), Warn}
	case c.Out == c.Wanted:
		return Badge{r.Words.Text("desk.hidden_there", "time", r.Clock(c.At)), Quiet}
	}
	return Badge{r.Words.Text("desk.hidden_moving"), Quiet}
}

// Preview is what an approval would make public: exactly these copies.
type Preview struct {
	Copies   []Exact
	Pictures []session.Picture // in their order
	Hints    []Hint            // what it does not keep to
	Revision int
	Digest   string
	Blocked  string // why this reader cannot approve it; empty when they can
	Own      bool   // approving it would use the exception
	Was      string // the public answer that a correction replaces
}

// Exact is the exact text of one public copy.
type Exact struct {
	Key, Name, Kind string
	Text            string
	Language        session.Language
	Length, Limit   int
	Over            int // how many too many
	Size            string
	Fit             Badge  // whether the whole answer is in it
	URL             string // of what it will stand under, or on
}

// Approval renders the copies of an answer that waits for approval; nil when none does.
func (r Reader) Approval(q session.Question) *Preview {
	if q.State != session.Review {
		return nil
	}
	rev := q.Latest()
	copies, digest := r.Desk.Preview(r.Session, q)
	p := &Preview{Revision: rev.Number, Digest: digest, Hints: r.hints(q, copies), Own: rev.Author == r.By.Name,
		Pictures: rev.Pictures}
	p.Copies = r.answers(q, copies)
	p.Was, _, _ = q.Public()
	for i, c := range copies {
		if c.Connector == session.Page {
			p.Copies[i].URL = r.Page(q.Ref)
		} else if origin, ok := q.OriginOf(c.Slot.Original); ok && origin.Connector == c.Connector {
			p.Copies[i].URL = webAddress(origin.URL)
		}
	}
	p.Blocked = r.blocked(q, p)
	return p
}

// answers lists the copies of the newest revision, and says of each whether the whole of it is there.
func (r Reader) answers(q session.Question, copies []session.Rendered) []Exact {
	all, answer := r.Exactly(copies), q.Latest().Text
	for i := range all {
		e, pointer := &all[i], copies[i].Pointer
		switch {
		case e.Over > 0:
			e.Fit = Badge{r.Words.Text("desk.fit_over"), Bad}
		case strings.Contains(e.Text, answer):
			e.Fit = Badge{r.Words.Text("desk.fit_whole"), Good}
		case pointer != "" && copies[i].Linkless && strings.Contains(e.Text, pointer):
			e.Fit = Badge{r.Words.Text("desk.fit_words"), Quiet}
		case pointer != "" && strings.Contains(e.Text, pointer):
			e.Fit = Badge{r.Words.Text("desk.fit_short"), Quiet}
		default:
			e.Fit = Badge{r.Words.Text("desk.fit_cut"), Warn}
		}
	}
	return all
}

// Exactly lists copies as they would read.
func (r Reader) Exactly(copies []session.Rendered) []Exact {
	var all []Exact
	for _, c := range copies {
		all = append(all, r.exact(c))
	}
	return all
}

// Foretold lists what is told at many places at once: what reads alike at some of them stands once, under all their names,
// with its length at each. What is too long somewhere stands by itself.
func (r Reader) Foretold(copies []session.Rendered) (all []Exact) {
	var alike [][]Exact
	for _, e := range r.Exactly(copies) {
		i := slices.IndexFunc(alike, func(g []Exact) bool { return g[0].reads(e) })
		if i < 0 {
			alike = append(alike, []Exact{e})
			continue
		}
		alike[i] = append(alike[i], e)
	}
	for _, g := range alike {
		all = append(all, together(g))
	}
	return all
}

// reads reports whether two copies read alike and fit.
func (e Exact) reads(o Exact) bool {
	return e.Over == 0 && o.Over == 0 && e.Kind == o.Kind && e.Text == o.Text && e.Language == o.Language
}

// together is one copy in place of several that read alike.
func together(copies []Exact) Exact {
	one := copies[0]
	if len(copies) == 1 {
		return one
	}
	var names, sizes []string
	for _, e := range copies {
		names = append(names, e.Name)
		if e.Size != "" {
			sizes = append(sizes, e.Name+": "+e.Size)
		}
	}
	one.Name, one.Size, one.Limit = strings.Join(names, ", "), strings.Join(sizes, " · "), 0
	return one
}

func (r Reader) exact(c session.Rendered) Exact {
	e := Exact{Key: c.Key(), Name: r.Place(c.Connector), Kind: r.copyKind(c.Slot), Text: c.Text, Language: c.Language,
		Length: c.Length, Limit: c.Limit}
	switch {
	case c.Text == "":
		e.Text, e.Language, e.Size = r.Words.Text("desk.told_taken_back"), r.Words.Language(), ""
	case c.TooLong():
		e.Over = c.Length - c.Limit
		e.Size = r.Words.Text("desk.length_over", "length", c.Length, "limit", c.Limit, "unit", c.Unit, "over", e.Over)
	case c.Limit > 0:
		e.Size = r.Words.Text("desk.length_of", "length", c.Length, "limit", c.Limit, "unit", c.Unit)
	default:
		e.Size = r.Words.Text("desk.length_free", "length", c.Length)
	}
	if c.Price > 0 && c.Text != "" {
		e.Size += " · " + r.price(c)
	}
	switch {
	case c.Caption > 0:
		e.Size += " " + r.Words.Text("desk.pictures_need_room", "limit", c.Caption, "unit", c.Unit)
	case c.LeftOut > 0:
		e.Size += " " + r.Words.Count("desk.pictures_left_out", c.LeftOut)
	case c.Anew:
		e.Size += " " + r.Words.Text("desk.pictures_anew")
	}
	if c.Assumed {
		e.Size += " " + r.Words.Text("desk.length_assumed")
	}
	return e
}

// price says what a copy costs, and what it would without a link.
func (r Reader) price(c session.Rendered) string {
	if c.Plain == c.Price {
		return r.Words.Text("desk.price", "price", r.Words.Dollars(c.Price))
	}
	return r.Words.Text("desk.price_link", "price", r.Words.Dollars(c.Price), "plain", r.Words.Dollars(c.Plain))
}

// copyKind says in a few words what a copy is.
func (r Reader) copyKind(s session.Slot) string {
	switch {
	case s.Kind == session.KindAnnouncement:
		return r.Words.Text("news." + string(s.News.Topic()))
	case s.Connector == session.Page:
		return r.Words.Text("desk.copy_page")
	case s.Original > 0:
		return r.Words.Text("desk.copy_reply", "question", r.Ref(s.Original))
	}
	return r.Words.Text("desk.copy_alone")
}

// blocked says why Approve is left out. Who decides in the end is package session.
func (r Reader) blocked(q session.Question, p *Preview) string {
	switch {
	case p.Own && !(r.By.Role == session.Moderator && r.Session.SelfApproval != nil):
		return r.Words.Text("desk.blocked_own")
	case !slices.Contains(session.Allowed(r.Session, q, r.By), session.Approve):
		return r.Words.Text("desk.blocked_role")
	case slices.ContainsFunc(p.Copies, func(c Exact) bool { return c.Over > 0 }):
		return r.Words.Text("desk.blocked_long")
	}
	return ""
}
