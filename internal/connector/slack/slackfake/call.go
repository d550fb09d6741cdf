package slackfake

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// call is one Web API call with its arguments, however they were sent.
type call struct {
	method string
	token  string
	scopes []string
	args   obj  // strings from a form, any JSON from a JSON body
	json   bool // the arguments came as JSON
}

// readCall takes the request apart. The token is good in the header or as a form field, not in a JSON body.
func readCall(name string, r *http.Request) (*call, error) {
	c := &call{method: name, args: obj{}, token: bearer(r)}
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err != nil {
		return c, refuse("request_timeout")
	}
	c.addForm(r.URL.Query())
	delete(c.args, "token")
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(body) == 0:
		return c, nil
	case kind == "application/json":
		return c, c.readJSON(body)
	case kind == "application/x-www-form-urlencoded":
		return c, c.readForm(body)
	case kind == "":
		return c, refuse("missing_post_type")
	}
	return c, refuse("invalid_post_type")
}

func bearer(r *http.Request) string {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	return strings.TrimSpace(token)
}

func (c *call) readForm(body []byte) error {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return refuse("invalid_form_data")
	}
	c.addForm(values)
	if token := str(c.args, "token"); token != "" && c.token == "" {
		c.token = token
	}
	delete(c.args, "token")
	return nil
}

func (c *call) addForm(values url.Values) {
	for key := range values {
		c.args[key] = values.Get(key)
	}
}

func (c *call) readJSON(body []byte) error {
	c.json = true
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return refuse("invalid_json")
	}
	if value == nil {
		return nil
	}
	args, ok := value.(obj)
	if !ok {
		return refuse("json_not_object")
	}
	delete(args, "token")
	for key, v := range args {
		c.args[key] = v
	}
	return nil
}

// has tells whether the argument was sent at all.
func (c *call) given(key string) bool { v, ok := c.args[key]; return ok && v != nil }

// str reads a string argument; a JSON number or object in its place is refused.
func (c *call) str(key string) (string, error) {
	switch v := c.args[key].(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	return "", badArgument("must be a string", key)
}

// need reads a string argument that must not be empty.
func (c *call) need(key string) (string, error) {
	s, err := c.str(key)
	if err == nil && s == "" {
		return "", badArgument("missing required field: "+key, key)
	}
	return s, err
}

// needs reads several required string arguments.
func (c *call) needs(keys ...string) ([]string, error) {
	out := make([]string, len(keys))
	for i, key := range keys {
		s, err := c.need(key)
		if err != nil {
			return nil, err
		}
		out[i] = s
	}
	return out, nil
}

func (c *call) flag(key string) (bool, error) {
	switch v := c.args[key].(type) {
	case nil:
		return false, nil
	case bool:
		return v, nil
	case string:
		switch v {
		case "", "0", "false":
			return false, nil
		case "1", "true":
			return true, nil
		}
	}
	return false, badArgument("must be a boolean", key)
}

func (c *call) number(key string, missing int) (int, error) {
	switch v := c.args[key].(type) {
	case nil:
		return missing, nil
	case float64:
		return int(v), nil
	case string:
		if n, err := strconv.Atoi(v); err == nil {
			return n, nil
		}
		if v == "" {
			return missing, nil
		}
	}
	return 0, badArgument("must be an integer", key)
}

// value reads an argument that is JSON: structured in a JSON body, a string of JSON in a form.
func (c *call) value(key string) (any, bool) {
	s, ok := c.args[key].(string)
	if !ok {
		return c.args[key], true
	}
	if s == "" {
		return nil, true
	}
	var v any
	err := json.Unmarshal([]byte(s), &v)
	return v, err == nil
}
