package web

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/netip"
	"net/url"

	"experthour/internal/picture"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

const (
	// mostFields bounds the fields of the form that are no files, as the form without files does.
	mostFields = 64 << 10
	// piece is how much of a file is read, and counted, at a time.
	piece = 1 << 20
	// mostAtHand is how much of files that strangers send is in memory at one time.
	mostAtHand = 96 << 20
	// leastCount is how many pieces a file counts as, however small: looking at a picture is work.
	leastCount = 3
)

// enclosed is a picture that came with the form, ready to be kept.
type enclosed struct {
	session.Picture
	bytes []byte
}

// upload is a form with pictures while it is read. What is wrong with one is said when everything
// is read, so that its sender reads a sentence and not of a broken connection.
type upload struct {
	server *Server
	from   netip.Addr
	all    []enclosed
	more   bool  // there are more than a question takes
	wrong  error // from then on files are read away
}

// filled reads the form. Without a word of what is wrong before, its pictures are made.
func (s *Server) filled(r *http.Request, before error) (url.Values, upload, error) {
	u := upload{server: s, from: s.Site.ClientAddr(r), wrong: before}
	if !site.HasFiles(r) {
		err := r.ParseForm()
		return r.PostForm, u, err
	}
	form, err := site.ReadForm(r, mostFields, func(p *multipart.Part, before url.Values) error {
		return u.file(r, p, before.Get(trap) != "")
	})
	for i := range u.all {
		u.all[i].Alt = form.Get("alt")
	}
	return form, u, err
}

func (u *upload) file(r *http.Request, p *multipart.Part, trapped bool) error {
	s := u.server
	if trapped || u.wrong != nil || s.Pictures == 0 || s.Service.Enclosed == nil {
		_, err := io.Copy(io.Discard, p)
		return err
	}
	b, err := u.read(r, p)
	defer s.atHand.Add(-int64(cap(b)))
	switch {
	case err != nil || len(b) == 0:
		return err
	case u.wrong != nil:
		_, err := io.Copy(io.Discard, p)
		return err
	case len(u.all) >= s.Pictures:
		u.more = true
		return nil
	}
	made, clean, err := picture.CleanAsked(r.Context(), b)
	if err != nil {
		u.wrong = err
		return nil
	}
	u.all = append(u.all, enclosed{made, clean})
	return nil
}

// read takes a file into memory, a piece at a time: each is counted against the limit of its
// sender, and there is room for so many of all. What is too large, and more than there is room
// for, is noted.
func (u *upload) read(r *http.Request, p io.Reader) ([]byte, error) {
	var b bytes.Buffer
	for n := 0; ; n++ {
		size := cap(b.Bytes())
		got, err := io.CopyN(&b, p, piece)
		u.server.atHand.Add(int64(cap(b.Bytes()) - size))
		if got > 0 {
			u.wrong = u.counted(r, n)
		}
		switch {
		case err == io.EOF:
			return b.Bytes(), nil
		case err != nil:
			return b.Bytes(), err
		case b.Len() > picture.MostFile:
			u.wrong = picture.TooLarge()
		}
		if u.wrong != nil {
			return b.Bytes(), nil
		}
	}
}

// counted counts piece n of a file.
func (u *upload) counted(r *http.Request, n int) error {
	if u.server.atHand.Load() > mostAtHand {
		return session.Fail(session.TooMany, "pictures_busy").At("pictures")
	}
	times := 1
	if n == 0 {
		times = leastCount
	} else if n < leastCount {
		times = 0
	}
	for range times {
		if err := u.server.uploads.Take(r.Context(), u.from, u.server.now(), ""); err != nil {
			return err
		}
	}
	return nil
}

// enclose keeps what came with a question, which is stored by now: also for whoever has left
// meanwhile. What cannot be kept is noted, so that its asker and the desk know.
func (s *Server) enclose(r *http.Request, q session.Question, u upload) {
	ctx := context.WithoutCancel(r.Context())
	es := []session.Enclosure{}
	for _, p := range u.all {
		es = append(es, session.Enclosure{Key: "form/" + string(p.Hash), Picture: &p.Picture})
	}
	if u.more {
		es = append(es, session.Enclosure{Key: "form/more", Lack: session.LackMore})
	}
	for i, e := range es {
		var b []byte
		if i < len(u.all) {
			b = u.all[i].bytes
		}
		err := s.Service.Enclose(ctx, q.Ref, e, b)
		if session.KindOf(err) == session.Unavailable && err != nil {
			e.Picture, e.Lack = nil, session.LackLost
			err = s.Service.Enclose(ctx, q.Ref, e, nil)
		}
		if err != nil {
			s.Site.Log.Warn("a picture was not kept", "question", q.Ref.String(), "error", err)
		}
	}
}
