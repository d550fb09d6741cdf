package site

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
)

// MostText bounds the fields of a form with files that are no files.
const MostText = deskBody

// HasFiles reports whether a form is sent in the way that allows for files.
func HasFiles(r *http.Request) bool {
	t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return t == "multipart/form-data"
}

// ReadForm reads a form with files part by part. file gets each field called "file", with what was
// read before it, and need not read it to its end. All other fields have at most so many bytes
// together.
func ReadForm(r *http.Request, most int, file func(p *multipart.Part, before url.Values) error) (url.Values, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	form, size := url.Values{}, 0
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err != nil {
			return form, err
		}
		if p.FormName() == "file" {
			if err := file(p, form); err != nil {
				return form, err
			}
			continue
		}
		text, err := io.ReadAll(io.LimitReader(p, int64(most)+1))
		if size += len(text); err == nil && size > most {
			err = ErrTooLarge
		}
		if err != nil {
			return form, err
		}
		form.Add(p.FormName(), string(text))
	}
}
