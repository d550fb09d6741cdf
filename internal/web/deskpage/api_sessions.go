package deskpage

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// apiSession is an expert hour as the desk's programs see it.
type apiSession struct {
	Slug         session.ID            `json:"slug"`
	Title        string                `json:"title"`
	Topic        string                `json:"topic"`
	State        session.SessionState  `json:"state"`
	Paused       bool                  `json:"paused"`
	IntakePaused bool                  `json:"intake_paused"`
	Stage        string                `json:"stage"` // as of a question
	Start        time.Time             `json:"start"`
	End          time.Time             `json:"end"`
	Zone         string                `json:"zone"` // of the institution, as in the IANA database: Europe/Riga
	AskFrom      time.Time             `json:"ask_from"`
	Experts      []session.PersonName  `json:"experts"`
	Targets      []session.ConnectorID `json:"targets"`
	URL          string                `json:"url"`
	Warnings     []session.Warning     `json:"warnings,omitempty"`
	Counts       map[session.State]int `json:"counts,omitempty"`
	Parked       []apiParked           `json:"parked,omitempty"` // announcements that wait for a person
	Money        []session.Spending    `json:"money,omitempty"`  // what waits for money, and by what a ceiling was lifted
	Already      bool                  `json:"already,omitempty"`
	By           string                `json:"by,omitempty"`
}

func (d *Desk) apiSessionOf(s session.Session) apiSession {
	a := apiSession{Slug: s.ID, Title: s.Title, Topic: s.Topic, State: s.State, Paused: s.Paused, IntakePaused: s.IntakePaused,
		Stage: s.Stage(), Start: s.Start, End: s.End, Zone: s.Zone,
		AskFrom: s.AskFrom, Experts: []session.PersonName{}, Targets: []session.ConnectorID{session.Page}, URL: d.Site.URL("/s/" + string(s.ID))}
	for _, e := range s.Experts {
		a.Experts = append(a.Experts, e.Name)
	}
	for _, t := range s.Targets {
		a.Targets = append(a.Targets, t.Connector)
	}
	a.Parked, a.Money = parked(s.Copies), s.Money
	return a
}

func (d *Desk) apiSessions(r *http.Request, _ visit) (int, any, error) {
	all, err := d.Store.Sessions(r.Context())
	if err != nil {
		return 0, nil, err
	}
	list := struct {
		Sessions []apiSession `json:"sessions"`
		Zone     string       `json:"zone"` // of the institution: where hours are scheduled by the clock
	}{[]apiSession{}, d.Hour().Zone}
	for _, s := range all {
		list.Sessions = append(list.Sessions, d.apiSessionOf(s))
	}
	return http.StatusOK, list, nil
}

func (d *Desk) apiSession(r *http.Request, v visit) (int, any, error) {
	m, err := d.apiRoom(r, v)
	if err != nil {
		return 0, nil, err
	}
	counts, err := d.Store.Counts(r.Context(), m.ses.ID)
	if err != nil {
		return 0, nil, err
	}
	s := d.apiSessionOf(m.ses)
	s.Counts, s.Warnings = counts.ByState, m.Doubts(d.Staff.People())
	return http.StatusOK, s, nil
}

// newHour is the body of a request to schedule. A slug that is left out is made of the title,
// and free. Targets that are left out are every configured place; an empty list is the page alone.
type newHour struct {
	Slug    session.ID           `json:"slug"`
	Title   string               `json:"title"`
	Topic   string               `json:"topic"`
	Experts []session.PersonName `json:"experts"`
	Start   time.Time            `json:"start"`
	End     time.Time            `json:"end"`
	AskFrom time.Time            `json:"ask_from"`
	Targets *[]string            `json:"targets"`
	Digest  string               `json:"digest"` // of the preview that was read; see apiTold
}

func (d *Desk) apiSchedule(r *http.Request, v visit) (int, any, error) {
	h, err := d.bodyHour(r)
	if err != nil {
		return 0, nil, err
	}
	res, err := d.Service.Schedule(r.Context(), v.Actor(), h)
	if err != nil {
		return 0, nil, err
	}
	s := d.apiSessionOf(res.Session)
	s.Warnings = res.Warnings
	return http.StatusCreated, s, nil
}

// wrongFields says what is wrong with a body, keeping errors of the transport.
func wrongFields(err error) error {
	if _, ok := err.(*http.MaxBytesError); ok {
		return err
	}
	return session.Fail(session.Invalid, "fields_wrong", "detail",
		session.Shorten(strings.TrimPrefix(err.Error(), "json: "), 120)).Because(err)
}

// bodyHour is the hour that a request describes.
func (d *Desk) bodyHour(r *http.Request) (session.Hour, error) {
	h, n := d.Hour(), newHour{}
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&n); err != nil {
		return h, wrongFields(err)
	}
	h.Slug, h.Title, h.Topic, h.Digest, h.Start, h.End, h.AskFrom = n.Slug, n.Title, n.Topic, n.Digest, n.Start, n.End, n.AskFrom
	h.Suggested = view.Slug(n.Title, cmp.Or(n.Start, d.Now()).In(session.Session{Zone: h.Zone}.Location()))
	for _, name := range n.Experts {
		h.Experts = append(h.Experts, session.Expert{Name: name})
	}
	if n.Targets == nil {
		for _, p := range d.Views.Places {
			h.Targets = append(h.Targets, p.Target)
		}
		return h, nil
	}
	var err error
	h.Targets, err = d.Views.Chosen(*n.Targets)
	return h, err
}

// apiFinding is one thing that is wrong with the record or with what it is about.
type apiFinding struct {
	Number  int            `json:"number"`
	Version int64          `json:"version"`
	What    session.Defect `json:"what"`
	Field   string         `json:"field,omitempty"`
	Right   time.Time      `json:"right,omitzero"`
	As      int64          `json:"as,omitempty"`
}

// resealing is the pause before another look at a record of which only the seal is wrong, and
// lookAgain how many there are, within the time of a request: after a late correction or an
// announcement that arrives, a closed hour is sealed anew within a moment, and whoever looked
// in between would be told that it was changed.
const (
	resealing = time.Second / 2
	lookAgain = 7
)

// verified checks a record once it is sealed as it is, or will not be. What was found stands
// where there is no time left for another look.
func (d *Desk) verified(ctx context.Context, id session.ID) (session.Record, []session.Finding, error) {
	rec, found, err := d.Service.Verify(ctx, id)
	for i := 0; i < lookAgain && err == nil && sealedBefore(found) && backoff.Pause(ctx, resealing); i++ {
		r, f, again := d.Service.Verify(ctx, id)
		if again != nil {
			break
		}
		rec, found = r, f
	}
	return rec, found, err
}

// sealedBefore reports whether all that was found is that the hour is not sealed as it is.
func sealedBefore(found []session.Finding) bool {
	return len(found) == 1 && found[0].Number == 0 && found[0].What == session.SealDiffers
}

// apiVerify checks the whole record of a session.
func (d *Desk) apiVerify(r *http.Request, _ visit) (int, any, error) {
	rec, found, err := d.verified(r.Context(), session.ID(r.PathValue("slug")))
	if err != nil {
		return 0, nil, err
	}
	v := struct {
		OK       bool         `json:"ok"`
		Entries  int          `json:"entries"`
		Unsigned int          `json:"unsigned"` // entries of versions before, which signed none
		Findings []apiFinding `json:"findings"`
	}{Entries: len(rec.Entries), Unsigned: rec.Unsigned(), Findings: []apiFinding{}}
	for _, f := range found {
		v.Findings = append(v.Findings, apiFinding(f))
	}
	v.OK = len(v.Findings) == 0
	return http.StatusOK, v, nil
}
