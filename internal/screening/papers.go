package screening

import (
	"regexp"
	"strings"
)

// courtCase is the number of a civil, criminal or administrative case, such as
// C30123456.
var courtCase = detector{
	kind: CaseNumber, begins: letter, reach: 16,
	pattern: regexp.MustCompile(`\A[ACK]\d{8,9}`),
}

// document is a passport or identity card (two letters or digits and seven
// digits) or a driving licence (three letters and six digits).
var document = detector{
	kind: Document, begins: letter | digit, reach: 16,
	pattern: regexp.MustCompile(`\A(?i:[A-Z0-9]{2}\d{7}|[A-Z]{3}\d{6})`),
	accept: func(text string, start, end int) (int, int, bool) {
		return start, end, !inNumber(text, start) && !currency[strings.ToUpper(text[start:start+3])]
	},
}

var currency = map[string]bool{"EUR": true, "USD": true, "GBP": true, "SEK": true, "NOK": true, "PLN": true,
	"CHF": true, "LVL": true, "RUB": true}

// plate is a number plate, AB-1234 or a trailer's B-234, but only where somebody
// speaks of a car: without the word nearly every hit was false (63 of 63 in an
// English expert hour: "EB-1").
var plate = detector{
	kind: Plate, begins: letter, reach: 16, words: aboutCars, within: 80,
	pattern: regexp.MustCompile(`\A(?:[A-Z]{2}[` + space + hyphen + `]?|[A-Z][` + hyphen + `])\d{3,4}`),
}

var aboutCars = word(`auto|automašīn\p{L}*|automobi\p{L}*|mašīn\p{L}*|numur\p{L}*|piekab\p{L}*|motocikl\p{L}*|moped\p{L}*|` +
	`transportlīdzek\p{L}*|car|cars|vehicle|vehicles|trailer|number plate|licen[cs]e plate|registration plate`)
