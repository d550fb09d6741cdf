package httpapi

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// secrets are what must not be read in any log, in every spelling that an address, a
// header or a body may have.
type secrets struct{ spellings []string }

func newSecrets(values ...string) secrets { return secrets{}.with(values...) }

// with has those values besides.
func (s secrets) with(values ...string) secrets {
	all := slices.Clone(s.spellings)
	for _, v := range values {
		quoted, _ := json.Marshal(v)
		all = append(all, v, url.QueryEscape(v), url.PathEscape(v), strings.Trim(string(quoted), `"`),
			base64.StdEncoding.EncodeToString([]byte(v)))
	}
	all = slices.DeleteFunc(all, func(v string) bool { return v == "" })
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	return secrets{slices.Compact(all)}
}

// credentials are the secrets in the header of a request.
func credentials(h http.Header) []string {
	var found []string
	for _, v := range h.Values("Authorization") {
		scheme, secret, ok := strings.Cut(v, " ")
		if !ok {
			secret = v
		}
		found = append(found, secret)
		if pair, err := base64.StdEncoding.DecodeString(secret); err == nil && strings.EqualFold(scheme, "Basic") {
			_, password, _ := strings.Cut(string(pair), ":")
			found = append(found, password)
		}
	}
	return append(found, h.Values("Cookie")...)
}

const black = "***"

func (s secrets) scrub(text string) string {
	if len(s.spellings) == 0 || text == "" {
		return text
	}
	pairs := make([]string, 0, 2*len(s.spellings))
	for _, v := range s.spellings { // the longest first: one may be part of another
		pairs = append(pairs, v, black)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// quietError is an error whose text is fit for a log.
type quietError struct {
	text  string
	cause error
}

func (q *quietError) Error() string { return q.text }

func (q *quietError) Unwrap() error { return q.cause }

// quiet gives an error without secrets, without addresses, and without what
// encoding/json could not read: it may quote what people wrote. What it wraps is still
// found in it.
func (s secrets) quiet(err error) error {
	inner := err
	for u := (*url.Error)(nil); errors.As(inner, &u); inner = u.Err {
	}
	_, syntax := errors.AsType[*json.SyntaxError](inner)
	_, kind := errors.AsType[*json.UnmarshalTypeError](inner)
	if syntax || kind {
		return errNoJSON
	}
	return &quietError{s.scrub(inner.Error()), inner}
}

// Quiet is err with a text that is fit for a log.
func (c *Client) Quiet(err error) error { return c.secrets.quiet(err) }
