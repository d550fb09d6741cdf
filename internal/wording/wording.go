// Package wording knows every sentence that the program says to people: the
// message catalogues in Latvian and English, and how each language writes dates,
// durations and plurals. No other package words a sentence; they name a message
// by its id and hand over the values.
//
// It must not know where a text is shown: it neither escapes nor cuts, and a
// value is inserted as it is, so whoever puts the text into a page or a message
// escapes it there. It has no clock and no time zone: a time arrives in the zone
// in which it shall be read.
//
// A sentence that only one platform says lies in that platform's folder and is merged by
// Add.
//
// To add a message, write it in both lv/AREA.toml and en/AREA.toml, with the same
// placeholders; tests find what is missing, misspelt or unused. A placeholder is
// {{.name}}. A message with a number has the forms zero, one and other in Latvian,
// one and other in English, and is asked for with Count. The last part of an id
// must not be a word that go-i18n reserves: id, description, hash, leftdelim,
// rightdelim, zero, one, two, few, many, other, translation.
package wording

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"

	"experthour/internal/session"
)

// Words speaks one language. It is a small immutable value; the zero value speaks
// the first of session.Languages.
type Words struct{ voice *voice }

// A voice is what Words shares between its copies.
type voice struct {
	language  session.Language
	localizer *i18n.Localizer
}

// In returns the words of a language, and those of session.Languages[0] for a
// language without a catalogue.
func In(lang session.Language) Words {
	v, ok := loaded.voices[lang]
	if !ok {
		v = loaded.voices[session.Languages[0]]
	}
	return Words{voice: v}
}

// Language is the language that w really speaks, for the lang attribute of a page.
func (w Words) Language() session.Language { return w.speaker().language }

// Text words a message. Args alternate the names and values of its placeholders;
// a role, verb, state, field, unit, time or duration among the values is worded too.
// An unknown id comes back as it is: ugly, but nobody's question is lost over it.
func (w Words) Text(id string, args ...any) string {
	return w.localize(id, &i18n.LocalizeConfig{TemplateData: w.values(args)})
}

// Count words a message about n things in the plural form that n takes. In the
// message {{.n}} is the number, grouped as the language groups it.
func (w Words) Count(id string, n int, args ...any) string {
	data := w.values(args)
	data["n"] = w.number(n)
	return w.localize(id, &i18n.LocalizeConfig{TemplateData: data, PluralCount: n})
}

// Picture is what a picture shows and who is to be named, for places that have one text for both.
func (w Words) Picture(p session.Picture) string {
	if p.Author == "" {
		return p.Alt
	}
	return p.Alt + " · " + w.Text("transcript.picture_by", "author", p.Author)
}

// Error words err for the person who caused it: the message "error."+ID of the
// every *session.Error in it, and "error.internal" for any other error,
// whose text is for the log only. No error has no words.
func (w Words) Error(err error) string {
	if err == nil {
		return ""
	}
	var texts []string
	for _, e := range session.Errors(err) {
		texts = append(texts, w.failure(e))
	}
	if len(texts) == 0 {
		return w.Text("error.internal")
	}
	return strings.Join(texts, " ")
}

func (w Words) failure(e *session.Error) string {
	args := append(slices.Clone(e.Args), "by", e.By)
	if id, ok := faster(e); ok {
		return strings.TrimSpace(w.Text(id, args...) + " " + w.now(e))
	}
	return w.Text("error."+e.ID, args...)
}

// now says what became of the question or the hour of which e says who was faster.
func (w Words) now(e *session.Error) string {
	for _, v := range e.Args {
		switch v.(type) {
		case session.State:
			return w.Text("error.now", e.Args...)
		case session.SessionState:
			return w.Text("error.now_hour", e.Args...)
		}
	}
	return ""
}

// faster finds the message that says by name who did the same first; what they
// did is a verb, and each has its own sentence.
func faster(e *session.Error) (id string, ok bool) {
	for i := 0; e.ID == "already" && i+1 < len(e.Args); i += 2 {
		if v, is := e.Args[i+1].(session.Verb); is && e.Args[i] == "verb" {
			return "done." + string(v), Known("done." + string(v))
		}
	}
	return "", false
}

func (w Words) speaker() *voice {
	if w.voice == nil {
		return In("").voice
	}
	return w.voice
}

// plain inserts values as they are. A placeholder without a value stays empty
// instead of showing "<no value>".
var plain = &template.TextParser{Option: "missingkey=zero"}

func (w Words) localize(id string, c *i18n.LocalizeConfig) string {
	c.MessageID, c.TemplateParser = id, plain
	text, err := w.speaker().localizer.Localize(c)
	if err != nil && text == "" {
		return id
	}
	return text
}

// values makes strings of all values, so that a template can neither look into
// one nor fail over it. A name without a value is dropped.
func (w Words) values(args []any) map[string]string {
	data := make(map[string]string, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		data[fmt.Sprint(args[i])] = w.value(args[i+1])
	}
	return data
}

// value writes one value: the domain's own names, times and durations in the
// language, everything else as fmt does. Only the type decides, so no text that
// somebody wrote is ever taken for a name.
func (w Words) value(v any) string {
	switch v := v.(type) {
	case session.Role:
		return w.name("role.", string(v))
	case session.Roles:
		return w.roles(v)
	case session.Verb:
		return w.name("verb.", string(v))
	case session.State:
		return w.name("state.", string(v))
	case session.SessionState:
		return w.name("session.", string(v))
	case session.Field:
		return w.name("field.", string(v))
	case session.Unit:
		return w.name("unit.", string(v))
	case session.Span:
		return w.Span(v.From, v.To)
	case session.Since:
		return w.Since(time.Time(v))
	case time.Time:
		return w.DateTime(v)
	case time.Duration:
		return w.Lasting(v)
	}
	return fmt.Sprint(v)
}

func (w Words) name(prefix, name string) string {
	if id := prefix + name; Known(id) {
		return w.Text(id)
	}
	return name
}

// roles lists those who may do something: "experts and moderators". The program is named
// only where nobody else may.
func (w Words) roles(rs session.Roles) string {
	var text string
	for _, r := range rs {
		switch name := w.name("roles.", string(r)); {
		case r == session.System && len(rs) > 1:
		case text == "":
			text = name
		default:
			text = w.Text("roles.and", "one", text, "other", name)
		}
	}
	return text
}
