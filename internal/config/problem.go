package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"experthour/internal/setting"
)

// Problem is one thing that the operator has to change in the file.
type Problem struct {
	File string // as it was given to Load or Parse
	Line int    // counted from 1; 0 when the file has nothing to point at
	Key  string // such as "http.listen" or "people[2].role", counted from 1; "" for a syntax error
	Text string // what is wrong and what to do; what may be a secret is hidden
}

// String is "file:line: key: text", without the parts that are not known.
func (p Problem) String() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	if p.Key == "" {
		return where + ": " + p.Text
	}
	return where + ": " + p.Key + ": " + p.Text
}

// Problems is everything that is wrong with a file, in the order of its lines.
// Parse and Load return it as their error, to be taken out with errors.As.
type Problems []Problem

// Error is one problem a line.
func (ps Problems) Error() string {
	texts := make([]string, len(ps))
	for i, p := range ps {
		texts[i] = p.String()
	}
	return strings.Join(texts, "\n")
}

// report collects the problems of one file.
type report struct {
	setting.Bad // is add
	file        string
	lines       lines
	found       Problems
	doubts      []Doubt
	kept        []kept
}

func newReport(file string, l lines) *report {
	r := &report{file: file, lines: l}
	r.Bad = r.add
	return r
}

// add notes what is wrong with a key. Only the first problem of a key counts:
// later checks look at a value that is known to be wrong.
func (r *report) add(key, format string, args ...any) {
	for _, p := range r.found {
		if p.Key == key {
			return
		}
	}
	r.found = append(r.found, Problem{r.file, r.lines.of(key), key, fmt.Sprintf(format, args...)})
}

// err gives the problems in the order of the file, or nil.
func (r *report) err() error {
	if len(r.found) == 0 {
		return nil
	}
	slices.SortStableFunc(r.found, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Key, b.Key))
	})
	for i := range r.found { // what was written may be a secret in the wrong place
		r.found[i].Key, r.found[i].Text = setting.Scrub(r.found[i].Key), setting.Scrub(r.found[i].Text)
	}
	return r.found
}
