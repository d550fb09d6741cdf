package site

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// assets are the static files by their name in an address: the hash of the content
// is part of it, so a browser may keep them for ever.
type assets struct {
	address map[string]string // "site.css" -> "/static/site.0123456789ab.css"
	sheets  map[string]*Sheet // "site.0123456789ab.css" -> its content, compressed
}

// hashed is how many hex digits of SHA-256 tell two versions of a file apart.
const hashed = 12

func hashAssets(files fs.ReadDirFS, dir string) (assets, error) {
	a := assets{address: map[string]string{}, sheets: map[string]*Sheet{}}
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
		a.address[e.Name()], a.sheets[name] = "/static/"+name, NewSheet(mime.TypeByExtension(ext), b, "")
	}
	return a, nil
}

// Asset is the address of a static file; empty for one that does not exist.
func (s *Site) Asset(name string) string { return s.assets.address[name] }

// ServeAsset answers GET /static/{name}.
func (s *Site) ServeAsset(w http.ResponseWriter, r *http.Request) {
	sheet, ok := s.assets.sheets[r.PathValue("name")]
	if !ok {
		s.ErrorPage(w, r, "", ErrNoPage)
		return
	}
	sheet.ServeFor(w, r, "public, max-age=31536000, immutable")
}

// ServeFixed answers with a static file at an address that stays, which others know.
func (s *Site) ServeFixed(w http.ResponseWriter, r *http.Request, name string) {
	s.assets.sheets[path.Base(s.Asset(name))].ServeFor(w, r, "public, max-age=3600")
}
