package screening

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

// between is what may stand between two digits of a number with a country code.
const between = `[` + space + hyphen + `.()/]{0,2}`

var latvianPhone = detector{
	kind: Phone, begins: plus | digit, reach: 64,
	pattern: regexp.MustCompile(`\A(?:\+|00)` + between + `3` + between + `7` + between + `1(?:` + between + `\d){8}`),
	accept: func(text string, start, end int) (int, int, bool) {
		d := digitsOf(text[start:end])
		return start, end, isLatvianPhone(d[len(d)-8:])
	},
}

var foreignPhone = detector{
	kind: Phone, begins: plus, reach: 64, inside: true,
	pattern: regexp.MustCompile(`\A\+[1-9](?:` + between + `\d){6,14}`),
	accept:  acceptForeign,
}

// plainPhone is a Latvian number as most people write it, without the country
// code, in the usual groups. A four-two-two group would be a date.
var plainPhone = detector{
	kind: Phone, begins: digit, reach: 32,
	pattern: regexp.MustCompile(strings.ReplaceAll(
		`\A[2689](?:\d{7}|\d{3}_\d{4}|\d_\d{3}_\d{3}|\d_\d{6}|\d_\d{2}_\d{2}_\d{2}|\d{2}_\d{5}|\d{2}_\d{3}_\d{2})`,
		"_", `[`+space+hyphen+`]`)),
	accept: func(text string, start, end int) (int, int, bool) {
		d := digitsOf(text[start:end])
		return start, end, !inNumber(text, start) && !isAmount(text, start, end) && !isTime(text[start:end]) && isLatvianPhone(d)
	},
}

// inNumber reports a digit before a sign that ties it to the digits at i.
func inNumber(text string, i int) bool {
	r := before(text, i)
	if !strings.ContainsRune(".,/:+-–", r) {
		return false
	}
	return r == '+' || classOf(before(text, i-utf8.RuneLen(r))) == digit
}

// isLatvianPhone takes the eight digits behind +371.
func isLatvianPhone(d string) bool {
	if !strings.ContainsRune("2689", rune(d[0])) {
		return false
	}
	n, err := strconv.ParseUint(d, 10, 64)
	number := phonenumbers.PhoneNumber{CountryCode: new(int32(371)), NationalNumber: &n} // Parse takes ten times as long
	return err == nil && phonenumbers.IsValidNumberForRegion(&number, "LV")
}

// acceptForeign lets the library judge, and gives groups of digits at the end
// back that may belong to the next word.
func acceptForeign(text string, start, end int) (int, int, bool) {
	for tries := 0; tries < 3 && end > start; tries++ {
		n, err := phonenumbers.Parse("+"+digitsOf(text[start:end]), "")
		if err == nil && phonenumbers.IsValidNumber(n) && ends(text, end) {
			return start, end, true
		}
		gap := strings.LastIndexFunc(text[start:end], func(r rune) bool { return classOf(r) != digit })
		end = start + len(strings.TrimRightFunc(text[start:start+gap], func(r rune) bool { return classOf(r) != digit }))
	}
	return 0, 0, false
}

var (
	unitBehind = regexp.MustCompile(`(?i)\A[` + space +
		`]?(?:€|\$|£|%|(?:eur|eiro|usd|euros?|dollars?|cilvēk|iedzīvotāj|milj|tūkst|people|inhabitants))`)
	signBefore = regexp.MustCompile(`(?i)(?:€|\$|£|eur|usd)[` + space + `]?\z`)
)

// isAmount reports a sum or a count: a unit next to it, or millions.
func isAmount(text string, start, end int) bool {
	return strings.HasSuffix(digitsOf(text[start:end]), "000000") ||
		unitBehind.MatchString(text[end:min(len(text), end+24)]) ||
		signBefore.MatchString(text[max(0, start-6):start])
}

var years = regexp.MustCompile(`\A20\d\d[` + space + hyphen + `](?:19|20)\d\d\z`)

// isTime reports a day (20261122) or two years (2014–2020), which look like the
// numbers of mobile phones.
func isTime(number string) bool {
	_, err := time.Parse("20060102", number)
	return err == nil && strings.HasPrefix(number, "20") || years.MatchString(number)
}
