package site

import (
	"html/template"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"experthour/internal/session"
	"experthour/internal/wording"
)

// longText is from how many characters on a question is set in smaller type.
const longText = 280

// funcs are what templates may call. Times arrive in the zone in which they are read.
func (s *Site) funcs(l session.Language) template.FuncMap {
	w := wording.In(l)
	return template.FuncMap{
		"t":        w.Text,
		"n":        func(id string, n int, args ...any) string { return w.Count(id, n, args...) },
		"date":     w.Date,
		"clock":    w.Clock,
		"datetime": w.DateTime,
		"span":     w.Span,
		"lasting":  w.Lasting,
		"iso":      func(t time.Time) string { return t.Format(time.RFC3339) },
		"day":      func(t time.Time) string { return t.Format(time.DateOnly) },
		"error":    w.Error,
		"static":   s.Asset,
		"lang":     func() session.Language { return l },
		"other":    func() session.Language { return OtherThan(l) },
		"foreign":  func(of session.Language) bool { return of != "" && of != l },
		"pieces":   session.Pieces,
		"long":     func(text string) bool { return utf8.RuneCountInString(text) > longText },
		"initials": initials,
		"blocks":   blocks,
		"add":      func(a, b int) int { return a + b },
		"chars":    utf8.RuneCountInString,
	}
}

// OtherThan is another language of the catalogue.
func OtherThan(l session.Language) session.Language {
	for _, o := range session.Languages {
		if o != l {
			return o
		}
	}
	return l
}

// initials of the first and the last part of a name.
func initials(name any) string {
	var first []string
	for _, part := range strings.Fields(toText(name)) {
		r, _ := utf8.DecodeRuneInString(part)
		if unicode.IsLetter(r) {
			first = append(first, string(unicode.ToUpper(r)))
		}
	}
	if len(first) > 2 {
		first = []string{first[0], first[len(first)-1]}
	}
	return strings.Join(first, "")
}

func toText(v any) string {
	switch v := v.(type) {
	case session.PersonName:
		return string(v)
	case string:
		return v
	}
	return ""
}

// blocks splits a text at its empty lines, one paragraph each.
func blocks(text string) []string { return strings.Split(text, "\n\n") }
