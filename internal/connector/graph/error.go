package graph

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
)

// The codes that all platforms have.
const (
	CodeParameter = 100
	CodeToken     = 190 // the token ended or was revoked
	// subMissing of CodeParameter is an object that is not there, or that may not be seen.
	subMissing = 33
)

const (
	// MendWait is while somebody has to mend the token or the app.
	MendWait = 30 * time.Second
	// RateWait is after too many calls, where no header says how long it lasts.
	RateWait = 5 * time.Minute
)

// dialect is how the API says no. What it calls unknown (-1, 1) or temporary (2) may have been done.
func dialect(more []httpapi.Rule) httpapi.Dialect {
	rules := []httpapi.Rule{
		{Code: "-1", Outcome: connector.Unsure}, {Code: "1", Outcome: connector.Unsure}, {Code: "2", Outcome: connector.Unsure},
		{Code: strconv.Itoa(CodeToken), Outcome: connector.Deferred, Wait: MendWait},
	}
	for _, code := range []string{"4", "17", "32", "613"} {
		rules = append(rules, httpapi.Rule{Code: code, Outcome: connector.Deferred, Wait: RateWait})
	}
	return httpapi.Dialect{Code: []string{"error.code"}, Words: []string{"error.error_user_msg", "error.message"}, Fails: true,
		Rules: append(rules, more...)}
}

// explained adds to an error the API's finer code, and how long calls are refused.
func explained(a httpapi.Answer, err error) error {
	if err == nil {
		return nil
	}
	var said struct {
		Error struct {
			Sub int `json:"error_subcode"`
		}
	}
	_ = json.Unmarshal(a.Body, &said) // some answers are none
	e := *connector.OutcomeOf(err)
	if _, wait := usage(a.Header); e.Outcome == connector.Deferred && e.Wait == RateWait && wait > 0 {
		e.Wait = wait
	}
	e.Cause = &answered{said.Error.Sub, e.Cause}
	return &e
}

// answered is an error with the API's finer code.
type answered struct {
	sub   int
	cause error
}

// Error is that of the cause, which quotes nothing.
func (a *answered) Error() string {
	if a.cause == nil {
		return "no cause"
	}
	return a.cause.Error()
}

// Unwrap gives the cause.
func (a *answered) Unwrap() error { return a.cause }

// Code is what the API itself said; 0 is that it did not.
func Code(err error) int {
	n, _ := strconv.Atoi(httpapi.ErrorOf(err).Code)
	return n
}

// Missing reports whether the API says that there is no such object, or none that may be seen.
func Missing(err error) bool {
	a, ok := errors.AsType[*answered](err)
	return ok && a.sub == subMissing && Code(err) == CodeParameter
}

// Forbidden reports whether the app lacks a permission.
func Forbidden(err error) bool {
	code := Code(err)
	return code == 10 || code >= 200 && code < 300
}

// Unusable is an answer of which nobody knows what it says.
func Unusable(method string) error {
	e := &connector.SendError{Outcome: connector.Unsure, Detail: "no usable answer"}
	if method == http.MethodGet {
		e.Outcome = connector.Deferred
	}
	return e
}

// counts are what the headers of usage say, each in parts of a hundred, and how many minutes there
// are to wait.
type counts struct {
	Calls float64 `json:"call_count"`
	CPU   float64 `json:"total_cputime"`
	Time  float64 `json:"total_time"`
	Wait  float64 `json:"estimated_time_to_regain_access"`
}

// usage is the most of what is used, and how long no call will be let in.
func usage(h http.Header) (used int, wait time.Duration) {
	var all []counts
	for _, name := range []string{"X-App-Usage", "X-Page-Usage"} {
		var c counts
		if json.Unmarshal([]byte(h.Get(name)), &c) == nil {
			all = append(all, c)
		}
	}
	var cases map[string][]counts
	if json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &cases) == nil {
		for _, cs := range cases {
			all = append(all, cs...)
		}
	}
	for _, c := range all {
		used = max(used, int(min(max(c.Calls, c.CPU, c.Time, 0), 1_000)))
		minutes := min(max(c.Wait, 0), httpapi.LongestWait.Minutes())
		wait = max(wait, time.Duration(minutes*float64(time.Minute)))
	}
	return used, wait
}
