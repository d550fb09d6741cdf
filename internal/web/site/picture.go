package site

import (
	"bytes"
	"net/http"
	"time"
)

// Picture answers with the bytes of a picture, which is all that a browser may take them for.
func (s *Site) Picture(w http.ResponseWriter, r *http.Request, kind, cache, hash string, b []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Content-Disposition", "inline")
	h.Set("Cache-Control", cache)
	h.Set("ETag", `"`+hash+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
}
