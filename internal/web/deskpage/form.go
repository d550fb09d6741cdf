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
	session.Accept:    {"stage", "wording"},
	session.Claim:     {"stage", "holder"},
	session.Release:   {"stage"},
	session.TakeBack:  {"stage"},
	session.Keep:      {"stage"},
	session.Restore:   {"stage"},
	session.Expire:    {"stage"},
	session.Withdraw:  {"stage"},
	session.Submit:    {"stage", "text", "base", "draft"},
	session.SendBack:  {"stage", "comment"},
	session.Approve:   {"stage", "revision", "digest"},
	session.Correct:   {"stage", "text", "base", "draft"},
	session.Decline:   {"stage", "reason", "remark"},
	session.Merge:     {"stage", "into"},
	session.Redirect:  {"stage", "institution", "email", "answered"},
	session.Retract:   {"stage", "reason"},
	session.AddNote:   {"stage", "text"},
	session.Retry:     {"stage", "copy", "attempt"},
	session.Drop:      {"stage", "copy", "attempt"},
	session.IsOut:     {"stage", "copy", "attempt", "url"},
	session.SendAgain: {"stage", "copy", "attempt"},

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

// asJSON turns a form into the fields of a command. What is empty is left out, but for
// the mark of a draft, where empty says that there was none; the zone is that in which people read the times of the session.
func asJSON(verb session.Verb, form url.Values, zone *time.Location) ([]byte, error) {
	values := map[string]any{}
	for _, name := range fields[verb] {
		raw := form.Get(name)
		if raw == "" && !(name == "draft" && form.Has(name)) {
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
