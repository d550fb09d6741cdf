package mastodonfake

import (
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Media is a picture that was handed over.
type Media struct {
	ID   string  `json:"id"`
	Type string  `json:"type"`
	URL  *string `json:"url"` // nil while it is worked at
	Alt  string  `json:"description"`

	Content []byte `json:"-"`
	Leads   string `json:"-"` // to where the file is redirected; empty is nowhere
	strange bool   // somebody else sent it
	at      time.Time
	on      *Status // nil is no post
}

const (
	mostMedia   = 4
	mostContent = 16 << 20
	mostAlt     = 1500
	unattached  = 24 * time.Hour // how long what no post has is kept
)

var mediaTypes = []string{"image/jpeg", "image/png", "image/gif", "image/webp"}

// Slow has the server work at the next picture until somebody asked for it once.
func (f *Fake) Slow() { f.mu.Lock(); f.slow = true; f.mu.Unlock() }

// AtMost sets how many pictures a post may have.
func (f *Fake) AtMost(n int) { f.mu.Lock(); f.most = n; f.mu.Unlock() }

// Uploads counts all pictures that were ever handed over by the API.
func (f *Fake) Uploads() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.uploads {
		if !m.strange {
			n++
		}
	}
	return n
}

func (f *Fake) upload(w http.ResponseWriter, r *http.Request) {
	content, alt, why := form(r)
	switch {
	case why != "":
	case len(content) == 0:
		why = "File can't be blank"
	case !slices.Contains(mediaTypes, http.DetectContentType(content)):
		why = "File content type is invalid, File is invalid"
	case len(content) > mostContent:
		why = "File file size must be less than 16 MB"
	case alt == "": // which a real one takes
		why = "Description can't be blank"
	case utf8.RuneCountInString(alt) > mostAlt:
		why = "Description is too long (maximum is 1500 characters)"
	}
	if why != "" {
		fail(w, http.StatusUnprocessableEntity, "Validation failed: "+why)
		return
	}
	f.last++
	m := &Media{ID: strconv.Itoa(f.last), Type: "image", Alt: alt, Content: content, at: f.now()}
	f.uploads = append(f.uploads, m)
	if f.slow {
		f.slow = false
		answer(w, http.StatusAccepted, m)
		return
	}
	m.ready(f.URL)
	answer(w, http.StatusOK, m)
}

func (m *Media) ready(base string) { m.URL = new(base + filesAt + m.ID) }

// form reads what is handed over, and nothing else.
func form(r *http.Request) (content []byte, alt, why string) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, "", "no form with files"
	}
	for {
		p, err := parts.NextPart()
		if err != nil { // the end, or nothing that can be read: what is missing is said
			return content, alt, ""
		}
		all, _ := io.ReadAll(p)
		switch p.FormName() {
		case "file":
			content, why = all, named(p)
		case "description":
			alt = string(all)
		default:
			why = "unknown parameter " + p.FormName()
		}
		if why != "" {
			return nil, "", why
		}
	}
}

func named(p *multipart.Part) string {
	if p.FileName() == "" || !strings.HasPrefix(p.Header.Get("Content-Type"), "image/") {
		return "a file has a name and a type"
	}
	return ""
}

// free finds what may still be attached: to a post to come, or to the one that has it.
func (f *Fake) free(id string, on *Status) *Media {
	i := slices.IndexFunc(f.uploads, func(m *Media) bool {
		return m.ID == id && (m.on == nil && f.now().Sub(m.at) < unattached || m.on != nil && m.on == on)
	})
	if i < 0 {
		return nil
	}
	return f.uploads[i]
}

// media shows what no post has yet.
func (f *Fake) media(w http.ResponseWriter, r *http.Request) {
	m := f.free(r.PathValue("id"), nil)
	switch {
	case m == nil:
		fail(w, http.StatusNotFound, "Record not found")
	case m.URL == nil:
		answer(w, http.StatusPartialContent, m)
		m.ready(f.URL)
	default:
		answer(w, http.StatusOK, m)
	}
}

// attachable finds what a post shall have, or says why it cannot.
func (f *Fake) attachable(w http.ResponseWriter, ids []string, on *Status) (all []*Media, ok bool) {
	why := ""
	if len(ids) > f.most {
		why = "Cannot attach more than " + strconv.Itoa(f.most) + " files"
	}
	for _, id := range ids {
		m := f.free(id, on)
		switch {
		case m == nil || slices.Contains(all, m):
			why = "Media " + id + " not found or already attached to another post"
		case m.URL == nil:
			why = "Cannot attach files that have not finished processing. Try again in a moment!"
		}
		all = append(all, m)
	}
	if why != "" {
		fail(w, http.StatusUnprocessableEntity, "Validation failed: "+why)
	}
	return all, why == ""
}

// attach gives a post its pictures; those that it had before can be given to no other.
func (s *Status) attach(all []*Media) {
	for _, m := range all {
		m.on = s
	}
	s.Media = append([]*Media{}, all...)
}
