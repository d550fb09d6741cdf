package deskpage

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"experthour/internal/session"
)

// apiPage is how many questions one answer holds; "next" names the rest.
const apiPage = 1000

// apiQuestion is a question of the contract.
type apiQuestion struct {
	Number   int                `json:"number"`
	State    session.State      `json:"state"`
	Text     string             `json:"text"`
	Holder   session.PersonName `json:"holder"`
	Stage    string             `json:"stage"` // what a decision may name, to be refused when the question has changed
	Revision int                `json:"revision"`
	Answer   string             `json:"answer"`
	Pictures []session.Picture  `json:"pictures,omitempty"` // of the answer, in their order
	Copies   []apiCopy          `json:"copies"`
	Digest   string             `json:"digest"`
	Draft    *apiDraft          `json:"draft,omitempty"`
	Parked   []apiParked        `json:"parked,omitempty"`
}

// apiCopy is one public copy of the newest revision, as it would go out now.
type apiCopy struct {
	Target session.ConnectorID `json:"target"`
	Text   string              `json:"text"`
	Unit   session.Unit        `json:"unit"`
	Length int                 `json:"length"`
	Limit  int                 `json:"limit"`
	Price  int                 `json:"price,omitempty"` // in thousandths of a US dollar
}

func apiCopyOf(c session.Rendered) apiCopy {
	return apiCopy{c.Connector, c.Text, c.Unit, c.Length, c.Limit, c.Price}
}

// apiDraft is what the holder has written and not submitted. Mark is what submit takes
// as "draft", so that nobody overwrites what they have not seen.
type apiDraft struct {
	Text string `json:"text"`
	Mark string `json:"mark"`
}

// apiParked is a copy that waits for a person: what retry, drop, is_out and
// send_again need.
type apiParked struct {
	Copy    string              `json:"copy"`
	Target  session.ConnectorID `json:"target"`
	Problem session.Problem     `json:"problem"`
	Attempt int                 `json:"attempt"`
	Detail  string              `json:"detail"`
}

// answered is a question after a command.
type answered struct {
	apiQuestion
	Already bool   `json:"already,omitempty"`
	By      string `json:"by,omitempty"`
	// Batch is what became of all of them, after a command on several questions.
	Batch *session.Batch `json:"batch,omitempty"`
}

func (m *room) apiQuestion(q session.Question) apiQuestion {
	return m.apiResult(session.Result{Question: q, Session: m.ses})
}

// apiResult is the question that a command left.
func (m *room) apiResult(r session.Result) apiQuestion {
	q := r.Question
	a := apiQuestion{Number: q.Ref.Number, State: q.State, Text: q.Text, Holder: q.Holder, Stage: q.Stage(), Revision: q.Latest().Number,
		Answer: q.Latest().Text, Pictures: q.Latest().Pictures, Copies: []apiCopy{}}
	if a.Revision > 0 {
		var copies []session.Rendered
		copies, a.Digest = m.desk.Service.PreviewOf(r)
		for _, c := range copies {
			a.Copies = append(a.Copies, apiCopyOf(c))
		}
	}
	if text := q.Draft(); text != "" {
		a.Draft = &apiDraft{text, q.DraftMark()}
	}
	a.Parked = parked(q.Copies)
	return a
}

func parked(cs session.Copies) []apiParked {
	var ps []apiParked
	for _, c := range cs.Parked() {
		ps = append(ps, apiParked{c.Key(), c.Connector, c.Problem, c.Attempt, c.Detail})
	}
	return ps
}

// apiList is a page of questions by number. Next is given as ?after= when there are
// more.
type apiList struct {
	Questions []apiQuestion `json:"questions"`
	Next      int           `json:"next,omitempty"`
}

func (d *Desk) apiQuestions(r *http.Request, v visit) (int, any, error) {
	m, err := d.apiRoom(r, v)
	if err != nil {
		return 0, nil, err
	}
	qs, more, err := d.apiSelect(r, m)
	if err != nil {
		return 0, nil, err
	}
	list := apiList{Questions: []apiQuestion{}}
	for _, q := range qs {
		list.Questions = append(list.Questions, m.apiQuestion(q))
	}
	if more && len(qs) > 0 && r.URL.Query().Get("find") == "" {
		list.Next = qs[len(qs)-1].Ref.Number
	}
	return http.StatusOK, list, nil
}

// apiSelect reads what a search finds, or the questions after a number, of one state or of all.
func (d *Desk) apiSelect(r *http.Request, m *room) (qs []session.Question, more bool, err error) {
	if query := r.URL.Query().Get("find"); query != "" {
		f, err := m.Find(r.Context(), query)
		return f.Questions, f.Total > len(f.Questions), err
	}
	id, after := m.ses.ID, 0
	if raw := r.URL.Query().Get("after"); raw != "" {
		if after, err = strconv.Atoi(raw); err != nil || after < 0 {
			return nil, false, session.Fail(session.Invalid, "number_form")
		}
	}
	if state := session.State(r.URL.Query().Get("state")); state != "" {
		return d.ofState(r, id, state, after)
	}
	counts, err := d.Store.Counts(r.Context(), id)
	if err != nil || after >= counts.Last {
		return nil, false, err
	}
	last := min(counts.Last, after+apiPage)
	var numbers []int
	for n := after + 1; n <= last; n++ {
		numbers = append(numbers, n)
	}
	qs, err = d.Store.Questions(r.Context(), id, numbers...)
	return qs, last < counts.Last, err
}

func (d *Desk) ofState(r *http.Request, id session.ID, state session.State, after int) ([]session.Question, bool, error) {
	if !slices.Contains(session.States, state) {
		return nil, false, session.Fail(session.Invalid, "state_unknown", "state", session.Shorten(string(state), 40))
	}
	qs, err := d.Store.List(r.Context(), id, session.Listing{States: []session.State{state}})
	if err != nil {
		return nil, false, err
	}
	qs = slices.DeleteFunc(qs, func(q session.Question) bool { return q.Ref.Number <= after })
	slices.SortFunc(qs, func(a, b session.Question) int { return cmp.Compare(a.Ref.Number, b.Ref.Number) })
	return qs[:min(len(qs), apiPage)], len(qs) > apiPage, nil
}
