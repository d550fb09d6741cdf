package session

// Language is a language in which the program speaks to people and in which a
// question was asked: a BCP 47 primary tag.
type Language string

// The languages that the program has a catalogue for.
const (
	Latvian Language = "lv"
	English Language = "en"
)

// Languages lists every language with a catalogue, the default first.
var Languages = []Language{Latvian, English}

// Known reports whether the program has a catalogue for l.
func (l Language) Known() bool {
	for _, k := range Languages {
		if l == k {
			return true
		}
	}
	return false
}
