package web

import (
	"net/http"
	"strings"

	"experthour/internal/session"
	"experthour/internal/web/site"

	"github.com/rivo/uniseg"
)

// mayLeave reports whether the asker of the first question of a family, as told, may leave an address.
func mayLeave(ses session.Session, family []session.Question) bool {
	q, into := family[0], session.Question{}
	for _, f := range family[1:] {
		if f.Ref.Number == q.Into {
			into = f
		}
	}
	return session.MayLeaveEmail(ses, q, into)
}

// masked is an address as whoever left it knows it again, and nobody else who sees the page
// learns it: the first letter, and where the letters go.
func masked(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return ""
	}
	first, _, _, _ := uniseg.FirstGraphemeClusterInString(email[:at], -1)
	return first + "…" + email[at:]
}

// leaveEmail answers POST /r/{receipt}/email: what becomes of the question is then written to the
// address, and to no other. The same one a second time is a success.
func (s *Server) leaveEmail(w http.ResponseWriter, r *http.Request) {
	family, err := s.received(r)
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	if err = r.ParseForm(); err != nil {
		err = formError(err)
	} else {
		err = s.takeEmail(r, family[0])
	}
	s.backToReceipt(w, r, err)
}

func (s *Server) takeEmail(r *http.Request, q session.Question) error {
	if !s.Letters.on() { // an address that nobody writes to is not kept
		return site.ErrForm
	}
	if err := s.allowed(s.addresses, r, ""); err != nil {
		return err
	}
	cmd := session.LeaveAddress{On: session.On{Question: q.Ref}, Email: r.PostForm.Get("email")}
	_, err := s.Service.Do(r.Context(), session.Actor{Role: session.Asker}, cmd)
	switch session.KindOf(err) {
	case session.Already, session.Refused: // who decided, and what, is not for the asker to know
		return session.Fail(session.Refused, "email_late").At("email")
	}
	return err
}

// forgetEmail answers POST /r/{receipt}/email/forget, as the link in a letter does.
func (s *Server) forgetEmail(w http.ResponseWriter, r *http.Request) {
	family, err := s.received(r)
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	cmd := session.ForgetQuestion{On: session.On{Question: family[0].Ref}, What: session.Emails}
	_, err = s.Service.Do(r.Context(), session.Program, cmd)
	s.backToReceipt(w, r, err)
}

// backToReceipt shows the receipt as it is now, or what was wrong and the way back to it.
func (s *Server) backToReceipt(w http.ResponseWriter, r *http.Request, err error) {
	path := "/r/" + r.PathValue("receipt")
	if err != nil {
		s.Site.ErrorPageBack(w, r, "", path, err)
		return
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
}
