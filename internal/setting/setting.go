// Package setting holds what the settings of a platform are made of besides Go's own
// types, and the checks that several platforms make of them. A platform's section of
// the configuration is a struct of these, so that it can stand in the platform's folder.
//
// It knows how an operator is told what is wrong. It must not know the file, nor any
// section of it.
package setting

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"experthour/internal/wording"
)

// ID is what a platform calls a chat or a person: a text, or a number in decimal digits.
// The file may give a number with or without quotes.
type ID string

// Bad notes what is wrong with a key of a section, and what to do about it. Only the first
// note on a key counts, so that a check may follow one that failed. The key "" is the
// section itself.
type Bad func(key, format string, args ...any)

// Need checks that a key which something else asks for has a value.
func (b Bad) Need(key, value, what string) {
	if value == "" {
		b(key, "is missing; write %s", what)
	}
}

// Choice checks a word against those that have a meaning.
func (b Bad) Choice(key, word string, known ...string) {
	if word == "" {
		b(key, "is missing; write one of: %s", strings.Join(known, ", "))
	} else if !slices.Contains(known, word) {
		b(key, "%q is not known; %s", word, Choices(word, known))
	}
}

// URL checks an absolute web address. It may be empty.
func (b Bad) URL(key, text string) {
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		b(key, "is no web address; write one such as \"https://www.example.lv\"")
	}
}

var hashtag = regexp.MustCompile(`^[\p{L}\p{N}_]+$`)

// Hashtag checks a word that is written with "#" in front.
func (b Bad) Hashtag(key, text string) {
	if !hashtag.MatchString(text) {
		b(key, "%q is no hashtag; write letters and digits, without # and spaces", text)
	}
}

// Choices ends a sentence about a wrong word with the one that was probably meant, or
// with all of them.
func Choices(word string, known []string) string {
	if best := wording.Nearest(word, known); best != "" {
		return "did you mean \"" + best + "\"?"
	}
	return "known here: " + strings.Join(known, ", ")
}
