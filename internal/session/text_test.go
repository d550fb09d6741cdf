package session

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCleanText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"  a  ":                "a",
		"a\r\nb\rc":            "a\nb\nc",
		"a\n\n\n\n\nb":         "a\n\nb",
		"a\x00b\x1bc":          "abc",
		"\xff\xfe":             "�",
		"a\u202eb\u2066c":      "abc",
		"\ufeffa\tb":           "a\tb",
		"trailing   \nspaces ": "trailing\nspaces",
	} {
		if got := CleanText(in); got != want {
			t.Errorf("CleanText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{" a \n b ": "a b", "\u200b": "", "\u200d \u2060\u3164": "", "?": "?", "a\u200db": "a\u200db"} {
		if got := CleanLine(in); got != want {
			t.Errorf("CleanLine(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCheckQuestion(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in, id string
	}{
		"empty":                   {"", "question_empty"},
		"only space":              {" \n\t ", "question_empty"},
		"only control characters": {"\x00\x01\x02", "question_empty"},
		"only marks":              {"???!!!", "question_empty"},
		"only letters of no ink":  {"\u3164\u115f\u1160 \uffa0", "question_empty"},
		"only what has no width":  {"\u200b\u200d\u2060\u00ad\u034f\u2800", "question_empty"},
		"Hangul":                  {"안녕\u3164?", ""},
		"one too many":            {strings.Repeat("ā", 2001), "question_too_long"},
		"a hundred thousand":      {strings.Repeat("a\n", 100_000), "question_too_long"},
		"too many lines":          {strings.Repeat("a\n", 101), "question_too_many_lines"},
		"as long as may be":       {strings.Repeat("ā", 2000), ""},
		"emoji and right to left": {"هل 🏠?", ""},
	} {
		_, err := CheckQuestion(c.in, 0)
		if got := ""; err != nil {
			got = err.(*Error).ID
			if got != c.id {
				t.Errorf("%s: %s, want %s", name, got, c.id)
			}
		} else if c.id != "" {
			t.Errorf("%s was taken", name)
		}
	}
}

func FuzzCleanText(f *testing.F) {
	f.Add("a\r\n\r\n\r\nb\u202e\xff")
	f.Fuzz(func(t *testing.T, in string) {
		out := CleanText(in)
		if !utf8.ValidString(out) || strings.ContainsAny(out, "\r\x00\u202e") || strings.Contains(out, "\n\n\n") {
			t.Errorf("%q became %q", in, out)
		}
		if again := cleaned(out); again != out || !clean(out) {
			t.Errorf("not at rest: %q, then %q", out, again)
		}
		if slow := cleaned(in); slow != out {
			t.Errorf("%q became %q without a look at it first, and %q with one", in, slow, out)
		}
	})
}
