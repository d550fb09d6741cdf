package mail

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// unread are elements in which nothing stands that was written to us.
var unread = map[string]bool{"script": true, "style": true, "head": true, "title": true, "template": true, "noscript": true,
	"blockquote": true}

// breaks are the tags before which a line begins.
var breaks = map[string]string{"br": "\n", "p": "\n\n", "div": "\n", "li": "\n", "tr": "\n", "h1": "\n\n", "h2": "\n\n", "h3": "\n\n"}

// quoting are classes and ids of what mail programs put around the letter that is answered.
var quoting = []string{"gmail_quote", "divRplyFwdMsg", "appendonsend", "moz-cite-prefix", "yahoo_quoted"}

// plain is the text of a letter's HTML, without the letter that it answers.
func plain(markup string) string {
	var b strings.Builder
	skipped, depth := "", 0 // the element that is left out, and how many of its name are open
	for z := html.NewTokenizer(strings.NewReader(markup)); ; {
		kind := z.Next()
		t := z.Token()
		switch {
		case kind == html.ErrorToken:
			return strings.TrimSpace(b.String())
		case skipped != "" && kind == html.StartTagToken && t.Data == skipped:
			depth++
		case skipped != "" && kind == html.EndTagToken && t.Data == skipped:
			if depth--; depth == 0 {
				skipped = ""
			}
		case skipped != "":
		case kind == html.TextToken:
			b.WriteString(spaces.ReplaceAllString(t.Data, " "))
		case kind == html.StartTagToken && (unread[t.Data] || quotes(t)):
			skipped, depth = t.Data, 1
		case kind == html.StartTagToken || kind == html.SelfClosingTagToken:
			b.WriteString(breaks[t.Data])
		case kind == html.EndTagToken && t.Data == "p":
			b.WriteString("\n\n")
		}
	}
}

var spaces = regexp.MustCompile(`[ \t\r\n]+`)

// quotes reports whether a tag begins what is quoted.
func quotes(t html.Token) bool {
	for _, a := range t.Attr {
		for _, q := range quoting {
			if (a.Key == "class" || a.Key == "id") && strings.Contains(a.Val, q) {
				return true
			}
		}
	}
	return false
}

var (
	// ends is a line behind which nothing was written to us: a signature (RFC 3676), or the
	// letter that is answered.
	ends = regexp.MustCompile(`(?i)^(-- |--|_{20,}|-{2,} ?(original message|forwarded message|sākotnējais ziņojums|` +
		`pārsūtīts ziņojums|исходное сообщение|пересылаемое сообщение) ?-{2,})$`)
	// repeats are two lines of the headers of the letter that is answered, as Outlook writes them.
	repeats = regexp.MustCompile(`(?i)^\*?(from|no|von|от):\*? .+\n\*?(sent|date|nosūtīts|datums|gesendet|отправлено|дата):\*? `)
	// closing is the line above a name, which nobody wants to make public with the question.
	closing = regexp.MustCompile(`(?i)^(ar cieņu|cieņā|ar sveicieniem|best regards|kind regards|regards|best wishes|sincerely|` +
		`yours sincerely|yours faithfully|с уважением)([ ,.!].*)?$`)
	// bySet is what telephones write below.
	bySet = regexp.MustCompile(`(?i)^(sent from my |nosūtīts no |sūtīts no |get outlook for |отправлено с )`)
)

// mostIntro is how many lines say whose letter is quoted: "On Monday Anna wrote:".
const mostIntro = 3

// written is what somebody wrote themselves, without what they quote and their signature.
func written(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	var own []string
	for i, line := range lines {
		bare := strings.TrimRight(line, " \t\u00a0")
		if ends.MatchString(bare) || i+1 < len(lines) && repeats.MatchString(bare+"\n"+lines[i+1]) || signsOff(lines[i:]) {
			break
		}
		switch {
		case strings.HasPrefix(bare, ">"):
			own = withoutIntro(own)
		case !bySet.MatchString(bare):
			own = append(own, bare)
		}
	}
	return strings.TrimSpace(strings.Join(own, "\n"))
}

// mostSigned is how many lines say who somebody is.
const mostSigned = 10

// signsOff reports whether only who wrote it follows. Where something is asked below, it stays.
func signsOff(rest []string) bool {
	rest = rest[:min(len(rest), mostSigned+1)]
	if !closing.MatchString(strings.TrimSpace(rest[0])) {
		return false
	}
	others := slices.IndexFunc(rest, func(l string) bool { return strings.HasPrefix(l, ">") || ends.MatchString(strings.TrimRight(l, " \t")) })
	if others > 0 {
		rest = rest[:others]
	}
	asks := func(l string) bool { return strings.Contains(l, "?") }
	return len(rest) <= mostSigned && !slices.ContainsFunc(rest, asks)
}

// withoutIntro leaves out the lines right above what is quoted that say whose it is.
func withoutIntro(own []string) []string {
	end := len(own)
	for end > 0 && own[end-1] == "" && len(own)-end < mostIntro {
		end--
	}
	if end == 0 || !strings.HasSuffix(own[end-1], ":") {
		return own
	}
	begin := end - 1
	for begin > 0 && end-begin < mostIntro && own[begin-1] != "" {
		begin--
	}
	return own[:begin]
}

var (
	// answering is what programs put before the subject of what they answer or pass on.
	answering = regexp.MustCompile(`(?i)^((re|fw|fwd|aw|wg|atb|pārs|ats|ответ)(\[\d+\])?:\s*)+`)
	// nothing are subjects that say no more than that somebody asks.
	nothing = regexp.MustCompile(`(?i)^(a |my )?(question|questions|jautājums|jautājumi|jautajums|вопрос|ekspertstunda|eksperta stunda|` +
		`expert hour|hello|hi|labdien|sveiki|laba diena)[.!?]*$`)
)

// question is what a letter asks: its text, below its subject where that says something else.
func (n note) question(answers bool) string {
	subject := strings.TrimSpace(answering.ReplaceAllString(n.subject, ""))
	said := strings.Contains(strings.ToLower(strings.Join(strings.Fields(n.text), " ")), strings.ToLower(subject))
	if answers || nothing.MatchString(subject) || said {
		return n.text
	}
	return strings.TrimSpace(subject + "\n" + n.text)
}
