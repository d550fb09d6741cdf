package screening

import (
	"regexp"
	"strings"
)

// profileLink is a link to somebody's own page, as far as the address shows it.
var profileLink = detector{
	kind: ProfileLink, begins: letter, reach: 200, links: true,
	pattern: regexp.MustCompile(`\A(?i)(?:https?://)?(?:www\.|m\.|[a-z]{2}-[a-z]{2}\.)?(?:` +
		`(?:t\.me|telegram\.me|wa\.me|facebook\.com|fb\.com|fb\.me|instagram\.com|twitter\.com|x\.com|vk\.com|draugiem\.lv)/` +
		`|(?:[a-z]{2}\.)?linkedin\.com/in/|tiktok\.com/@|youtube\.com/@|threads\.(?:net|com)/@|bsky\.app/profile/)` +
		`[\p{L}\p{M}\d._\-@+%]+`),
	accept: func(text string, start, end int) (int, int, bool) {
		page := text[start+strings.LastIndex(text[start:end], "/")+1 : end]
		if notProfile[strings.ToLower(page)] || strings.ContainsRune(".-_@", before(text, start)) {
			return 0, 0, false
		}
		return start, end, true
	},
}

// notProfile lists pages of those sites that are nobody's own.
var notProfile = map[string]bool{
	"sharer": true, "sharer.php": true, "share": true, "share.php": true, "events": true, "groups": true, "watch": true, "hashtag": true,
	"photo": true, "photo.php": true, "permalink.php": true, "story.php": true, "p": true, "reel": true, "explore": true,
	"i": true, "intent": true, "search": true, "home": true, "status": true, "c": true, "s": true, "pages": true, "news": true,
}

var birthDate = detector{
	kind: BirthDate, begins: digit, reach: 40, words: aboutBirth, within: 40,
	pattern: regexp.MustCompile(`\A(?:\d{1,2}[./\-][` + space + `]?\d{1,2}[./\-][` + space + `]?(?:\d{4}|\d{2})` +
		`|(?:19|20)\d{2}-\d{2}-\d{2}|(?:19|20)\d{2}\.[` + space + `]?(?:gada|g\.)[` + space + `]?\d{1,2}\.[` + space + `]?\p{Ll}+` +
		`|\d{1,2}\.?[` + space + `]\p{L}{3,12}[` + space + `](?:19|20)\d{2})`),
}

var aboutBirth = word(`dzim(?:is|usi|uši|u)|dzimšanas|born|birth|birthday`)

// name finds people only where the text says that a name follows.
var name = detector{
	kind: Name, begins: letter, reach: 120,
	pattern: regexp.MustCompile(`\A(?:(?i:mani[` + space + `]sauc|mans[` + space + `]vārds(?:[` + space + `]ir)?|my[` + space +
		`]name[` + space + `]is|` +
		`vārds,?[` + space + `](?:un[` + space + `])?uzvārds):?[` + space + `]{1,2}(\p{Lu}\p{Ll}+(?:[` + space + `\-]\p{Lu}\p{Ll}+){0,2}))`),
}

// health finds illnesses where somebody speaks of themselves or their child.
var health = detector{
	kind: Health, begins: letter, reach: 64, words: ownOrChild, within: 60,
	pattern: regexp.MustCompile(`\A(?i:diagno[zs]\p{L}*|slimīb\p{L}*|vēz(?:is|i|ža|im)|audzēj\p{L}*|onkoloģ\p{L}*|` +
		`diab[ēe]t\p{L}*|depresij\p{L}*|` +
		`depression|šizofrēn\p{L}*|schizophreni\p{L}*|psihiatr\p{L}*|autis[mtk]\p{L}*|invalidit\p{L}*|invalīd\p{L}*|disabilit\p{L}*|disabled|` +
		`grūtniec\p{L}*|pregnan\p{L}*|epilep\p{L}*|astm[aāu]|asthma|HIV|hepat[īi]t\p{L}*|cancer|insult[sua]|infarkt\p{L}*|alkoholism\p{L}*)`),
}

// ownOrChild is case-sensitive: ES is the European Union, es is I.
var ownOrChild = regexp.MustCompile(`(?:\A|[^\p{L}\p{M}])(?:[Ee]s|[Mm]an(?:i|is|ī)?|` +
	`(?:[Mm]an(?:s|a|am|ai|u|as)|[Mm]ūsu)[` + space + `](?:bērn|dēl|meit)\p{L}*|I|I['’]m|[Mm]y[` + space +
	`](?:child|son|daughter|kid))(?:\z|[^\p{L}\p{M}])`)

// detectors is every rule, in no particular order.
var detectors = []detector{personalCode, iban, latvianPhone, foreignPhone, plainPhone, email, street, postcode,
	courtCase, document, plate, birthDate, profileLink, name, health}
