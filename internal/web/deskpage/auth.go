package deskpage

import (
	"context"
	"net/http"
	"sync"
	"time"

	"experthour/internal/session"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

// visit is one request of a member of staff: who asks, when, and what let them in.
type visit struct {
	session.Person
	words wording.Words
	now   time.Time
	claim claim
}

// home is the path of the person's desk.
func (v visit) home() string { return home(v.Name) }

// page is a handler that knows who asks.
type page func(w http.ResponseWriter, r *http.Request, v visit)

// as finds out who asks, by a link's token or by the cookie, and answers everybody
// else with how to get a link.
func (d *Desk) as(h page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if token := r.URL.Query().Get("token"); token != "" && r.Method == http.MethodGet {
			d.follow(w, r, token)
			return
		}
		v, err := d.known(r)
		if err != nil {
			d.refuse(w, r, v.Name, err)
			return
		}
		h(w, r, v)
	}
}

// errNoLogin is the error of somebody who comes without a link.
var errNoLogin = session.Fail(session.Forbidden, "login_first")

// cookieName is the same for all people: the path keeps them apart. With https browsers
// take a name that begins so from https alone; with a path there is no "__Host-".
func (d *Desk) cookieName() string {
	if d.Site.Secure() {
		return "__Secure-desk"
	}
	return "desk"
}

// known finds out who asks by any cookie of the name: a page of a neighbouring domain can
// put one before the right one. The error is the most telling one.
func (d *Desk) known(r *http.Request) (visit, error) {
	var told visit
	err := error(errNoLogin)
	for _, c := range r.CookiesNamed(d.cookieName()) {
		v, e := d.admit(r, forCookie, c.Value)
		if e == nil {
			return v, nil
		}
		if told.Name == "" {
			told, err = v, e
		}
	}
	return told, err
}

// admit checks a token for the person whose desk the address is.
func (d *Desk) admit(r *http.Request, k kind, token string) (visit, error) {
	c, err := d.claimOf(r.Context(), k, token)
	if err == nil && wording.Slug(string(c.Name), "person") != r.PathValue("person") {
		return visit{}, errForged
	}
	v := visit{Person: session.Person{Name: c.Name}, words: wording.In(d.Site.Language), now: d.Now(), claim: c}
	if err == nil {
		v.Person, err = d.holds(r.Context(), c)
	}
	return v, err
}

// claimOf checks what a token says. One of a rehearsal holds again after each logging out.
func (d *Desk) claimOf(ctx context.Context, k kind, token string) (claim, error) {
	c, err := d.Tokens.read(k, token)
	if err != nil || k != forTrial {
		return c, err
	}
	since, err := d.logins.since(ctx, d.Logins, c.Name)
	c.Since = max(c.Since, since.UnixMilli())
	return c, err
}

// holds checks a claim that was well signed, and gives its person. Who has left the staff
// list is out at once; who was logged out is so here, and elsewhere within a second.
func (d *Desk) holds(ctx context.Context, c claim) (session.Person, error) {
	none := session.Person{Name: c.Name}
	if c.left(d.Now()) <= 0 {
		return none, errExpired
	}
	person, ok := d.Staff.People().Find(c.Name)
	if !ok {
		return none, session.Fail(session.Forbidden, "person_unknown", "name", c.Name)
	}
	since, err := d.logins.since(ctx, d.Logins, c.Name)
	switch {
	case err != nil:
		return none, err
	case c.since().Before(since):
		return none, errRevoked
	}
	return person, nil
}

// logins are what the store said last about each person. It counts for a second, so that a
// press costs no further round trip, and for as long as the store cannot be asked: then
// nothing can be read or changed, and what somebody wrote must come back to them.
type logins struct {
	now  func() time.Time
	mu   sync.Mutex
	last map[session.PersonName]login
}

type login struct{ since, asked time.Time }

func (l *logins) since(ctx context.Context, from Logins, name session.PersonName) (time.Time, error) {
	last, known := l.of(name)
	if known && l.now().Sub(last.asked) < lookEvery {
		return last.since, nil
	}
	since, err := from.Since(ctx, name)
	if known && session.KindOf(err) == session.Unavailable {
		return last.since, nil
	}
	if err == nil {
		l.note(name, since)
	}
	return since, err
}

func (l *logins) of(name session.PersonName) (last login, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	last, known = l.last[name]
	return last, known
}

// note takes over what the store says now; it never goes back, for two may ask at once.
func (l *logins) note(name session.PersonName, since time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if since.Before(l.last[name].since) {
		since = l.last[name].since
	}
	l.last[name] = login{since, l.now()}
}

// setCookie sets, or with a negative age removes, the cookie of this person only.
func (d *Desk) setCookie(w http.ResponseWriter, v visit, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: d.cookieName(), Value: value, Path: v.home(), MaxAge: age,
		HttpOnly: true, Secure: d.Site.Secure(), SameSite: http.SameSiteLaxMode})
}

// logout ends every login of the person: what is left open in another browser, too.
func (d *Desk) logout(w http.ResponseWriter, r *http.Request, v visit) {
	since, err := Revoke(r.Context(), d.Logins, v.Name, v.claim.since())
	if err != nil {
		d.failed(w, r, v, err)
		return
	}
	d.logins.note(v.Name, since)
	d.setCookie(w, v, "", -1)
	title := v.words.Text("desk.logged_out")
	d.pages.Render(w, r, http.StatusOK, "login", d.frame(title), loginView{Title: title, Name: v.Name})
}

// loginView is the page of somebody who has no valid link.
type loginView struct {
	nav
	Title, Detail string
	Name          session.PersonName
}

// refuse says why nobody is logged in, and how to get a new link.
func (d *Desk) refuse(w http.ResponseWriter, r *http.Request, name session.PersonName, err error) {
	if session.KindOf(err) == session.Unavailable {
		d.failed(w, r, visit{Person: session.Person{Name: name}}, err)
		return
	}
	words := wording.In(d.Site.Language)
	title := words.Text("desk.login_title")
	d.pages.Render(w, r, site.StatusOf(err), "login", d.frame(title), loginView{Title: title, Detail: words.Error(err), Name: name})
}

// frame is the page around a view: never stored by a cache, never indexed.
func (d *Desk) frame(title string) site.Page {
	return site.Page{Title: title, Language: d.Site.Language, Class: "desk", Desk: true, Secret: true,
		Styles: []string{"desk.css"}, Scripts: []string{"desk.js", "compose.js", "alerts.js", "keys.js"}}
}

// nav is the part of every view that the masthead shows.
type nav struct {
	Person session.Person
	Home   string
	Slug   session.ID // empty outside a session
}

func (v visit) nav(id session.ID) nav { return nav{v.Person, v.home(), id} }

// Moderator reports whether the person schedules and settles.
func (n nav) Moderator() bool { return n.Person.Role == session.Moderator }

// At is the path of the session's desk.
func (n nav) At() string { return n.Home + "/" + string(n.Slug) }
