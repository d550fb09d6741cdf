package draugiemfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector/faultfake"
)

// Path is where the API stands at a server.
const Path = "/json/"

// failure is how Draugiem.lv says no, in HTTP 200.
type failure struct {
	Code        int    `json:"code"`
	Description string `json:"description"`
}

func (f *failure) Error() string { return f.Description }

func fail(code int, text string) *failure { return &failure{code, "fake: " + text} }

// method is one of an action's.
type method struct {
	needs, may []string // parameters beside those of every call
	writes     bool
	do         func(*Draugiem, url.Values) (map[string]any, error)
}

// piece are the parameters that make news.
var piece = []string{"title", "text", "draft", "comments"}

var methods = map[string]method{
	"pages/dashboard":   {do: (*Draugiem).dashboard},
	"pages/faq list":    {do: (*Draugiem).faqList},
	"pages/faq answer":  {needs: []string{"question_id", "answer"}, writes: true, do: (*Draugiem).faqAnswer},
	"pages/faq delete":  {needs: []string{"question_id"}, writes: true, do: (*Draugiem).faqDelete},
	"pages/news list":   {may: []string{"cat"}, do: (*Draugiem).newsList},
	"pages/news get":    {needs: []string{"id"}, do: (*Draugiem).newsGet},
	"pages/news add":    {needs: piece, may: []string{"image_data"}, writes: true, do: (*Draugiem).newsAdd},
	"pages/news edit":   {needs: append([]string{"id"}, piece...), writes: true, do: (*Draugiem).newsEdit},
	"pages/news delete": {needs: []string{"id"}, writes: true, do: (*Draugiem).newsDelete},
}

// everywhere are the parameters of every call.
var everywhere = []string{"app", "apikey", "action", "method"}

// ServeHTTP answers one call.
func (d *Draugiem) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path != Path:
		http.NotFound(w, r)
		return
	case r.Method != http.MethodPost || r.URL.RawQuery != "":
		http.Error(w, "fake: keys do not belong into an address", http.StatusMethodNotAllowed)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		http.Error(w, "fake: no form", http.StatusBadRequest)
		return
	}
	out, x, faulty, err := d.call(r.PostForm)
	if faulty {
		x.Write(w, r)
		return
	}
	d.say(w, out, err)
}

// call does what one says; a fault comes in place of its answer.
func (d *Draugiem) call(form url.Values) (out map[string]any, x faultfake.Fault, faulty bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	what := strings.TrimSpace(form.Get("action") + " " + form.Get("method"))
	x, faulty = d.Take(what)
	if faulty && !x.Done {
		return nil, x, true, nil
	}
	m, err := d.let(what, form)
	if err != nil {
		return nil, x, faulty, err
	}
	d.counts[what]++
	out, err = m.do(d, form)
	return out, x, faulty, err
}

// let looks whether a call is one that may be made.
func (d *Draugiem) let(what string, form url.Values) (method, error) {
	m, known := methods[what]
	switch {
	case !d.counted():
		return m, fail(910, "too many calls")
	case form.Get("app") != PageKey:
		return m, fail(901, "there is no such page")
	case form.Get("apikey") != UserKey || d.revoked:
		return m, fail(902, "this person may not use the API of the page")
	case !known:
		return m, fail(903, "there is no such call: "+what)
	case m.writes && d.closed:
		return m, fail(904, "the page takes nothing")
	}
	return m, m.fits(form)
}

// counted reports whether there is one more call in this hour.
func (d *Draugiem) counted() bool {
	now := d.now()
	d.calls = slices.DeleteFunc(d.calls, func(at time.Time) bool { return now.Sub(at) >= time.Hour })
	if d.rate > 0 && len(d.calls) >= d.rate {
		return false
	}
	d.calls = append(d.calls, now)
	return true
}

// fits looks at the parameters.
func (m method) fits(form url.Values) error {
	for name, values := range form {
		if len(values) != 1 || !slices.Contains(slices.Concat(everywhere, m.needs, m.may), name) {
			return fail(905, "there is no such parameter: "+name)
		}
	}
	for _, name := range m.needs {
		switch value := form.Get(name); {
		case strings.TrimSpace(value) == "":
			return fail(906, "empty: "+name)
		case slices.Contains([]string{"draft", "comments"}, name) && value != "0" && value != "1":
			return fail(907, "neither 0 nor 1: "+name)
		case len([]rune(value)) > MostChars:
			return fail(908, "too long: "+name)
		}
	}
	return nil
}

func (d *Draugiem) say(w http.ResponseWriter, out map[string]any, err error) {
	if f, ok := err.(*failure); ok {
		out = map[string]any{"error": f}
		d.do(func() {
			if d.bare {
				out["error"] = f.Description
			}
		})
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err := json.NewEncoder(w).Encode(out); err != nil {
		panic(fmt.Sprint("of texts alone: ", err))
	}
}
