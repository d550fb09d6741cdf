package deskpage

import (
	"net/http"

	"experthour/internal/session"
)

// apiTold is what a command on an hour would tell the public. Whoever gives the command
// with the digest tells exactly that or nothing.
type apiTold struct {
	Announcements []apiAnnouncement `json:"announcements"`
	Digest        string            `json:"digest"`
}

// apiAnnouncement is one of the posts, as it would read.
type apiAnnouncement struct {
	News session.News `json:"news"` // when it is told
	apiCopy
}

func toldOf(told []session.Rendered, digest string) apiTold {
	a := apiTold{Announcements: []apiAnnouncement{}, Digest: digest}
	for _, r := range told {
		a.Announcements = append(a.Announcements, apiAnnouncement{r.News.Topic(), apiCopyOf(r)})
	}
	return a
}

// apiSchedulePreview answers what scheduling would announce; nothing is scheduled.
func (d *Desk) apiSchedulePreview(r *http.Request, v visit) (int, any, error) {
	h, err := d.bodyHour(r)
	if err != nil {
		return 0, nil, err
	}
	told, digest, err := d.Service.ForeseeHour(r.Context(), v.Actor(), h)
	return http.StatusOK, toldOf(told, digest), err
}

// apiSessionPreview is apiSchedulePreview for a verb on an hour.
func (d *Desk) apiSessionPreview(r *http.Request, v visit) (int, any, error) {
	cmd, err := d.bodyCommand(r)
	if err != nil {
		return 0, nil, err
	}
	told, digest, err := d.Service.Foresee(r.Context(), v.Actor(), session.ID(r.PathValue("slug")), cmd)
	return http.StatusOK, toldOf(told, digest), err
}

// apiAlikes are the new questions that may be declined together with one. Shown is handed
// back by whoever declines them: what comes or changes after it is left alone.
type apiAlikes struct {
	Alike []apiAlike `json:"alike"`
	Shown string     `json:"shown"`
}

// apiAlike is what some new questions have in common, with a few of them.
type apiAlike struct {
	Same     session.Sameness `json:"same"`
	Count    int              `json:"count"`
	Examples []apiExample     `json:"examples"`
}

type apiExample struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
}

// apiAlike answers what declining all that is like a question would decline.
func (d *Desk) apiAlike(r *http.Request, v visit) (int, any, error) {
	m, err := d.apiRoom(r, v)
	if err != nil {
		return 0, nil, err
	}
	n, err := number(r)
	if err != nil {
		return 0, nil, err
	}
	all, err := d.Service.Alike(r.Context(), session.QuestionRef{Session: m.ses.ID, Number: n})
	list := apiAlikes{Alike: []apiAlike{}, Shown: m.Shown()}
	for _, a := range all {
		one := apiAlike{a.Same, a.Count, []apiExample{}}
		for _, e := range a.Examples {
			one.Examples = append(one.Examples, apiExample{e.Ref.Number, e.Text})
		}
		list.Alike = append(list.Alike, one)
	}
	return http.StatusOK, list, err
}
