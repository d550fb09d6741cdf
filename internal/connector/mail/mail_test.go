package mail

import (
	"context"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"experthour/internal/config/configtest"
	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/keyring"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
	"experthour/internal/wording"
)

func init() { wording.Add(words) }

var signer = keyring.Ring{"a secret of thirty-two letters, or so"}.For(keyring.Senders)

// homes is the question that letters here are about.
var homes = session.QuestionRef{Session: "homes", Number: 1}

// tagged is what stands in the id of each letter about it.
func tagged() string { return "homes.1." + signer.Mark("mail", "homes.1") }

func (f *fake) mail() *Mail {
	a := Account{Host: "127.0.0.1", Port: f.port, Security: StartTLS, Username: "bot", Password: password("secret-password"),
		From: "ask@example.lv"}
	if f.implied {
		a.Security = TLS
	}
	m := New(connector.Env{Signer: signer, Log: slog.New(slog.DiscardHandler)}, a, "mail")
	m.roots = f.roots
	return m
}

func password(p string) setting.Secret { return setting.NewSecret(p) }

// can is an mta that can pass a part of the suite.
func can(t *testing.T, fresh func(*testing.T) mta, part string) mta {
	t.Helper()
	b := fresh(t)
	if why := b.cannot(part); why != "" {
		t.Skip(why)
	}
	return b
}

// shown is what a mail program makes of a letter.
type shown struct {
	netmail.Header
	text, html string
}

func show(t *testing.T, raw string) (l shown) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	l.Header = m.Header
	kind, params, err := mime.ParseMediaType(l.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, to := range []*string{&l.text, &l.html} {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		*to = strings.ReplaceAll(string(b), "\r\n", "\n")
	}
	if _, err := parts.NextRawPart(); err != io.EOF {
		t.Errorf("more than two parts: %v", err)
	}
	return l
}

func testPublic(t *testing.T, fresh func(*testing.T) mta) {
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness {
		f := fresh(t)
		return connectortest.Harness{Connector: f.mail(), Posts: func() (seen []connectortest.Seen) {
			all, _ := f.kept()
			for _, raw := range all {
				l := show(t, raw)
				text := l.text[:strings.LastIndex(l.text, "\n\n-- \n")]
				seen = append(seen, connectortest.Seen{ID: session.MessageID(strings.Trim(l.Get("Message-Id"), "<>")), Text: text})
			}
			return seen
		},
			Refuse:  func() { f.on(atTo, "550 5.7.1 no") },
			Silence: func() { f.on(atEnd, saysNone) },
		}
	})
}

func aPost() connector.Post {
	return connector.Post{Kind: session.KindAnswer, Key: "homes#1:answer/mail/1:a2", Number: 1, Language: session.Latvian, Text: "Pavasarī.",
		Approved:  time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		Recipient: &connector.Recipient{To: "ilze@example.test", Leave: "https://jautajumi.example.lv/leave/x", About: homes}}
}

func testOutcomes(t *testing.T, fresh func(*testing.T) mta) {
	for _, c := range []struct {
		step, answer string
		want         connector.Outcome
		unreachable  bool
		kept         int
	}{
		{atGreeting, "554 5.7.1 no", connector.Deferred, false, 0},
		{atGreeting, hangUp, connector.Deferred, false, 0},
		{atAuth, "535 5.7.8 no", connector.Deferred, false, 0},
		{atFrom, "451 4.3.0 later", connector.Deferred, false, 0},
		{atFrom, "550 5.7.1 not from you", connector.Refused, false, 0},
		{atFrom, hangUp, connector.Deferred, false, 0},
		{atTo, "450 4.2.1 later", connector.Deferred, false, 0},
		{atTo, "550 5.1.1 ilze@example.test has gone", connector.Refused, true, 0},
		{atTo, "554 5.7.1 relay access denied", connector.Refused, false, 0},
		{atTo, hangUp, connector.Deferred, false, 0},
		{atData, "452 4.3.1 full", connector.Deferred, false, 0},
		{atData, "554 5.5.1 no", connector.Refused, false, 0},
		{atData, hangUp, connector.Deferred, false, 0},
		{atEnd, "451 4.7.1 grey", connector.Deferred, false, 0},
		{atEnd, "554 5.1.1 looks like spam", connector.Refused, false, 0},
		{atEnd, hangUp, connector.Unsure, false, 1},
	} {
		t.Run(c.step+" "+c.answer, func(t *testing.T) {
			t.Parallel()
			f := can(t, fresh, c.step+" "+c.answer)
			f.on(c.step, c.answer)
			_, err := f.mail().Reply(t.Context(), aPost())
			got := connector.OutcomeOf(err)
			if err == nil || got.Outcome != c.want || got.Unreachable != c.unreachable || got.Detail == "" ||
				(got.Wait > 0) != (c.want == connector.Deferred) {
				t.Errorf("%+v", got)
			}
			if all, _ := f.kept(); len(all) != c.kept {
				t.Errorf("%d letters", len(all))
			}
			if err != nil && strings.Contains(err.Error(), "ilze") {
				t.Errorf("the address is in the log: %v", err)
			}
		})
	}
}

// TestBrokenText: a line that breaks in the middle of the text ended no letter.
func TestBrokenText(t *testing.T) {
	t.Parallel()
	f := newFake(t, false, false)
	f.on(atText, hangUp)
	p := aPost()
	_, err := f.mail().Reply(t.Context(), p)
	if got := connector.OutcomeOf(err).Outcome; err == nil || got == connector.Refused {
		t.Errorf("%v", err)
	}
	if all, _ := f.kept(); len(all) != 0 {
		t.Errorf("%d letters", len(all))
	}
}

// TestAfterTheLetter: what goes wrong after the server took it changes nothing.
func TestAfterTheLetter(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"RSET", "QUIT"} {
		f := newFake(t, false, false)
		f.on(step, hangUp)
		id := session.MessageID(tagged() + ".answer.mail.1.a2@example.lv")
		if sent, err := f.mail().Reply(t.Context(), aPost()); err != nil || sent.Message != id {
			t.Errorf("%s: %+v, %v", step, sent, err)
		}
	}
}

// testEndsWithItsLease: a server that says nothing more holds nobody, at no step; only
// after the text was ended is the letter's fate unknown.
func testEndsWithItsLease(t *testing.T, fresh func(*testing.T) mta) {
	for step, want := range map[string]connector.Outcome{atGreeting: connector.Deferred, "EHLO": connector.Deferred,
		atAuth: connector.Deferred, "NOOP": connector.Deferred, atFrom: connector.Deferred, atTo: connector.Deferred,
		atData: connector.Deferred, atEnd: connector.Unsure} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			f := can(t, fresh, "stays silent at "+step)
			f.on(step, saysNone)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				_, err := f.mail().Reply(ctx, aPost())
				ended <- err
			}()
			testenv.Until(t, "the server is at "+step, func() bool { return !f.waits(step) })
			cancel()
			select {
			case err := <-ended:
				if connector.OutcomeOf(err).Outcome != want {
					t.Errorf("%v", err)
				}
			case <-testenv.Soon(t).Done():
				t.Error("it waits on")
			}
		})
	}
}

func TestEncryptionMustBe(t *testing.T) {
	t.Parallel()
	plain, other := newFake(t, false, true), newFake(t, false, false).mail()
	other.roots = plain.roots // a certificate of somebody else
	for name, m := range map[string]*Mail{"none": plain.mail(), "not trusted": other} {
		if _, err := m.Reply(t.Context(), aPost()); err == nil || connector.OutcomeOf(err).Outcome != connector.Deferred {
			t.Errorf("%s: %v", name, err)
		}
		if got := m.Trouble(); len(got) != 1 || got[0].ID != "mail.unreachable" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func testCheck(t *testing.T, fresh func(*testing.T) mta) {
	t.Parallel()
	f := fresh(t)
	m := f.mail()
	right := m.account.Password
	m.account.Password = password("wrong")
	if got := m.Check(t.Context()); len(got) != 1 || got[0].ID != "mail.login_refused" || !got[0].Bad {
		t.Errorf("%+v", got)
	}
	m.account.Password = right
	if got := m.Check(t.Context()); len(got) != 2 || got[0].ID != "mail.works" || got[0].Bad || got[1].ID != "mail.reads_nothing" ||
		len(m.Trouble()) != 0 {
		t.Errorf("%+v, trouble %+v", got, m.Trouble())
	}
	if all, _ := f.kept(); len(all) != 0 {
		t.Error("a check sent a letter")
	}
}

// testLetter: what the asker sees, and what a mail program needs.
func testLetter(t *testing.T, fresh func(*testing.T) mta) {
	t.Parallel()
	f := fresh(t)
	m := f.mail()
	p := aPost()
	p.Text = "Jā & <b>nē</b> \"x\": sk. https://example.lv/a?b=1&c=\"onclick=.\n.\n<script>alert(1)</script>\nBcc: eve@example.test"
	if _, err := m.Reply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	all, to := f.kept()
	l := show(t, all[0])
	subject, err := new(mime.WordDecoder).DecodeHeader(l.Get("Subject"))
	if err != nil || subject != "Jūsu jautājums #1" || to[0] != "ilze@example.test" || l.Get("Bcc") != "" {
		t.Errorf("subject %q, %v; to %q; headers %v", subject, err, to, l.Header)
	}
	for header, want := range map[string]string{"From": "<" + m.account.From + ">", "To": "<ilze@example.test>",
		"Auto-Submitted": "auto-generated", "Message-Id": "<" + tagged() + ".answer.mail.1.a2@example.lv>", "References": "<homes.1@example.lv>",
		"List-Unsubscribe": "<https://jautajumi.example.lv/leave/x>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} {
		if got := l.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	foot := "\n\n-- \nŠo vēstuli saņemat, jo jautājums #1 ir uzdots ar Jūsu adresi. " +
		"Lai par to vairs nesaņemtu vēstules, atveriet: https://jautajumi.example.lv/leave/x\n"
	if l.text != p.Text+foot {
		t.Errorf("%q", l.text)
	}
	for _, has := range []string{`<html lang="lv">`, "&lt;script&gt;alert(1)&lt;/script&gt;", "Jā &amp; &lt;b&gt;",
		`<a href="https://jautajumi.example.lv/leave/x">https://jautajumi.example.lv/leave/x</a>`} {
		if !strings.Contains(l.html, has) {
			t.Errorf("no %s in %s", has, l.html)
		}
	}
	if strings.Contains(l.html, "<script") || strings.Contains(l.html, `"onclick`) {
		t.Error(l.html)
	}
}

// testHostileAddresses: intake takes none of these, and no letter is made for them either.
func testHostileAddresses(t *testing.T, fresh func(*testing.T) mta) {
	t.Parallel()
	f := fresh(t)
	for _, to := range []string{"a@example.test\r\nBcc: eve@example.test", "a@example.test, eve@example.test", "a@example.test>\r\nDATA", "a",
		"\"a\r\nRCPT TO:<eve@example.test>\"@example.test"} {
		p := aPost()
		p.Recipient = &connector.Recipient{To: to}
		_, err := f.mail().Reply(t.Context(), p)
		if got := connector.OutcomeOf(err); err == nil || got.Outcome != connector.Refused || strings.Contains(err.Error(), "eve") {
			t.Errorf("%q: %v", to, err)
		}
	}
	if all, to := f.kept(); len(all) != 0 {
		t.Errorf("letters to %q", to)
	}
}

// testNobodyToWriteTo: an address that was forgotten is nobody's work.
func testNobodyToWriteTo(t *testing.T, fresh func(*testing.T) mta) {
	t.Parallel()
	f := fresh(t)
	for _, to := range []*connector.Recipient{nil, {}} {
		p := aPost()
		p.Recipient = to
		_, err := f.mail().Reply(t.Context(), p)
		if got := connector.OutcomeOf(err); err == nil || got.Outcome != connector.Refused || !got.Unreachable {
			t.Errorf("%v", err)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	account := "[mail]\nsmtp_host = \"mail.example.lv\"\nusername = \"ask\"\npassword = \"x\"\nfrom = \"ask@example.lv\"\n"
	const place = "[[public]]\nkind = \"mail\"\n"
	try := configtest.Of(t, Kind)
	try("complete", account+place)
	try("unused", "[mail]\nsmtp_port = 99999")
	try("no account", place, "0 mail.from", "0 mail.password", "0 mail.smtp_host", "0 mail.username")
	try("two", account+place+place+"id = \"b\"", "7 public[1].kind: there is e-mail already", "9 public[2].kind: there is e-mail already")
	try("port", account+"smtp_port = 0\n"+place, "6 mail.smtp_port: is no port")
	try("imap", account+"imap_host = \"mail.example.lv\"\nimap_port = 0\nimap_security = \"none\"\nimap_folder = \"\"\n"+place,
		"7 mail.imap_port: is no port", `8 mail.imap_security: "none" is not known`, "9 mail.imap_folder: is missing")
	try("security", account+"smtp_security = \"none\"\n"+place, `6 mail.smtp_security: "none" is not known`)
	try("from", strings.Replace(account, "ask@example.lv", "Ask <ask@example.lv>", 1)+place, "5 mail.from: is no e-mail address")
}
