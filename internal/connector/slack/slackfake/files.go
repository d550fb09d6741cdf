package slackfake

import (
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

// File is what somebody shares.
type File struct {
	Name  string
	Bytes []byte
}

// keepFile makes a file as a message shows it. The caller holds w.mu.
func (w *Workspace) keepFile(by *User, f File) obj {
	id := w.id("F")
	if w.files == nil {
		w.files = map[string]File{}
	}
	w.files[id] = f
	address := w.base + "/files-pri/" + id + "/" + f.Name
	return obj{"id": id, "name": f.Name, "title": f.Name, "mode": "hosted", "user": by.id, "size": len(f.Bytes),
		"mimetype": mime.TypeByExtension(path.Ext(f.Name)), "url_private": address, "url_private_download": address}
}

func (w *Workspace) filesInfo(c *call) (obj, error) {
	id, err := c.need("file")
	if err != nil {
		return nil, err
	}
	for _, ch := range w.channels {
		for _, m := range ch.messages {
			for _, f := range m.files {
				if f, ok := f.(obj); ok && f["id"] == id {
					return obj{"file": f, "comments": []any{}}, nil
				}
			}
		}
	}
	return nil, refuse("file_not_found")
}

// serveFile hands a file to a token that may read files, and leads everybody else to where people
// sign in.
func (w *Workspace) serveFile(rw http.ResponseWriter, r *http.Request) {
	if answer := w.takeFault("files-pri").before(w, r); answer != nil {
		answer.write(rw)
		return
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/files-pri/"), "/")
	w.mu.Lock()
	f, there := w.files[id]
	may := bearer(r) == w.opts.BotToken && w.auth.refusal == "" && slices.Contains(w.auth.scopes, "files:read")
	w.mu.Unlock()
	switch {
	case !may:
		http.Redirect(rw, r, w.base+"/?redir="+r.URL.Path, http.StatusFound)
	case !there:
		http.NotFound(rw, r)
	default:
		rw.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(f.Name)))
		_, _ = rw.Write(f.Bytes)
	}
}
