package x

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"

	"experthour/internal/session"
)

// weighted is what X counts: most letters of Europe are one, what is further away and emoji are
// two, and an address is as long as a short one, whether or not it has "https://" before it
// (https://docs.x.com/fundamentals/counting-characters).
const weighted session.Unit = "weighted"

const (
	longest    = 280
	linkWeight = 23
	shortened  = "t.co" // X's own short addresses
	heavy      = 2      // of all that is in none of the ranges
)

// light are the ranges of characters that are one.
var light = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0, Hi: 0x10ff, Stride: 1}, {Lo: 0x2000, Hi: 0x200d, Stride: 1}, {Lo: 0x2010, Hi: 0x201f, Stride: 1},
	{Lo: 0x2032, Hi: 0x2037, Stride: 1}}}

// weight counts a text as X does, or more where that is not sure: in joined emoji, and in what
// may be an address and may be none.
func weight(text string) (n int) {
	text = norm.NFC.String(text)
	end := 0
	for _, a := range addresses(text) {
		n += plainWeight(text[end:a.from]) + a.weight
		end = a.to
	}
	return n + plainWeight(text[end:])
}

func plainWeight(text string) (n int) {
	for rs := []rune(text); len(rs) > 0; {
		if joined := emoji(rs); joined > 0 {
			n, rs = n+heavy, rs[joined:]
			continue
		}
		if unicode.Is(light, rs[0]) {
			n++
		} else {
			n += heavy
		}
		rs = rs[1:]
	}
	return n
}

// linked reports whether X makes a link of something in a text, or may do so.
func linked(text string) bool { return len(addresses(norm.NFC.String(text))) > 0 }

// address is what X makes a link of, or may do so.
type address struct{ from, to, weight int }

var (
	host = regexp.MustCompile(`(?i)(https?://)?([\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+)`)
	// behind is of what follows a host the part that is surely of the address; bare is for one without a scheme.
	behind = regexp.MustCompile(`^(?::[0-9]+)?` + path + `?` + query)
	bare   = regexp.MustCompile(`^(?:(?::[0-9]+)?` + path + query + `)?`)
	plain  = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)
)

const (
	inPath = `A-Za-z0-9/_=+#\x{c0}-\x{d6}\x{d8}-\x{f6}\x{f8}-\x{24f}-`
	path   = `(?:/(?:[` + inPath + `.~%]*[` + inPath + `])?)`
	query  = `(?:\?[A-Za-z0-9&=+%_./#-]*[A-Za-z0-9_&=#/-])?`
)

// addresses finds them, from the first one on.
func addresses(text string) (all []address) {
	end := 0
	for _, m := range host.FindAllStringSubmatchIndex(text, -1) {
		if m[0] < end { // it is in the path of the one before
			continue
		}
		if a, ok := addressIn(text, m); ok {
			all, end = append(all, a), a.to
		}
	}
	return all
}

func addressIn(text string, m []int) (address, bool) {
	scheme, name := m[2] >= 0, text[m[4]:m[5]]
	a := address{from: m[0], to: m[5], weight: linkWeight}
	before := lastRune(text[:m[0]])
	broken := !plain.MatchString(name) || name[0] == '-' || !scheme && before != "" && strings.Contains("-./", before)
	switch maybe := perhaps(name); {
	case broken: // X may see some in parts of it
		a.weight = maybe*linkWeight + plainWeight(text[m[0]:m[5]])
		return a, maybe > 0
	case before != "" && strings.Contains(beside, before):
		return a, false
	}
	is := domain(name, strings.ContainsAny(firstRune(text[a.to:]), "@+"))
	if is == "" {
		return a, false
	}
	a.to = m[4] + len(is)
	if rest := text[a.to:]; scheme {
		a.to += len(behind.FindString(rest))
	} else {
		a.to += len(bare.FindString(rest))
	}
	switch whole := plainWeight(text[a.from:a.to]); {
	case strings.EqualFold(is, shortened): // of which only some forms are one
		a.weight += whole
	case !sure(is):
		a.weight = max(linkWeight, whole)
	}
	return a, true
}

// perhaps is how many parts of a name may be domains.
func perhaps(name string) (n int) {
	for _, label := range strings.Split(name, ".")[1:] {
		r, _ := utf8.DecodeRuneInString(label)
		ascii := label[:len(label)-len(strings.TrimLeft(label, letters))]
		if r >= utf8.RuneSelf && !unicode.Is(unicode.Latin, r) || topLevel(label) || topLevel(ascii) {
			n++
		}
	}
	return n
}

// beside has no address behind it.
const beside = letters + "@＠$#＃"

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

func lastRune(s string) string {
	_, n := utf8.DecodeLastRuneInString(s)
	return s[len(s)-n:]
}

func firstRune(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}

// domain is the longest beginning of a name that is one; part says that it is not the whole name.
func domain(name string, part bool) string {
	labels := strings.Split(name, ".")
	last := len(labels) - 1
	if part {
		last--
	}
	for i := last; i > 0; i-- {
		owner := labels[i-1]
		if topLevel(labels[i]) && !strings.HasPrefix(owner, "-") && !strings.HasSuffix(owner, "-") {
			return strings.Join(labels[:i+1], ".")
		}
	}
	return ""
}

// gone are names at the top that X takes for some, and the Internet has not, or not any more.
const gone = " an bl bq eh mf tp um "

// topLevel reports whether X may take a name for one at the top.
func topLevel(label string) bool {
	label = strings.ToLower(label)
	_, known := publicsuffix.PublicSuffix("a." + label)
	return known || strings.Contains(gone, " "+label+" ")
}

// usual are the names at the top, besides those of countries, that every version of X's list has.
var usual = map[string]bool{"com": true, "org": true, "net": true, "info": true, "edu": true, "gov": true, "int": true, "mil": true,
	"biz": true}

// sure reports whether X makes a link of a name, so that its length does not count.
func sure(name string) bool {
	name = strings.ToLower(name)
	top := name[strings.LastIndex(name, ".")+1:]
	_, known := publicsuffix.PublicSuffix("a." + top)
	return known && (len(top) == 2 || usual[top]) && !strings.Contains(name, "-.") && !strings.Contains(name, ".-") && name[0] != '-'
}
