// Package screening looks a text over before it can become public: what in it may
// be personal data, and whether it keeps to the guidelines for questions and
// answers. It is pure: a text in, findings out.
//
// It knows how Latvian identity codes, bank accounts, phone numbers, addresses and
// documents are written. It must not know what happens with a finding: who is
// warned, who decides and how it is worded. A finding says where something stands
// and never what it is, so that it can be logged and shown without repeating it.
//
// The rules come from measuring real questions: public numbers (company and VAT
// numbers, 112) are left alone, and what looks like a number plate only counts next
// to a word about cars. Only ASCII digits are read, and nothing is promised against
// somebody who hides a number on purpose.
package screening

import (
	"cmp"
	"slices"
)

// Severity says what a finding should lead to.
type Severity uint8

const (
	// Warn means a moderator should look.
	Warn Severity = iota
	// Block means the text must not become public as it is.
	Block
)

// Kind is what a finding may be. The catalogue words it as "screening."+Kind.
type Kind string

// The kinds. Only the first two block.
const (
	PersonalCode Kind = "personal_code"
	IBAN         Kind = "iban"
	Phone        Kind = "phone"
	Email        Kind = "email"
	Address      Kind = "address"
	CaseNumber   Kind = "case_number"
	Document     Kind = "document"
	Plate        Kind = "plate"
	BirthDate    Kind = "birth_date"
	ProfileLink  Kind = "profile_link"
	Name         Kind = "name"
	Health       Kind = "health"
)

// Kinds lists every kind, the one that matters most first: where findings
// overlap, the first of their kinds names the whole.
var Kinds = []Kind{PersonalCode, IBAN, Phone, Email, Address, CaseNumber, Document, Plate, BirthDate, ProfileLink, Name, Health}

// Finding is a part of a text that may be personal data, as byte offsets at rune
// boundaries, End exclusive. It deliberately does not carry the part itself.
type Finding struct {
	Kind       Kind
	Severity   Severity
	Start, End int
}

// Personal finds what may be personal data in text: sorted, without overlaps. It
// takes time in proportion to the text, whatever is in it.
func Personal(text string) []Finding {
	s := newScanner(text)
	for _, d := range detectors {
		s.run(d)
	}
	return merge(s.found)
}

// fewestDigits is how many digits anything that blocks has at least: the two check
// digits of an IBAN.
const fewestDigits = 2

// Blocks reports whether text holds what must not become public as it is. It is much
// quicker than Personal, for every question passes it on its way in.
func Blocks(text string) bool {
	digits := 0
	for i := range len(text) {
		if '0' <= text[i] && text[i] <= '9' {
			digits++
		}
	}
	if digits < fewestDigits {
		return false
	}
	s := newScanner(text)
	for _, d := range detectors {
		if d.severity == Block {
			s.run(d)
		}
	}
	return len(s.found) > 0
}

// merge sorts findings and makes one of those that overlap, so that redacting one
// never leaves a part of another to be read.
func merge(fs []Finding) []Finding {
	slices.SortFunc(fs, func(a, b Finding) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	var out []Finding
	for _, f := range fs {
		if n := len(out); n > 0 && f.Start < out[n-1].End {
			out[n-1] = union(out[n-1], f)
		} else {
			out = append(out, f)
		}
	}
	return out
}

func union(a, b Finding) Finding {
	u := Finding{Kind: a.Kind, Severity: max(a.Severity, b.Severity), Start: min(a.Start, b.Start), End: max(a.End, b.End)}
	if slices.Index(Kinds, b.Kind) < slices.Index(Kinds, a.Kind) {
		u.Kind = b.Kind
	}
	return u
}
