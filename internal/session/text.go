package session

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on what people write, in characters (Unicode code points) unless said
// otherwise. They keep a document under about 100 KB whatever anybody does.
const (
	DefaultQuestionLimit = 2000

	maxAnswer    = 10_000
	maxRemark    = 1_000
	maxTitle     = 200
	maxTopic     = 2_000
	maxName      = 80
	maxEmail     = 254 // RFC 5321 path, less the angle brackets
	maxDetail    = 300
	maxKey       = 200 // bytes of a de-duplication key
	maxNotes     = 100
	maxRevisions = 50
	maxLines     = 100
)

// breaks makes one kind of line break of all of them.
var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// CleanText makes text safe to store: valid UTF-8, "\n" as the only line break, no
// control characters but tab, at most one empty line in a row, nothing around it.
func CleanText(text string) string {
	if clean(text) {
		return text
	}
	return cleaned(text)
}

func cleaned(text string) string {
	text = strings.ToValidUTF8(text, "�")
	text = breaks.Replace(text)
	text = strings.Map(printable, text)
	lines := strings.Split(text, "\n")
	var out []string
	for _, l := range lines {
		l = strings.TrimRightFunc(l, unicode.IsSpace)
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// clean reports whether CleanText would change nothing, as is so for whatever it has
// cleaned before: texts are cleaned again at many doors.
func clean(text string) bool {
	var before rune
	for _, r := range text {
		if printable(r) != r || r == '\n' && before != '\n' && unicode.IsSpace(before) {
			return false
		}
		before = r
	}
	return utf8.ValidString(text) && !strings.Contains(text, "\n\n\n") && text == strings.TrimSpace(text)
}

// CleanLine is CleanText for a field of one line. What nobody sees anything of is empty.
func CleanLine(text string) string {
	text = strings.Join(strings.Fields(CleanText(text)), " ")
	if !strings.ContainsFunc(text, inked) {
		return ""
	}
	return text
}

// inked reports whether a reader sees anything of a character by itself.
func inked(r rune) bool {
	return !unicode.In(r, unicode.Z, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
}

// printable drops control characters. The marks that turn the writing direction of
// what follows are dropped too: they would reach beyond the text they came in.
func printable(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case unicode.IsControl(r), r == '\u2028', r == '\u2029', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff':
		return -1
	}
	return r
}

// CheckQuestion cleans the text of a question and checks its length against limit
// (0 is DefaultQuestionLimit).
func CheckQuestion(text string, limit int) (string, error) {
	if limit == 0 {
		limit = DefaultQuestionLimit
	}
	text = CleanText(text)
	if !strings.ContainsFunc(text, visible) {
		return "", Fail(Invalid, "question_empty").At("text")
	}
	if n := utf8.RuneCountInString(text); n > limit {
		return "", Fail(Invalid, "question_too_long", "length", n, "limit", limit).At("text")
	}
	if n := strings.Count(text, "\n") + 1; n > maxLines {
		return "", Fail(Invalid, "question_too_many_lines", "lines", n, "limit", maxLines).At("text")
	}
	return text, nil
}

// visible reports whether a reader sees a letter or a number. Some letters are blank: the
// fillers of Hangul (Unicode, Default_Ignorable_Code_Point).
func visible(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsNumber(r)) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// Unit is what a platform counts a text in; package wording knows what people call it.
type Unit string

// The units that several platforms share.
const (
	Characters Unit = "characters" // Unicode code points
	Graphemes  Unit = "graphemes"  // what a reader takes for one character
	Bytes      Unit = "bytes"      // of UTF-8
	UTF16      Unit = "utf16"      // two bytes each: most emoji are two
	EmojiBytes Unit = "emojibytes" // characters, but for emoji, which are their bytes of UTF-8
)

// Field names what somebody filled in, as the JSON API does; package wording knows what
// people call it.
type Field string

// tooLong checks the length of a field.
func tooLong(field Field, text string, limit int) error {
	if n := utf8.RuneCountInString(text); n > limit {
		return Fail(Invalid, "field_too_long", "field", field, "length", n, "limit", limit).At(field)
	}
	return nil
}

// Shorten cuts text at the last space before limit characters and adds "…".
func Shorten(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	cut := string([]rune(text)[:limit-1])
	if i := strings.LastIndexAny(cut, " \n"); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRightFunc(cut, unicode.IsSpace) + "…"
}
