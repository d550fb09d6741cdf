package mastodonfake

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// filesAt is where the server has what was sent with posts.
const filesAt = "/system/media_attachments/"

// WriteWith posts for somebody, with what they sent. A Media without an URL gets one here, and a type.
func (f *Fake) WriteWith(by Person, text string, sent ...Media) Status {
	var media []*Media
	for _, m := range sent {
		f.mu.Lock()
		f.last++
		m.ID, m.at, m.strange = strconv.Itoa(f.last), f.now(), true
		if m.Type == "" {
			m.Type = "image"
		}
		if m.URL == nil {
			m.ready(f.URL)
		}
		f.uploads, media = append(f.uploads, &m), append(media, &m)
		f.mu.Unlock()
	}
	return f.write(by, "public", text, "", nil, media)
}

// file serves one to anybody, but who sends a secret with it.
func (f *Fake) file(w http.ResponseWriter, r *http.Request) {
	m := f.uploaded(strings.TrimPrefix(r.URL.Path, filesAt))
	switch {
	case r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" || r.URL.RawQuery != "":
		fail(w, http.StatusBadRequest, "nothing secret is sent to where files are")
	case r.Method != http.MethodGet:
		fail(w, http.StatusMethodNotAllowed, "files are read")
	case m == nil:
		fail(w, http.StatusNotFound, "Record not found")
	case m.Leads != "":
		http.Redirect(w, r, m.Leads, http.StatusFound)
	default:
		w.Header().Set("Content-Type", http.DetectContentType(m.Content))
		_, _ = w.Write(m.Content) // a client that is gone reads nothing
	}
}

// uploaded finds what was handed over; nil is nothing.
func (f *Fake) uploaded(id string) *Media {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := slices.IndexFunc(f.uploads, func(m *Media) bool { return m.ID == id }); i >= 0 {
		return f.uploads[i]
	}
	return nil
}
