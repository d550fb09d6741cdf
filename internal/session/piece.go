package session

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Piece is a part of a text: words, or an address of the web that may be linked to.
type Piece struct {
	Text string
	URL  string // empty for words
}

// Pieces divides an answer into words and addresses; joined again, their texts are the answer.
// An address begins with http:// or https:// (or www., which means https) at the beginning of a
// word. It has a host with a dot in it, in letters of one script, and neither a user nor signs
// that could make a reader see another address than the browser does. Questions are never divided:
// what strangers write is no link.
func Pieces(text string) []Piece {
	var ps []Piece
	words := 0 // where those begin that are not in ps yet
	for i := 0; i < len(text); {
		n, address := addressAt(text, i)
		if n == 0 {
			i += nextWord(text, i)
			continue
		}
		if words < i {
			ps = append(ps, Piece{Text: text[words:i]})
		}
		ps = append(ps, Piece{text[i : i+n], address})
		i += n
		words = i
	}
	if words < len(text) {
		ps = append(ps, Piece{Text: text[words:]})
	}
	return ps
}

// nextWord is how many bytes there are to the next place where a word may begin.
func nextWord(text string, from int) int {
	inWord := true
	for i, r := range text[from:] {
		begins := unicode.IsLetter(r) || unicode.IsDigit(r)
		if i > 0 && begins && !inWord {
			return i
		}
		inWord = begins || r == '_' || r == '@'
	}
	return len(text) - from
}

// schemes are what an address begins with, and what a browser is given before it.
var schemes = []struct{ begins, before string }{{"https://", ""}, {"http://", ""}, {"www.", "https://"}}

// addressAt reads an address at the place of a text where a word begins; n 0 is none.
func addressAt(text string, at int) (n int, address string) {
	rest := text[at:]
	for _, s := range schemes {
		if len(rest) < len(s.begins) || !strings.EqualFold(rest[:len(s.begins)], s.begins) {
			continue
		}
		end := strings.IndexFunc(rest, endsAddress)
		if end < 0 {
			end = len(rest)
		}
		if next, _ := utf8.DecodeRuneInString(rest[end:]); hides(next) {
			return 0, ""
		}
		found := withoutTail(rest[:end])
		if address := s.before + found; linkable(address) {
			return len(found), address
		}
	}
	return 0, ""
}

// endsAddress reports a sign that is in no address, or that browsers read as another one.
func endsAddress(r rune) bool {
	return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune("<>\"`\\^{}|«»“”„", r)
}

// hides reports a sign that nobody sees, such as one that turns the direction of writing.
func hides(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && !unicode.IsSpace(r)
}

// withoutTail leaves out what belongs to the sentence around an address: a full stop, and a
// bracket that is closed behind it but was not opened in it.
func withoutTail(address string) string {
	for address != "" {
		last := address[len(address)-1]
		opens, closes := brackets[last]
		switch {
		case strings.HasSuffix(address, "…"):
			address = strings.TrimSuffix(address, "…")
		case strings.HasSuffix(address, "’"):
			address = strings.TrimSuffix(address, "’")
		case strings.IndexByte(".,;:!?'*_", last) >= 0,
			closes && strings.Count(address, string(opens)) < strings.Count(address, string(last)):
			address = address[:len(address)-1]
		default:
			return address
		}
	}
	return address
}

var brackets = map[byte]byte{')': '(', ']': '['}

// linkable reports whether a link may lead to an address.
func linkable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Opaque != "" || strings.Contains(u.Host, "@") {
		return false
	}
	host := u.Hostname()
	return strings.Contains(strings.Trim(host, "."), ".") && !strings.Contains(host, "..") && !strings.HasPrefix(host, ".") &&
		!strings.ContainsFunc(host, notInHost)
}

// notInHost reports a sign that is in no name of a host in European Latin letters; others can
// look like these.
func notInHost(r rune) bool {
	return r > '\u017f' || !unicode.IsLetter(r) && (r < '0' || r > '9') && r != '-' && r != '.'
}
