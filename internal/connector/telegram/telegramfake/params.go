package telegramfake

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const longestBody = 20 << 20

// uploaded begins the name of an argument that is a file.
const uploaded = "@"

// params are the arguments of a call, each as text: a string as it stands, anything
// else as JSON.
type params map[string]string

// readParams reads the query and a body of any of the four forms. An empty body is
// valid whatever its type says.
func readParams(r *http.Request) (params, error) {
	p := params{}
	p.addForm(r.URL.Query())
	body, err := io.ReadAll(io.LimitReader(r.Body, longestBody+1))
	if err != nil || len(body) > longestBody {
		return nil, &apiError{code: http.StatusRequestEntityTooLarge, text: "Request Entity Too Large"}
	}
	if len(body) == 0 {
		return p, nil
	}
	return p, p.addBody(r.Header.Get("Content-Type"), body)
}

func (p params) addBody(contentType string, body []byte) error {
	kind, attributes, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil // the real server ignores what it cannot name
	}
	switch kind {
	case "application/json":
		return p.addJSON(body)
	case "multipart/form-data":
		return p.addMultipart(body, attributes["boundary"])
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return badRequest("can't parse the form")
		}
		p.addForm(form)
	}
	return nil
}

func (p params) addForm(form url.Values) {
	for name, values := range form {
		p.add(name, values[0])
	}
}

func (p params) addJSON(body []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return badRequest("can't parse JSON object")
	}
	for name, raw := range fields {
		var text string
		switch {
		case string(raw) == "null":
		case json.Unmarshal(raw, &text) == nil:
			p.add(name, text)
		default:
			p.add(name, string(raw))
		}
	}
	return nil
}

func (p params) addMultipart(body []byte, boundary string) error {
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return badRequest("can't parse the multipart body")
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return badRequest("can't parse the multipart body")
		}
		name := part.FormName()
		if part.FileName() != "" {
			name = uploaded + name
		}
		p.add(name, string(value))
	}
}

// add keeps the first value: the query comes before the body.
func (p params) add(name, value string) {
	if _, taken := p[name]; !taken {
		p[name] = value
	}
}

func (p params) number(name string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(p[name]), 10, 64)
	return n
}

// within is an argument that the server moves into its range without a word.
func (p params) within(name string, otherwise, low, high int) int {
	n, err := strconv.Atoi(strings.TrimSpace(p[name]))
	if err != nil {
		n = otherwise
	}
	return min(max(n, low), high)
}

func (p params) yes(name string) bool {
	switch strings.ToLower(strings.TrimSpace(p[name])) {
	case "true", "yes", "1":
		return true
	}
	return false
}
