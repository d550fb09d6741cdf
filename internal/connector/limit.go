package connector

import (
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"experthour/internal/session"
)

// Limit is the longest text of a post, counted in one way.
type Limit struct {
	// Unit is what is counted; it is shown to staff. A platform that counts like nobody else
	// has a unit of its own, with its words, and Count.
	Unit session.Unit
	Most int // in Unit; at least 1
	// Link is what a web address costs whatever its length, in Unit; 0 is its length, or
	// Count knows better. See Measure.
	Link int
	// Count counts a text in Unit; nil is how everybody counts it.
	Count func(text string) int
	// Kinds are the kinds of posts that it bounds; none is all.
	Kinds []session.CopyKind
	// Assumed says that the platform may say something else, of which this is the careful
	// guess; see Learner.
	Assumed bool
}

// counts are the ways of counting that several platforms share.
var counts = map[session.Unit]func(string) int{
	session.Characters: utf8.RuneCountInString,
	session.Graphemes:  uniseg.GraphemeClusterCount,
	session.Bytes:      func(s string) int { return len(s) },
	session.UTF16:      UTF16Units,
}

// UTF16Units counts a text in units of UTF-16, of which a letter has one and most emoji two.
func UTF16Units(text string) (n int) {
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// Longest are the limits of a text, all of which hold; none is no limit.
type Longest []Limit

// AtMost is one limit for every kind of post.
func AtMost(most int, unit session.Unit) Longest { return Longest{{Unit: unit, Most: most}} }

// Of are those for one kind of post.
func (ls Longest) Of(kind session.CopyKind) Longest {
	return slices.DeleteFunc(slices.Clone(ls), func(l Limit) bool { return len(l.Kinds) > 0 && !slices.Contains(l.Kinds, kind) })
}

// Without are the limits for what stands beside a text; ok is false when that leaves no room.
func (ls Longest) Without(text string) (rest Longest, ok bool) {
	rest = slices.Clone(ls)
	for i := range rest {
		rest[i].Most -= rest[i].Measure(text)
	}
	return rest, !slices.ContainsFunc(rest, func(l Limit) bool { return l.Most < 1 })
}

// Fits reports whether a text is within all of them.
func (ls Longest) Fits(text string) bool {
	return !slices.ContainsFunc(ls, func(l Limit) bool { return l.Measure(text) > l.Most })
}

// Tightest is the limit of which a text takes the largest share, and its length by that.
// Where there is none, it counts characters.
func (ls Longest) Tightest(text string) (tightest Limit, length int) {
	tightest = Limit{Unit: session.Characters}
	if len(ls) == 0 {
		return tightest, tightest.Measure(text)
	}
	for i, l := range ls {
		if n := l.Measure(text); i == 0 || n*tightest.Most > length*l.Most {
			tightest, length = l, n
		}
	}
	return tightest, length
}

// Measure counts a text, each web address in it at the cost of a link where the platform
// has one. It never counts less than the platform does, as long as Count of a text is at
// most the sum over its parts.
func (l Limit) Measure(text string) int {
	if l.Link == 0 {
		return l.count(text)
	}
	total := 0
	for text != "" {
		before, link, after := cutLink(text)
		total += l.count(before)
		if link != "" {
			total += l.Link
		}
		text = after
	}
	return total
}

func (l Limit) count(text string) int {
	if l.Count != nil {
		return l.Count(text)
	}
	if count, ok := counts[l.Unit]; ok {
		return count(text)
	}
	return utf8.RuneCountInString(text)
}

// cutLink splits text around its first web address. Letters beyond ASCII and what
// may be punctuation of the sentence are not taken for a part of the address.
func cutLink(text string) (before, link, after string) {
	at := linkStart(text)
	if at < 0 {
		return text, "", ""
	}
	link = text[at:]
	if end := strings.IndexFunc(link, func(r rune) bool { return r <= ' ' || r > '~' }); end >= 0 {
		link = link[:end]
	}
	link = strings.TrimRight(link, ".,;:!?)]}>\"'»”…")
	return text[:at], link, text[at+len(link):]
}

// linkStart finds "http://" or "https://" with something after it.
func linkStart(text string) int {
	first := -1
	for _, scheme := range []string{"https://", "http://"} {
		i := strings.Index(text, scheme)
		if i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	return first
}
