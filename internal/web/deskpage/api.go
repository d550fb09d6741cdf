package deskpage

import (
	"io"
	"net/http"
	"strings"

	"experthour/internal/session"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

// routeAPI lists the JSON API of the desk.
func (d *Desk) routeAPI(mux *http.ServeMux) {
	const at = " /api/v1/desk/sessions"
	for pattern, h := range map[string]call{
		"GET" + at:                                                   d.apiSessions,
		"POST" + at:                                                  d.apiSchedule,
		"GET" + at + "/{slug}":                                       d.apiSession,
		"GET" + at + "/{slug}/verify":                                d.apiVerify,
		"GET" + at + "/{slug}/log":                                   d.apiLog,
		"GET" + at + "/{slug}/questions":                             d.apiQuestions,
		"POST" + at + "/_preview":                                    d.apiSchedulePreview,
		"POST" + at + "/{slug}/{verb}":                               d.apiSessionVerb,
		"POST" + at + "/{slug}/{verb}/_preview":                      d.apiSessionPreview,
		"POST" + at + "/{slug}/questions/{n}/{verb}":                 d.apiQuestionVerb,
		"POST" + at + "/{slug}/questions/{n}/decline_alike/_preview": d.apiAlike,
	} {
		mux.HandleFunc(pattern, d.bearer(h))
	}
	mux.HandleFunc("/api/v1/desk/", func(w http.ResponseWriter, r *http.Request) { d.Site.Problem(w, r, site.ErrNoPage) })
}

// call answers an API request of a member of staff with a status and a value.
type call func(r *http.Request, v visit) (status int, answer any, err error)

// bearer finds out who asks by the token of their desk link.
func (d *Desk) bearer(h call) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := d.bearerOf(r)
		if err != nil {
			w.Header().Set("WWW-Authenticate", `Bearer realm="desk"`)
			d.Site.Problem(w, r, unauthorized(err))
			return
		}
		status, answer, err := h(r, v)
		if err != nil {
			d.Site.Problem(w, r, err)
			return
		}
		d.Site.JSON(w, status, answer)
	}
}

// unauthorized tells a caller without a token that holds from a store that is away.
func unauthorized(err error) error {
	if session.KindOf(err) == session.Unavailable {
		return err
	}
	return &site.StatusError{Status: http.StatusUnauthorized, Err: err}
}

func (d *Desk) bearerOf(r *http.Request) (visit, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return visit{}, session.Fail(session.Forbidden, "login_needed")
	}
	token = strings.TrimSpace(token)
	c, err := d.claimOf(r.Context(), forAPI, token)
	if c == (claim{}) {
		c, err = d.claimOf(r.Context(), forTrial, token)
	}
	if err != nil {
		return visit{}, err
	}
	person, err := d.holds(r.Context(), c)
	return visit{Person: person, words: wording.In(d.Site.Language), now: d.Now(), claim: c}, err
}

// apiRoom reads the session of the address.
func (d *Desk) apiRoom(r *http.Request, v visit) (*room, error) {
	ses, err := d.Store.Session(r.Context(), session.ID(r.PathValue("slug")))
	return d.room(v, ses), err
}

func (d *Desk) room(v visit, ses session.Session) *room {
	return &room{visit: v, Reader: d.Views.For(ses, v.Actor()), desk: d, ses: ses, zone: ses.Location()}
}

// apiQuestionVerb gives a command; its fields are the body.
func (d *Desk) apiQuestionVerb(r *http.Request, v visit) (int, any, error) {
	n, err := number(r)
	if err != nil {
		return 0, nil, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, nil, err
	}
	ref := session.QuestionRef{Session: session.ID(r.PathValue("slug")), Number: n}
	cmd, err := session.NewCommand(session.Verb(r.PathValue("verb")), ref, body)
	if err != nil {
		return 0, nil, err
	}
	res, err := d.Service.Do(r.Context(), v.Actor(), cmd)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, answered{d.room(v, res.Session).apiResult(res), res.Already, byName(res.Already, res.By), res.Batch}, nil
}

func byName(already bool, a session.Actor) string {
	switch {
	case !already:
		return ""
	case a.Name == "":
		return string(a.Role)
	}
	return string(a.Name)
}

// bodyCommand is the command of a request about a session.
func (d *Desk) bodyCommand(r *http.Request) (session.SessionCommand, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	return d.Views.SessionCommand(session.Verb(r.PathValue("verb")), body)
}

// apiSessionVerb gives a command on the session.
func (d *Desk) apiSessionVerb(r *http.Request, v visit) (int, any, error) {
	cmd, err := d.bodyCommand(r)
	if err != nil {
		return 0, nil, err
	}
	res, err := d.Service.DoSession(r.Context(), v.Actor(), session.ID(r.PathValue("slug")), cmd)
	if err != nil {
		return 0, nil, err
	}
	s := d.apiSessionOf(res.Session)
	s.Already, s.By, s.Warnings = res.Already, byName(res.Already, res.By), res.Warnings
	return http.StatusOK, s, nil
}
