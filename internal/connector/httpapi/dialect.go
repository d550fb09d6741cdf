package httpapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"experthour/internal/connector"
)

// Dialect is how a platform says no: where its words stand in the JSON of an answer,
// and what they mean. Without one the status alone counts.
type Dialect struct {
	// Code and Words are where its code for programs and its words for people stand:
	// names, or numbers in a list, joined by dots ("error.errors.0.reason"). The first
	// that is there counts.
	Code, Words []string
	// Fails says that an answer of status 2xx with a code is a failure.
	Fails bool
	// Rules come before those that hold everywhere; the first that fits counts.
	Rules []Rule
}

// Rule says what is known after an answer.
type Rule struct {
	Status  int    // 0 is any
	Code    string // "" is any, and none
	Outcome connector.Outcome
	// Wait is for Deferred, where the answer does not say how long.
	Wait time.Duration
}

// everywhere are the rules of all platforms. A status that is not listed is Refused
// from 400 to 499, since the request is at fault, and Unsure otherwise: a proxy answers
// 5xx also when it lost the answer, and what redirects may have been done.
var everywhere = []Rule{
	{Status: http.StatusUnauthorized, Outcome: connector.Deferred}, // somebody has to mend the token
	{Status: http.StatusProxyAuthRequired, Outcome: connector.Deferred},
	{Status: http.StatusRequestTimeout, Outcome: connector.Unsure}, // some servers say so of their own work
	{Status: http.StatusConflict, Outcome: connector.Unsure},       // often: it is there already
	{Status: http.StatusTooEarly, Outcome: connector.Deferred},
	{Status: http.StatusTooManyRequests, Outcome: connector.Deferred},
}

func (d Dialect) rule(status int, code string) Rule {
	for _, rules := range [][]Rule{d.Rules, everywhere} {
		for _, r := range rules {
			if (r.Status == 0 || r.Status == status) && (r.Code == "" || r.Code == code) {
				return r
			}
		}
	}
	if status/100 == 2 || status/100 == 4 { // 2xx with a code: the platform itself says no
		return Rule{Outcome: connector.Refused}
	}
	return Rule{Outcome: connector.Unsure}
}

// strange reports whether an answer is nothing that the platform says: it speaks JSON.
func (d Dialect) strange(a Answer) bool {
	return len(d.Code)+len(d.Words) > 0 && len(bytes.TrimSpace(a.Body)) > 0 && !json.Valid(a.Body)
}

// Error is an answer that is no success, as the Cause of a *connector.SendError.
type Error struct {
	Status int
	// Code is the platform's own, by its Dialect.
	Code string
	Rate Rate
	// Strange says that it is not in the language of the platform: what stands in between may have
	// said it, so that nothing is not there for that.
	Strange bool
	// Cause is why an answer of status 2xx is of no use.
	Cause error
}

// Error is for the log: it quotes nothing that people wrote.
func (e *Error) Error() string {
	text := fmt.Sprintf("HTTP %d", e.Status)
	if e.Code != "" {
		text += " " + e.Code
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// ErrorOf is the answer behind an error; one of status 0 when there was none.
func ErrorOf(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{}
}

const (
	longestCode  = 80
	longestWords = 200
)

// judge says what is known after an answer; nil is a success.
func (c *Client) judge(method string, a Answer, hide secrets) error {
	d := c.opts.Dialect
	said := decoded(a.Body)
	code := line(hide.scrub(first(said, d.Code)), longestCode)
	strange := d.strange(a)
	reads := doubt(method) == connector.Deferred
	if a.OK() && strange && !reads { // what is read is a file, or taken as JSON
		return unreadable(method, a, errNoJSON)
	}
	if a.OK() && (code == "" || !d.Fails) {
		return nil
	}
	rule := d.rule(a.Status, code)
	if strange && rule.Outcome == connector.Refused && reads {
		rule.Outcome = connector.Deferred // who says so need not be the platform, and asking again costs nothing
	}
	words := line(hide.scrub(first(said, d.Words)), longestWords)
	plain := strings.TrimSpace(fmt.Sprint(a.Status, " ", http.StatusText(a.Status)))
	e := &connector.SendError{Outcome: rule.Outcome, Detail: cmp.Or(words, code, plain)}
	e.Cause = &Error{Status: a.Status, Code: code, Rate: a.Rate, Strange: strange}
	if e.Outcome == connector.Unsure {
		e.Outcome = doubt(method)
	}
	if e.Outcome == connector.Deferred {
		e.Wait = cmp.Or(a.Rate.later(), rule.Wait)
	}
	return e
}

// decoded is the JSON of a body, or nil.
func decoded(body []byte) any {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil
	}
	return v
}

// first is the text or number at the first path that has one.
func first(v any, paths []string) string {
	for _, p := range paths {
		if s := at(v, p); s != "" {
			return s
		}
	}
	return ""
}

func at(v any, path string) string {
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(x) {
				return ""
			}
			v = x[i]
		default:
			return ""
		}
	}
	switch x := v.(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	}
	return ""
}

// line is a text in one line, without what cannot be shown, cut at most characters.
func line(text string, most int) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	runes := []rune(strings.ToValidUTF8(text, ""))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most-1]) + "…"
}
