package view

import (
	"slices"
	"strings"
	"testing"

	"experthour/internal/session"
	"experthour/internal/wording"
)

// otherwise are the verbs whose button says what a person does first, and whose form what comes of it.
var otherwise = []session.Verb{session.Submit, session.Correct, session.Expire, session.Keep, session.AddNote}

// TestOneWordForOneAct: the button of a verb, which every desk has from one key, begins with the word by which its form
// and the record call it.
func TestOneWordForOneAct(t *testing.T) {
	t.Parallel()
	for _, lang := range []session.Language{session.Latvian, session.English} {
		w := wording.In(lang)
		for _, v := range append(slices.Clone(order), session.Retry, session.Drop, session.IsOut, session.SendAgain) {
			button, verb := w.Text("button."+string(v)), w.Text("verb."+string(v))
			if first(button) != first(verb) && !slices.Contains(otherwise, v) {
				t.Errorf("%s: %s is %q on a button, %q elsewhere", lang, v, button, verb)
			}
		}
	}
}

func first(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}
