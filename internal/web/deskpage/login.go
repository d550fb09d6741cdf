package deskpage

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"experthour/internal/session"
)

// enterView is the page behind a link: one press, and the link is used. Whatever fetches
// the address without pressing, such as a chat that shows what is behind a link, uses
// nothing up.
type enterView struct {
	nav
	Name         session.PersonName
	Action       string
	Token, Press string
	To           string
}

// follow answers whoever comes with a link.
func (d *Desk) follow(w http.ResponseWriter, r *http.Request, token string) {
	to := withoutToken(*r.URL)
	if v, err := d.admit(r, forTrial, token); err == nil {
		d.letIn(w, r, v, to)
		return
	}
	if _, err := d.known(r); err == nil { // the link was used here before
		d.goOn(w, r, to)
		return
	}
	v, err := d.admit(r, forLink, token)
	if err != nil {
		d.refuse(w, r, v.Name, err)
		return
	}
	title := v.words.Text("desk.enter_title", "name", v.Name)
	d.pages.Render(w, r, http.StatusOK, "enter", d.frame(title), enterView{Name: v.Name, Action: v.home() + "/_login",
		Token: token, Press: rand.Text(), To: to})
}

// login uses a link up. The same press twice is one.
func (d *Desk) login(w http.ResponseWriter, r *http.Request) {
	to := r.PostFormValue("to")
	if _, err := d.known(r); err == nil {
		d.goOn(w, r, to)
		return
	}
	v, err := d.admit(r, forLink, r.PostFormValue("token"))
	if err == nil {
		err = d.use(r.Context(), v.claim, r.PostFormValue("press"))
	}
	if err != nil {
		d.refuse(w, r, v.Name, err)
		return
	}
	d.letIn(w, r, v, to)
}

// use marks a link as used by a press, for as long as it would have been valid.
func (d *Desk) use(ctx context.Context, c claim, press string) error {
	if press == "" {
		press = rand.Text()
	}
	by := sha256.Sum256([]byte(press))
	first, err := d.Leases.Hold(ctx, "link:"+c.ID, hex.EncodeToString(by[:16]), c.left(d.Now()))
	if err == nil && !first {
		return errUsed
	}
	return err
}

// letIn gives the browser a cookie that ends when the link would have.
func (d *Desk) letIn(w http.ResponseWriter, r *http.Request, v visit, to string) {
	c := v.claim
	d.setCookie(w, v, d.Tokens.sign(forCookie, claim{c.Name, c.Since, c.Expires, ""}), int(c.left(v.now).Seconds()))
	d.goOn(w, r, to)
}

// goOn leads into the person's own desk, and nowhere else.
func (d *Desk) goOn(w http.ResponseWriter, r *http.Request, to string) {
	own := "/desk/" + r.PathValue("person")
	if rest, ok := strings.CutPrefix(to, own); !ok || rest != "" && !strings.ContainsAny(rest[:1], "/?") {
		to = own
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func withoutToken(u url.URL) string {
	q := u.Query()
	q.Del("token")
	u.RawQuery = q.Encode()
	return u.RequestURI()
}

// lookEvery is how soon an open page is told that its login has ended somewhere else.
const lookEvery = time.Second

// during gives a context that ends with the visit's login, for what lasts.
func (d *Desk) during(ctx context.Context, v visit) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if _, err := d.holds(ctx, v.claim); err != nil && session.KindOf(err) != session.Unavailable {
				return
			}
		}
	}()
	return ctx, cancel
}
