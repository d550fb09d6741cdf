package wordpressfake

import (
	"io"
	"maps"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
)

// media is a file in the library.
type media struct {
	id              int
	slug, file, alt string
	kind            string
	bytes           []byte
}

// mostUpload is upload_max_filesize of PHP.
const mostUpload = 2 << 20

// notInSlug is what WordPress takes out of a file's name.
var notInSlug = regexp.MustCompile(`[^a-z0-9-]+`)

func (s *Site) shownMedia(m *media, edits bool) map[string]any {
	out := map[string]any{"id": m.id, "author": userID, "slug": m.slug, "alt_text": m.alt, "mime_type": m.kind, "status": "inherit",
		"source_url": s.URL + "/wp-content/uploads/" + m.file}
	if edits {
		out["title"] = map[string]any{"raw": m.slug}
	}
	return out
}

// addMedia takes a file as it is: its name and its kind are in the header.
func (s *Site) addMedia(r request) (any, error) {
	_, said, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
	kind, file := r.Header.Get("Content-Type"), said["filename"]
	switch {
	case !s.may("upload_files"):
		return nil, fail(http.StatusForbidden, "rest_cannot_create", "Sorry, you are not allowed to create posts as this user.")
	case kind == "":
		return nil, fail(http.StatusBadRequest, "rest_upload_no_content_type", "No Content-Type supplied.")
	case err != nil || file == "" || file != path.Base(file):
		return nil, fail(http.StatusBadRequest, "rest_upload_invalid_disposition", "Invalid Content-Disposition supplied.")
	case len(r.raw) == 0:
		return nil, fail(http.StatusBadRequest, "rest_upload_no_data", "No data supplied.")
	case len(r.raw) > mostUpload, kind != "image/"+strings.TrimPrefix(path.Ext(file), "."), http.DetectContentType(r.raw) != kind:
		return nil, fail(http.StatusInternalServerError, "rest_upload_sideload_error", "Sorry, you are not allowed to upload this file type.")
	}
	s.last++
	m := &media{id: s.last, file: file, kind: kind, bytes: r.raw}
	m.slug = s.free(notInSlug.ReplaceAllString(strings.ToLower(strings.TrimSuffix(file, path.Ext(file))), "-"))
	s.media[m.id] = m
	return s.shownMedia(m, r.edits()), nil
}

func (s *Site) listMedia(r request) (any, error) {
	found, q := []any{}, r.URL.Query()
	for _, id := range slices.Sorted(maps.Keys(s.media)) {
		m := s.media[id]
		named := q.Get("slug") == "" || slices.Contains(strings.Split(q.Get("slug"), ","), m.slug)
		if named && strings.Contains(m.slug, q.Get("search")) {
			found = append(found, s.shownMedia(m, r.edits()))
		}
	}
	return found, nil
}

func (s *Site) medium(r request) (*media, error) {
	if m := s.media[r.id()]; m != nil {
		return m, nil
	}
	return nil, fail(http.StatusNotFound, "rest_post_invalid_id", "Invalid post ID.")
}

func (s *Site) editMedia(r request) (any, error) {
	m, err := s.medium(r)
	if err != nil {
		return nil, err
	}
	m.alt = r.text("alt_text")
	return s.shownMedia(m, r.edits()), nil
}

// removeMedia takes it away for good; the library has no trash.
func (s *Site) removeMedia(r request) (any, error) {
	m, err := s.medium(r)
	switch {
	case err != nil:
		return nil, err
	case r.URL.Query().Get("force") != "true":
		return nil, fail(http.StatusNotImplemented, "rest_trash_not_supported", "The post does not support trashing. Set 'force=true' to delete.")
	}
	delete(s.media, m.id)
	return map[string]any{"deleted": true}, nil
}

// file gives what anybody reads of the library.
func (s *Site) file(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.media {
		if m.file == r.PathValue("file") {
			w.Header().Set("Content-Type", m.kind)
			_, _ = w.Write(m.bytes)
			return
		}
	}
	http.NotFound(w, r)
}

// files reads the body of a request that brings a file.
func (r *request) files(req *http.Request) error {
	raw, err := io.ReadAll(io.LimitReader(req.Body, mostUpload+1))
	r.raw = raw
	return err
}
