package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// assets are the static files by their name in an address: the hash of the content
// is part of it, so a browser may keep them for ever.
type assets struct {
	address map[string]string // "site.css" -> "/static/site.0123456789ab.css"
	content map[string][]byte // "site.0123456789ab.css" -> bytes
}

// hashed is how many hex digits of SHA-256 tell two versions of a file apart.
const hashed = 12

func hashAssets(files fs.ReadDirFS, dir string) (assets, error) {
	a := assets{address: map[string]string{}, content: map[string][]byte{}}
	entries, err := files.ReadDir(dir)
	if err != nil {
		return a, err
	}
	for _, e := range entries {
		b, err := fs.ReadFile(files, path.Join(dir, e.Name()))
		if err != nil {
			return a, err
		}
		sum := sha256.Sum256(b)
		ext := path.Ext(e.Name())
		name := strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:])[:hashed] + ext
		a.address[e.Name()], a.content[name] = "/static/"+name, b
	}
	return a, nil
}

// Asset is the address of a static file; empty for one that does not exist.
func (s *Site) Asset(name string) string { return s.assets.address[name] }

// ServeAsset answers GET /static/{name}.
func (s *Site) ServeAsset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	b, ok := s.assets.content[name]
	if !ok {
		s.ErrorPage(w, r, "", ErrNoPage)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(b))
}

// ServeScript answers with a static file at an address that stays, which other sites write into
// their pages.
func (s *Site) ServeScript(w http.ResponseWriter, r *http.Request, name string) {
	w.Header().Set("Cache-Control", "public, max-age=3600")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(s.assets.content[path.Base(s.Asset(name))]))
}
