package wording

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"experthour/internal/session"
)

func TestTextInsertsValuesByName(t *testing.T) {
	got := In(session.English).Text("date.span", "to", "16:00", "date", "today", "from", 14)
	if want := "today, 14–16:00"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMissingThingsDoNotBreakAPage(t *testing.T) {
	w := In(session.English)
	for _, c := range []struct{ name, got, want string }{
		{"unknown id", w.Text("no.such"), "no.such"},
		{"unknown plural id", w.Count("no.such", 3), "no.such"},
		{"empty id", w.Text(""), ""},
		{"value without a name", w.Text("lasting.minutes", "minutes"), " min"},
		{"no value", w.Text("lasting.minutes"), " min"},
		{"nil value", w.Text("lasting.minutes", "minutes", nil), "<nil> min"},
		{"a function as value", w.Text("lasting.minutes", "minutes", struct{}{}), "{} min"},
		{"zero Words", Words{}.Text("month.may"), "maijs"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestUnknownLanguageGetsTheFirst(t *testing.T) {
	for lang, want := range map[session.Language]session.Language{
		"lv": "lv", "en": "en", "": "lv", "de": "lv", "LV": "lv", "en-GB": "lv", "x{{": "lv",
	} {
		if got := In(lang).Language(); got != want {
			t.Errorf("In(%q) speaks %q, want %q", lang, got, want)
		}
	}
	if got := (Words{}).Language(); got != session.Languages[0] {
		t.Errorf("the zero value speaks %q", got)
	}
}

func TestKnownAsksEveryCatalogue(t *testing.T) {
	if !Known("month.may") || Known("month") || Known("no.such") || Known("") {
		t.Error("Known is wrong about month.may, month, no.such or the empty id")
	}
}

func TestErrorTellsThePersonAndNotTheLog(t *testing.T) {
	stale := session.Fail(session.Stale, "stale").Because(errors.New("secret detail"))
	en, lv := In(session.English), In(session.Latvian)
	for _, c := range []struct{ name, got, want string }{
		{"nil", en.Error(nil), ""},
		{"foreign", en.Error(errors.New("dial tcp")), "Something went wrong on our side. Please try again in a moment."},
		{"wrapped", en.Error(fmt.Errorf("commit s1/17: %w", stale)),
			"Something has changed in the meantime. Please look again before you go on."},
		{"names become words", lv.Error(session.Fail(session.Forbidden, "forbidden",
			"who", session.Roles{session.ExpertRole, session.Moderator, session.System}, "verb", session.SendBack)),
			"Darbību „Atdot labošanai” var veikt tikai eksperti un moderatori. Lūdzu, vērsieties pie moderatora."},
		{"names from outside stay", en.Error(session.Fail(session.Forbidden, "forbidden", "who", "experts", "verb", "dance")),
			"Only experts can use “dance”. Please ask a moderator."},
		{"unknown verb", en.Error(session.Fail(session.Already, "already", "verb", session.Verb("dance")).Of("Anna")),
			"“dance”: Anna has already done this."},
		{"who was faster, and what it is now", en.Error(session.Fail(session.Already, "already", "verb", session.Accept,
			"state", session.Queued).Of("Anna")),
			"Already accepted by Anna. The question is now: Waiting for an expert."},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestValuesOfTheDomainAreWorded(t *testing.T) {
	en := In(session.English)
	for want, value := range map[string]any{
		"Send back":                       session.SendBack,
		"expert":                          session.ExpertRole,
		"Being answered":                  session.State("claimed"),
		"Closing":                         session.SessionState("closing"),
		"claimed":                         "claimed", // what somebody wrote is not a name
		"1 h 5 min":                       65 * time.Minute,
		"Sunday, 22 November 2026, 14:00": time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC),
		"17":                              17,
	} {
		if got := en.Text("date.days", "from", value, "to", ""); got != want+" – " {
			t.Errorf("%T %v: got %q, want %q", value, value, got, want)
		}
	}
}

func TestCountTakesThePluralOfTheLanguage(t *testing.T) {
	lv := map[int]string{
		0: "0 dienu", 1: "1 diena", 2: "2 dienas", 9: "9 dienas", 10: "10 dienu", 11: "11 dienu", 19: "19 dienu",
		20: "20 dienu", 21: "21 diena", 22: "22 dienas", 30: "30 dienu", 101: "101 diena", 111: "111 dienu",
		1234: "1234 dienas", 12345: "12\u00a0345 dienas", 1000000: "1\u00a0000\u00a0000 dienu", -1: "-1 diena",
	}
	en := map[int]string{
		0: "0 days", 1: "1 day", 2: "2 days", 21: "21 days", 999: "999 days", 1234: "1,234 days", -12345: "-12,345 days",
	}
	for n, want := range lv {
		if got := In(session.Latvian).Count("lasting.days", n); got != want {
			t.Errorf("lv %d: got %q, want %q", n, got, want)
		}
	}
	for n, want := range en {
		if got := In(session.English).Count("lasting.days", n); got != want {
			t.Errorf("en %d: got %q, want %q", n, got, want)
		}
	}
}

// FuzzValuesGoThroughUnchanged: no value is ever read as a template, escaped,
// trimmed or repaired.
func FuzzValuesGoThroughUnchanged(f *testing.F) {
	for _, s := range []string{"", " ", "14:00", "{{.n}}", "{{", "}}", "{{/*", "{{template \"x\"}}", "<b>&amp;", "a\nb\r\n\t",
		"%s %!d(MISSING)", "\x00\xff\xfe", "ā\u0304 e\u0301 \u202e", "😀\u200d", "\\u0041 \"q\" 'q'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, lang := range session.Languages {
			w := In(lang)
			if got, want := w.Text("lasting.minutes", "minutes", value), value+" min"; got != want {
				t.Errorf("%s: got %q, want %q", lang, got, want)
			}
			if got := w.Text("date.days", "from", value, "to", value); got != value+" – "+value {
				t.Errorf("%s: got %q from %q twice", lang, got, value)
			}
		}
	})
}

func BenchmarkText(b *testing.B) {
	w := In(session.Latvian)
	for b.Loop() {
		w.Text("lasting.minutes", "minutes", 5)
	}
}
