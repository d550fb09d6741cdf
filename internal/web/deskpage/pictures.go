package deskpage

import (
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"experthour/internal/picture"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// illustrated are the verbs whose forms have pictures.
var illustrated = []session.Verb{session.Submit, session.Correct}

// slots are the pictures of a form: those that there are, and room for new ones.
type slots struct {
	There, Free []shownPicture
	Open        bool
}

// shownPicture is one that somebody at the desk looks at.
type shownPicture struct {
	session.Picture
	Place  int
	Path   string
	Packed string // it as a field of the form
}

// pictureWords are what is asked about a picture, in a form with an id.
type pictureWords struct {
	shownPicture
	ID string
}

// Words are the fields about a picture.
func (p shownPicture) Words(id string) pictureWords { return pictureWords{p, id} }

// shownPictures are pictures of question n; kind is what the address calls them.
func (m *room) shownPictures(n int, kind string, ps []session.Picture) []shownPicture {
	var all []shownPicture
	for i, p := range ps {
		packed, _ := json.Marshal(session.Picture{Hash: p.Hash, Type: p.Type, Size: p.Size}) // it has nothing that cannot be written
		all = append(all, shownPicture{p, i, m.nav().At() + "/q/" + strconv.Itoa(n) + "/" + kind + "/" + string(p.Hash), string(packed)})
	}
	return all
}

// slots are those of a form on q; refused is what was sent and could not be done.
func (m *room) slots(q session.Question, v session.Verb, refused *attempt) *slots {
	if !slices.Contains(illustrated, v) || m.desk.Service.Pictures == nil {
		return nil
	}
	ps := q.NextPictures()
	if refused != nil && refused.verb == v && refused.form.Has("pictures") {
		ps = nil
		_ = json.Unmarshal([]byte(refused.form.Get("pictures")), &ps) // the desk wrote it
	}
	s := &slots{There: m.shownPictures(q.Ref.Number, "picture", ps)}
	s.Open = len(ps) > 0 || refused != nil && session.FieldOf(refused.err) == "pictures"
	for i := len(ps); i < session.MaxPictures; i++ {
		s.Free = append(s.Free, shownPicture{Place: i})
	}
	return s
}

// form reads what was sent, with new pictures checked and kept. wrong says what is the matter with
// a picture: everything else that was sent is there.
func (d *Desk) form(r *http.Request, v visit, a *attempt) (form url.Values, wrong, err error) {
	if !site.HasFiles(r) {
		err = r.ParseForm()
		return r.PostForm, nil, err
	}
	u := upload{desk: d, ref: session.QuestionRef{Session: session.ID(r.PathValue("slug")), Number: a.number}}
	u.may = d.Service.Pictures != nil && v.Role != session.Observer && slices.Contains(illustrated, a.verb)
	u.form, err = site.ReadForm(r, site.MostText, func(p *multipart.Part, _ url.Values) error { return u.file(r, p) })
	if err != nil {
		return nil, nil, err
	}
	return u.form, u.finish(), nil
}

// upload is a form with files while it is read: one file at a time is in memory.
type upload struct {
	desk  *Desk
	ref   session.QuestionRef
	may   bool
	form  url.Values
	files []session.Picture // without a hash where nothing was chosen
	wrong error
}

// file keeps a picture. What is wrong with it is said when everything is read.
func (u *upload) file(r *http.Request, p *multipart.Part) error {
	b, err := io.ReadAll(io.LimitReader(p, picture.MostFile+1))
	if err != nil {
		return err
	}
	if len(u.files) >= session.MaxPictures {
		return site.ErrForm
	}
	u.files = append(u.files, session.Picture{})
	if len(b) == 0 || !u.may || u.wrong != nil {
		return nil
	}
	made, clean, err := picture.Clean(r.Context(), b)
	if err == nil {
		err = u.desk.Service.Pictures.KeepPicture(r.Context(), u.ref, made, clean)
	}
	if u.wrong = err; err == nil {
		u.files[len(u.files)-1] = made
	}
	return nil
}

// finish writes the pictures as the command takes them: those that stay, then the new ones.
func (u *upload) finish() error {
	if !u.may {
		return u.wrong
	}
	ps, remove := []session.Picture{}, u.form["remove"]
	for i, packed := range u.form["picture"] {
		var p session.Picture
		switch {
		case packed != "":
			if json.Unmarshal([]byte(packed), &p) != nil {
				return site.ErrForm
			}
		case len(u.files) > 0:
			p, u.files = u.files[0], u.files[1:]
		}
		if p.Hash == "" || slices.Contains(remove, string(p.Hash)) {
			continue
		}
		p.Alt, p.Author = nth(u.form["alt"], i), nth(u.form["author"], i)
		ps = append(ps, p)
	}
	b, err := json.Marshal(ps)
	u.form.Set("pictures", string(b))
	if u.wrong != nil {
		return u.wrong
	}
	return err
}

func nth(list []string, i int) string {
	if i >= len(list) {
		return ""
	}
	return list[i]
}

// showPicture answers staff with a picture of an answer, approved or not.
func (d *Desk) showPicture(w http.ResponseWriter, r *http.Request, v visit) {
	d.showOf(d.Service.Pictures, w, r, v)
}

// showSent answers staff with a picture that came with a question, which nobody else sees.
func (d *Desk) showSent(w http.ResponseWriter, r *http.Request, v visit) {
	d.showOf(d.Service.Enclosed, w, r, v)
}

func (d *Desk) showOf(kept session.PictureStore, w http.ResponseWriter, r *http.Request, v visit) {
	n, err := number(r)
	if err == nil && kept == nil {
		err = site.ErrNoPage
	}
	if err != nil {
		d.failed(w, r, v, err)
		return
	}
	ref := session.QuestionRef{Session: session.ID(r.PathValue("slug")), Number: n}
	p, b, err := kept.Picture(r.Context(), ref, session.Hash(r.PathValue("hash")))
	if err != nil {
		d.failed(w, r, v, err)
		return
	}
	d.Site.Picture(w, r, p.Type, "private, no-store", string(p.Hash), b)
}
