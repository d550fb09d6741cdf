package mail

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// lines is a letter with the ends of lines that letters have.
func lines(all ...string) []byte { return []byte(strings.Join(all, "\r\n") + "\r\n") }

const fromIlze = "From: =?utf-8?B?SWx6ZSBCxJNyemnFhmE=?= <Ilze@Example.test>"

// TestQuestion: what of a letter is its question.
func TestQuestion(t *testing.T) {
	t.Parallel()
	html := "Content-Type: text/html; charset=utf-8"
	for name, c := range map[string]struct {
		letter []byte
		want   string
	}{
		"plain":   {lines(fromIlze, "Subject: Question", "", "When is the", "next round?"), "When is the\nnext round?"},
		"subject": {lines(fromIlze, "Subject: Fwd: RE: Housing support", "", "When?"), "Housing support\nWhen?"},
		"subject said already": {lines(fromIlze, "Subject: the next  round", "", "When is the next round?"),
			"When is the next round?"},
		"only a subject":  {lines(fromIlze, "Subject: When is the next round?", "", ""), "When is the next round?"},
		"encoded subject": {lines(fromIlze, "Subject: =?windows-1257?Q?P=E2rdo=F0ana?=", "", "Kad?"), "Pārdošana\nKad?"},
		"charset": {append(lines(fromIlze, "Content-Type: text/plain; charset=windows-1257", ""), "K\xe2 b\xfbs ar m\xe2j\xe2m?"...),
			"Kā būs ar mājām?"},
		"unknown charset": {append(lines(fromIlze, "Content-Type: text/plain; charset=klingon", ""), "When\xff?"...), "When\uFFFD?"},
		"base64": {lines(fromIlze, "Content-Transfer-Encoding: base64", "",
			base64.StdEncoding.EncodeToString([]byte("When?"))), "When?"},
		"quoted-printable": {lines(fromIlze, "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
			"K=C4=81 b=C5=ABs?"), "Kā būs?"},
		"signature": {lines(fromIlze, "", "When?", "-- ", "Ilze, director"), "When?"},
		"sign-off": {lines(fromIlze, "Content-Type: text/plain; charset=utf-8", "", "Kad?", "", "Ar cieņu,", "Ilze Bērziņa",
			"29 123 456"), "Kad?"},
		"sign-off above a question": {lines(fromIlze, "", "When?", "Best regards, Ilze", "P.S. And where?"),
			"When?\nBest regards, Ilze\nP.S. And where?"},
		"telephone":  {lines(fromIlze, "", "When?", "", "Sent from my iPhone"), "When?"},
		"quoted":     {lines(fromIlze, "", "When?", "", "On Monday, 3 May", "Anna <a@b.lv> wrote:", "", "> old", "> older"), "When?"},
		"in between": {lines(fromIlze, "", "Anna wrote:", "> old", "And this?", "> older", "And that?"), "And this?\nAnd that?"},
		"outlook":    {lines(fromIlze, "", "When?", "", "From: Anna", "Sent: Monday", "old"), "When?"},
		"latvian outlook": {lines(fromIlze, "Content-Type: text/plain; charset=utf-8", "", "Kad?", "", "No: Anna", "Nosūtīts: pirmdien", "vecs"),
			"Kad?"},
		"original message": {lines(fromIlze, "", "When?", "-----Original Message-----", "old"), "When?"},
		"html": {lines(fromIlze, html, "", "<html><head><title>x</title><style>p{}</style></head><body><p>When is",
			"the <b>next</b>&nbsp;round?</p>",
			"<div>And &lt;where&gt;?</div><script>alert(1)</script><blockquote>old<blockquote>older</blockquote>old</blockquote>"+
				"<div class=\"gmail_quote\"><div>old</div>old</div></body>"), "When is the next\u00a0round?\n\n\nAnd <where>?"},
		"alternative": {lines(fromIlze, "Content-Type: multipart/alternative; boundary=x", "", "--x", html, "", "<p>markup</p>", "--x",
			"Content-Type: text/plain", "", "plain", "--x--"), "plain"},
		"attached text": {lines(fromIlze, "Content-Type: multipart/mixed; boundary=x", "", "--x", "Content-Type: text/plain",
			"Content-Disposition: attachment", "", "attached", "--x", html, "", "<p>read</p>", "--x--"), "read"},
		"nothing to read": {lines(fromIlze, "Content-Type: image/png", "", "x"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := read(c.letter)
			if got := n.question(false); got != c.want || n.from != "ilze@example.test" || n.robot {
				t.Errorf("%q from %s (robot: %v), want %q", got, n.from, n.robot, c.want)
			}
		})
	}
	if got := read(lines(fromIlze, "Subject: Re: Your question", "", "More.")).question(true); got != "More." {
		t.Errorf("an answer reads %q", got)
	}
}

// TestBombs: nothing that is nested or endless costs more than a letter.
func TestBombs(t *testing.T) {
	t.Parallel()
	var deep, wide strings.Builder
	deep.WriteString(fromIlze + "\r\n")
	for n := range 2000 {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", n, n)
	}
	wide.WriteString(fromIlze + "\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n")
	for range 5000 {
		wide.WriteString("--x\r\nContent-Type: text/plain\r\n\r\n\r\n")
	}
	for name, raw := range map[string]string{"deep": deep.String(), "wide": wide.String(),
		"headers": strings.Repeat("X-A: b\r\n", 20_000) + fromIlze + "\r\n\r\nWhen?",
		"tags":    fromIlze + "\r\nContent-Type: text/html\r\n\r\n" + strings.Repeat("<blockquote>", 50_000)} {
		if n := read([]byte(raw)); n.text != "" {
			t.Errorf("%s: %d characters", name, len(n.text))
		}
	}
	for _, each := range []string{"\n", "Regards\n", "> \n", "a:\n"} { // none is looked through again for each of its lines
		read([]byte(fromIlze + "\r\n\r\n" + strings.Repeat("\n", mostText/2) + strings.Repeat(each, mostText/2/len(each))))
	}
}

// TestSender: whoever does not say plainly who they are gets no answer.
func TestSender(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"From: Ilze@Example.test":                                        "ilze@example.test",
		"From: \"a@b.lv\" <ilze@example.test>":                           "ilze@example.test",
		"From: ilze@example.test, anna@example.test":                     "",
		"From: ilze@example.test\r\nFrom: anna@example.test":             "",
		"From: Group: ilze@example.test;":                                "ilze@example.test",
		"From: <>":                                                       "",
		"From: ilze":                                                     "",
		"X: y":                                                           "",
		"From: " + strings.Repeat("a", 250) + "@example.test":            "",
		"From: ilze@example.test\r\nReply-To: victim@example.test":       "ilze@example.test",
		"From: \"x\\\"<eve@example.test>\" <ilze@example.test>":          "ilze@example.test",
		"From: =?utf-8?Q?=3Ceve=40example.test=3E?= <ilze@example.test>": "ilze@example.test",
	} {
		if got := read(lines(from, "", "When?")).from; got != want {
			t.Errorf("%s is from %q, want %q", from, got, want)
		}
	}
}

// TestRobots: what no person wrote to us is no question.
func TestRobots(t *testing.T) {
	t.Parallel()
	for _, h := range []string{"Auto-Submitted: auto-replied", "Auto-Submitted: AUTO-GENERATED; x=y", "Return-Path: <>", "Precedence: Bulk",
		"Precedence: list", "Precedence: junk", "Precedence: auto_reply", "List-Id: <x.y>", "List-Unsubscribe: <mailto:x@y>",
		"X-Auto-Response-Suppress: All", "X-Autoreply: yes", "Content-Type: multipart/report; boundary=x"} {
		if n := read(lines(fromIlze, h, "", "When?")); !n.robot {
			t.Errorf("%s is a person", h)
		}
	}
	for _, from := range []string{"MAILER-DAEMON@example.test", "postmaster@x.test", "no-reply@x.test"} {
		if n := read(lines("From: "+from, "", "When?")); !n.robot {
			t.Errorf("%s is a person", from)
		}
	}
	for _, h := range []string{"Auto-Submitted: no", "Return-Path: <ilze@example.test>", "Precedence: first-class"} {
		if n := read(lines(fromIlze, h, "", "When?")); n.robot {
			t.Errorf("%s is a robot", h)
		}
	}
}

// bounce is a report as Postfix writes it.
func bounce(action, status, of string) []byte {
	return lines("From: MAILER-DAEMON@example.test (Mail Delivery System)", "To: ask@example.lv", "Auto-Submitted: auto-replied",
		"MIME-Version: 1.0", `Content-Type: multipart/report; report-type=delivery-status; boundary="x"`, "", "--x",
		"Content-Type: text/plain", "", "I'm sorry.", "--x", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mail.example.test",
		"", "Final-Recipient: rfc822; ilze@example.test", "Action: "+action, "Status: "+status,
		"Diagnostic-Code: smtp; 550 5.1.1 <ilze@example.test> unknown", "", "--x", "Content-Type: message/rfc822", "",
		"From: ask@example.lv", "Message-ID: <"+of+">", "", "Your question", "--x--")
}

func TestReport(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		action, status string
		want           report
	}{
		{"failed", "5.1.1", report{true, "5.1.1", "a@example.lv"}},
		{"failed", "4.4.7 (ilze@example.test)", report{true, "4.4.7", "a@example.lv"}},
		{"failed", "ilze@example.test", report{true, "", "a@example.lv"}},
		{"delayed", "4.4.1", report{false, "", "a@example.lv"}},
		{"delivered", "2.0.0", report{false, "", "a@example.lv"}},
	} {
		n := read(bounce(c.action, c.status, "a@example.lv"))
		if n.report == nil || *n.report != c.want || !n.robot {
			t.Errorf("%s %s: %+v", c.action, c.status, n.report)
		}
	}
	global := strings.NewReplacer("message/delivery-status", "message/global-delivery-status", "message/rfc822", "message/global")
	if n := read([]byte(global.Replace(string(bounce("failed", "5.1.1", "a@example.lv"))))); n.report == nil || !n.report.failed ||
		n.report.of != "a@example.lv" {
		t.Errorf("of a server that speaks UTF-8: %+v", n.report)
	}
	n := read(lines(fromIlze, "Content-Type: multipart/report; report-type=disposition-notification; boundary=x", "", "--x--"))
	if n.report != nil || !n.robot {
		t.Errorf("who has read a letter is %+v", n.report)
	}
}

// FuzzRead: whatever comes is understood as something, and what is kept is text of bounded
// length that no header can be made of.
func FuzzRead(f *testing.F) {
	f.Add(bounce("failed", "5.1.1", "a@example.lv"))
	f.Add(lines(fromIlze, "Message-ID: <1@example.test>", "Subject: Re: x", "Content-Type: multipart/alternative; boundary=x", "", "--x",
		"Content-Type: text/html; charset=iso-8859-4", "Content-Transfer-Encoding: quoted-printable", "", "<p>=E0</p>", "--x--"))
	f.Add([]byte("From: a@b\r\nContent-Type: text/plain; charset=utf-7\r\nContent-Transfer-Encoding: base64\r\n\r\n!"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		n, h := read(raw), head(raw)
		text := n.question(false)
		if !utf8.ValidString(n.subject) || !utf8.ValidString(n.text) || len(text) > 4*mostText || strings.ContainsAny(n.subject, "\r\n") {
			t.Errorf("%q %q", n.subject, n.text)
		}
		if n.from != h.from || n.id != h.id {
			t.Errorf("%q %q, by its headers alone %q %q", n.from, n.id, h.from, h.id)
		}
		if len(n.id) == 0 || len(n.id) > 190 || strings.ContainsAny(string(n.id)+n.from, " \r\n<>\x00") {
			t.Errorf("id %q of %q", n.id, n.from)
		}
		if n.report != nil && strings.Trim(n.report.status, "0123456789.") != "" {
			t.Errorf("status %q", n.report.status)
		}
	})
}
