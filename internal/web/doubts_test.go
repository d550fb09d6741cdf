package web

import (
	"html/template"
	"net/http"
	"testing"
)

// TestTheHoneypotSwallowsNoQuestion: a password manager may have filled it in. The form comes
// again without it, and what was typed stays.
func TestTheHoneypotSwallowsNoQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	contains(t, w.page("/s/heating"), `name="confirm-blank"`)
	filled := w.from(w.token(), "Is it warm?")
	filled.Set("confirm-blank", "http://spam.example")
	rec := w.post("/s/heating/questions", filled)
	if rec.Code != http.StatusUnprocessableEntity || w.received() != 0 {
		t.Errorf("%d, %d questions", rec.Code, w.received())
	}
	contains(t, rec.Body.String(), "password manager", "Is it warm?</textarea>")
	lacks(t, rec.Body.String(), "confirm-blank", "spam.example")
	filled.Del("confirm-blank")
	w.askForm(filled)
}

// TestContactsAreAskedAbout: what people write into a public question without thinking of it is
// sent only when they want it, and what may never be public also then not.
func TestContactsAreAskedAbout(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"Please call me at 26123456.":                          http.StatusUnprocessableEntity,
		"Write to janis.berzins@example.com, please.":          http.StatusUnprocessableEntity,
		"I live at Brīvības iela 12-3, Rīga. Who pays for it?": http.StatusUnprocessableEntity,
		"Who pays 26 000 euros in 2026?":                       http.StatusSeeOther,
	} {
		w := newWorld(t).open()
		f := w.from(w.token(), text)
		rec := w.post("/s/heating/questions", f)
		if rec.Code != want {
			t.Errorf("%q: %d", text, rec.Code)
		}
		if want == http.StatusSeeOther {
			continue
		}
		contains(t, rec.Body.String(), "Everybody will read it", `name="anyway" value="1">Send anyway`,
			template.HTMLEscapeString(text)+"</textarea>")
		if w.received() != 0 {
			t.Errorf("%q was stored", text)
		}
		f.Set("anyway", "1")
		w.askForm(f)
	}
	w := newWorld(t).open()
	f := form("I am 010190-12345, call +371 26123456")
	f.Set("anyway", "1")
	if rec := w.post("/s/heating/questions", f); rec.Code != http.StatusUnprocessableEntity || w.received() != 0 {
		t.Errorf("an identity code anyway: %d", rec.Code)
	}
}
