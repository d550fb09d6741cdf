package deskpage

import (
	"net/http"
	"strconv"
	"time"

	"experthour/internal/session"
)

// apiStep is one entry of the record, without anything that anybody wrote.
type apiStep struct {
	At       time.Time          `json:"at"`
	Question int                `json:"question"` // 0 is the session itself
	Verb     session.Verb       `json:"verb"`
	Role     session.Role       `json:"role"`
	By       session.PersonName `json:"by,omitempty"`
	Copy     string             `json:"copy,omitempty"`
	Outcome  string             `json:"outcome,omitempty"`
	// Reason says why something was approved although a guideline that blocks is not kept to.
	Reason string `json:"reason,omitempty"`
}

// apiStanding is a copy as it is known to stand, and what became of each attempt.
type apiStanding struct {
	Copy     string              `json:"copy"`
	Kind     session.CopyKind    `json:"kind"`
	Target   session.ConnectorID `json:"target"`
	Place    session.PlaceID     `json:"place"`
	Message  session.MessageID   `json:"message,omitempty"`
	URL      string              `json:"url,omitempty"`
	Due      bool                `json:"due"`      // the bot still has to do something
	Attempts int                 `json:"attempts"` // those whose outcome is in the record
	Problem  session.Problem     `json:"problem,omitempty"`
	Detail   string              `json:"detail,omitempty"`
	Outcomes []apiStep           `json:"outcomes"`
}

// apiLog answers with the record of a session and its announcements or, with
// ?question=N, with that of a question and its copies. Only moderators read it: it names
// who did what.
func (d *Desk) apiLog(r *http.Request, v visit) (int, any, error) {
	if v.Role != session.Moderator {
		return 0, nil, session.Fail(session.Forbidden, "record_closed")
	}
	rec, err := d.Store.Record(r.Context(), session.ID(r.PathValue("slug")))
	if err != nil {
		return 0, nil, err
	}
	raw := r.URL.Query().Get("question")
	if raw == "" {
		return http.StatusOK, logOf(rec.Steps(-1), 0, rec.Session.Copies).in(rec.Session.Zone), nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n < 1 {
		return 0, nil, session.Fail(session.Invalid, "number_form")
	}
	qs, err := d.Store.Questions(r.Context(), rec.Session.ID, n)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, logOf(rec.Steps(n), n, qs[0].Copies).in(rec.Session.Zone), nil
}

// apiRecord is what apiLog answers.
type apiRecord struct {
	Entries []apiStep     `json:"entries"`
	Copies  []apiStanding `json:"copies"`
	Zone    string        `json:"zone"` // of the institution
}

func (a apiRecord) in(zone string) apiRecord {
	a.Zone = zone
	return a
}

// logOf puts together what was done and where the copies of a question stand, or with 0
// those of the session.
func logOf(steps []session.Step, n int, copies session.Copies) apiRecord {
	a := apiRecord{Entries: []apiStep{}, Copies: []apiStanding{}}
	for _, s := range steps {
		a.Entries = append(a.Entries, apiStep{s.At, s.Number, s.Verb, s.Role, s.By, s.Copy, s.Outcome, s.Reason})
	}
	for _, c := range copies {
		a.Copies = append(a.Copies, standing(c, n, a.Entries))
	}
	return a
}

func standing(c session.Copy, n int, entries []apiStep) apiStanding {
	a := apiStanding{Copy: c.Key(), Kind: c.Kind, Target: c.Connector, Place: c.Place, Message: c.Message, URL: c.URL,
		Due: c.Due(), Problem: c.Problem, Detail: c.Detail, Outcomes: []apiStep{}}
	for _, e := range entries {
		if e.Copy != a.Copy || e.Question != n {
			continue
		}
		a.Outcomes = append(a.Outcomes, e)
		if e.Verb == session.Sent || e.Verb == session.Parked {
			a.Attempts++
		}
	}
	return a
}
