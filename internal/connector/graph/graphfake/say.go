package graphfake

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Failure is how the API says no.
type Failure struct {
	Status    int // 0 is 400
	Code, Sub int
	Text      string
	Wait      int // minutes for which no call is let in, whatever is used
}

// Error is its text.
func (f *Failure) Error() string { return f.Text }

// Fail is one of a code.
func Fail(code int, format string, args ...any) *Failure {
	return &Failure{Code: code, Text: fmt.Sprintf(format, args...)}
}

// Gone is what is said of what is not there, or may not be seen.
func Gone(at string) *Failure {
	return &Failure{Code: 100, Sub: 33, Text: "Unsupported get request. Object with ID '" + at + "' does not exist, cannot be loaded due to " +
		"missing permissions, or does not support this operation"}
}

// Body is an error as the API words it.
func Body(code, sub int, message string) string {
	finer := ""
	if sub != 0 {
		finer = fmt.Sprintf(`"error_subcode":%d,`, sub)
	}
	return fmt.Sprintf(`{"error":{"message":%q,"type":"OAuthException","code":%d,%s"fbtrace_id":"AbCdEfGhIjKlMnO"}}`, message, code, finer)
}

// Say answers with what came of a call.
func Say(w http.ResponseWriter, out any, err error) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	if no, ok := errors.AsType[*Failure](err); ok {
		w.WriteHeader(cmp.Or(no.Status, http.StatusBadRequest))
		_, _ = w.Write([]byte(Body(no.Code, no.Sub, no.Text)))
		return
	}
	_ = json.NewEncoder(w).Encode(out) // who hung up does not read it
}

// Usage sets the headers that say how much of the calls is used, in parts of a hundred, and for how
// many minutes there is no more.
func Usage(h http.Header, account, kind string, used, most, wait int) {
	part := 100
	if most > 0 {
		part = min(used*100/most, 100)
	}
	h.Set("X-App-Usage", fmt.Sprintf(`{"call_count":%d,"total_cputime":1,"total_time":1}`, part))
	h.Set("X-Business-Use-Case-Usage", fmt.Sprintf(`{%q:[{"type":%q,"call_count":%d,"total_cputime":1,"total_time":1,`+
		`"estimated_time_to_regain_access":%d}]}`, account, kind, part, wait))
}
