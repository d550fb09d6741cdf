package httpapi

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/textproto"
	"net/url"
)

// Body is what a request carries; the zero Body is nothing. It is whole in memory, so
// that its length is known to the platform.
type Body struct {
	kind    string // its Content-Type
	content []byte
	err     error
}

// JSON is v as encoding/json writes it, but for < > and &, which stay as they are.
func JSON(v any) Body {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return Body{kind: "application/json", content: bytes.TrimSuffix(b.Bytes(), []byte("\n")), err: err}
}

// Form is a form as browsers send it.
func Form(values url.Values) Body {
	return Body{kind: "application/x-www-form-urlencoded", content: []byte(values.Encode())}
}

// Raw is content as it is.
func Raw(contentType string, content []byte) Body { return Body{kind: contentType, content: content} }

// Part is one field of a multipart form: a value, or a file when File is its name.
type Part struct {
	Name, File, Type string // Type is a file's Content-Type
	Content          []byte
}

// Multipart is a form with files.
func Multipart(parts ...Part) Body {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		if err := p.write(w); err != nil {
			return Body{err: err}
		}
	}
	err := w.Close() // which writes the end
	return Body{kind: w.FormDataContentType(), content: b.Bytes(), err: err}
}

func (p Part) write(w *multipart.Writer) error {
	if p.File == "" {
		return w.WriteField(p.Name, string(p.Content))
	}
	h := textproto.MIMEHeader{"Content-Disposition": {multipart.FileContentDisposition(p.Name, p.File)}}
	if p.Type != "" {
		h.Set("Content-Type", p.Type)
	}
	field, err := w.CreatePart(h)
	if err != nil {
		return err
	}
	_, err = field.Write(p.Content)
	return err
}
