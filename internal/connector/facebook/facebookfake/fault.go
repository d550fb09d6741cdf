package facebookfake

import (
	"fmt"
	"net/http"
	"slices"
)

// fault is what becomes of one call of an edge.
type fault struct {
	edge   string
	done   bool // what it asks for is done
	hang   bool // nothing is answered
	status int
	body   string
}

// Answer answers the next call of an edge so and does nothing else.
func (p *Page) Answer(edge string, status int, body string) {
	p.do(func() { p.faults = append(p.faults, fault{edge: edge, status: status, body: body}) })
}

// Break does what the next call of an edge says and answers so all the same.
func (p *Page) Break(edge string, status int, body string) {
	p.do(func() { p.faults = append(p.faults, fault{edge: edge, done: true, status: status, body: body}) })
}

// Hang does what the next call of an edge says and answers nothing until who asked gives up.
func (p *Page) Hang(edge string) {
	p.do(func() { p.faults = append(p.faults, fault{edge: edge, done: true, hang: true}) })
}

// Body is an error as the API words it.
func Body(code, subcode int, message string) string {
	sub := ""
	if subcode != 0 {
		sub = fmt.Sprintf(`"error_subcode":%d,`, subcode)
	}
	return fmt.Sprintf(`{"error":{"message":%q,"type":"OAuthException","code":%d,%s"fbtrace_id":"AbCdEfGhIjKlMnO"}}`, message, code, sub)
}

// fault takes the first one of an edge.
func (p *Page) fault(edge string) (fault, bool) {
	i := slices.IndexFunc(p.faults, func(x fault) bool { return x.edge == edge })
	if i < 0 {
		return fault{}, false
	}
	x := p.faults[i]
	p.faults = slices.Delete(p.faults, i, i+1)
	return x, true
}

func (x fault) write(w http.ResponseWriter, r *http.Request) {
	if x.hang {
		<-r.Context().Done()
		return
	}
	w.WriteHeader(x.status)
	_, _ = w.Write([]byte(x.body))
}

// failure is how the API says no.
type failure struct {
	status, code, sub int
	text              string
}

func (f *failure) Error() string { return f.text }

func fail(code int, format string, args ...any) *failure {
	return &failure{http.StatusBadRequest, code, 0, fmt.Sprintf(format, args...)}
}

func missing(id string) *failure {
	return &failure{http.StatusBadRequest, 100, 33, "Unsupported request. Object with ID '" + id + "' does not exist, cannot be loaded " +
		"due to missing permissions, or does not support this operation"}
}
