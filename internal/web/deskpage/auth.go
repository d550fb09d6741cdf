package deskpage

import (
	"net/http"
	"time"

	"experthour/internal/session"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

// cookieName is the same for all people: the path keeps them apart.
const cookieName = "desk"

// visit is one request of a member of staff: who asks, and when.
type visit struct {
	session.Person
	words wording.Words
	now   time.Time
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
			d.login(w, r, token)
			return
		}
		c, err := r.Cookie(cookieName)
		if err != nil {
			d.refuse(w, r, "", errNoLogin)
			return
		}
		v, err := d.admit(r, forCookie, c.Value)
		if err != nil {
			d.refuse(w, r, v.Name, err)
			return
		}
		h(w, r, v)
	}
}

// errNoLogin is the error of somebody who comes without a link.
var errNoLogin = session.Fail(session.Forbidden, "login_first")

// admit checks a token for the person whose desk the address is. The staff list is
// asked every time: who has left it is out at once.
func (d *Desk) admit(r *http.Request, p purpose, token string) (visit, error) {
	c, err := d.Tokens.read(p, token)
	v := visit{Person: session.Person{Name: c.Name}, words: wording.In(d.Site.Language), now: d.Now()}
	if err != nil {
		return v, err
	}
	if wording.Slug(string(c.Name)) != r.PathValue("person") {
		return visit{}, errForged
	}
	person, ok := d.Staff.People().Find(c.Name)
	if !ok {
		return v, session.Fail(session.Forbidden, "person_unknown", "name", c.Name)
	}
	v.Person = person
	return v, nil
}

// login turns a link into a cookie and takes the token out of the address.
func (d *Desk) login(w http.ResponseWriter, r *http.Request, token string) {
	v, err := d.admit(r, forLink, token)
	if err != nil {
		d.refuse(w, r, v.Name, err)
		return
	}
	c, _ := d.Tokens.read(forLink, token)
	left := time.Unix(c.Expires, 0).Sub(v.now)
	d.setCookie(w, v, d.Tokens.sign(claim{forCookie, c.Name, c.Expires}), int(left.Seconds()))
	clean := *r.URL
	q := clean.Query()
	q.Del("token")
	clean.RawQuery = q.Encode()
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, clean.RequestURI(), http.StatusSeeOther)
}

// setCookie sets, or with a negative age removes, the cookie of this person only.
func (d *Desk) setCookie(w http.ResponseWriter, v visit, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: value, Path: v.home(), MaxAge: age,
		HttpOnly: true, Secure: d.Site.Secure(), SameSite: http.SameSiteLaxMode})
}

func (d *Desk) logout(w http.ResponseWriter, r *http.Request, v visit) {
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
	words := wording.In(d.Site.Language)
	title := words.Text("desk.login_title")
	d.pages.Render(w, r, site.StatusOf(err), "login", d.frame(title), loginView{Title: title, Detail: words.Error(err), Name: name})
}

// frame is the page around a view: never stored by a cache, never indexed.
func (d *Desk) frame(title string) site.Page {
	return site.Page{Title: title, Language: d.Site.Language, Class: "desk", Desk: true, Secret: true,
		Styles: []string{"desk.css"}, Scripts: []string{"desk.js"}}
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
