package deskpage

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/session"
)

// fields are what the form of each verb carries, by the names of the JSON API.
var fields = map[session.Verb][]string{
	session.Accept:    {"wording"},
	session.Claim:     {"holder"},
	session.Submit:    {"text", "base"},
	session.SendBack:  {"comment"},
	session.Approve:   {"revision", "digest"},
	session.Correct:   {"text", "base"},
	session.Decline:   {"reason", "remark"},
	session.Merge:     {"into"},
	session.Redirect:  {"institution", "email", "answered"},
	session.Retract:   {"reason"},
	session.AddNote:   {"text"},
	session.Retry:     {"copy", "attempt"},
	session.Drop:      {"copy", "attempt"},
	session.IsOut:     {"copy", "attempt", "url"},
	session.SendAgain: {"copy", "attempt"},

	session.Extend:            {"minutes"},
	session.Close:             {"force", "reason"},
	session.Cancel:            {"reason"},
	session.AllowSelfApproval: {"reason"},
	session.Reschedule:        {"ask_from", "start", "end"},
}

var (
	numbers  = []string{"wording", "base", "revision", "into", "answered", "attempt", "minutes"}
	switches = []string{"email", "force"}
	times    = []string{"ask_from", "start", "end"}
)

// asJSON turns a form into the fields of a command. What is empty is left out; the
// zone is that in which people read the times of the session.
func asJSON(verb session.Verb, form url.Values, zone *time.Location) ([]byte, error) {
	values := map[string]any{}
	for _, name := range fields[verb] {
		raw := form.Get(name)
		if raw == "" {
			continue
		}
		v, err := value(name, raw, zone)
		if err != nil {
			return nil, err
		}
		values[name] = v
	}
	return json.Marshal(values)
}

func value(name, raw string, zone *time.Location) (any, error) {
	switch {
	case slices.Contains(switches, name):
		return true, nil
	case slices.Contains(times, name):
		return localTime(raw, zone)
	case slices.Contains(numbers, name):
		n, err := strconv.Atoi(strings.TrimLeft(strings.TrimSpace(raw), "Qq#"))
		if err != nil {
			return nil, session.Fail(session.Invalid, "number_form")
		}
		return n, nil
	}
	return raw, nil
}

// localTime reads what an input of type datetime-local sends. An hour that the
// clocks skip becomes the one after it.
func localTime(raw string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, strings.TrimSpace(raw), zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, session.Fail(session.Invalid, "time_form")
}
