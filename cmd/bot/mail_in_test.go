package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/smtp"
	"regexp"
	"slices"
	"strings"
	"testing"

	"experthour/internal/testenv"
)

const mailReading = `
[mail]
smtp_host = "127.0.0.1"
smtp_port = %s
username = "bot"
password = "botpw"
from = "bot@example.test"
imap_host = "127.0.0.1"
imap_port = %s
plus_addresses = true
[[public]]
kind = "mail"
`

// write sends a letter to the institution through the real server, as a mail program does.
func (m *mailServers) write(from, to string, lines ...string) {
	m.t.Helper()
	c, err := smtp.Dial("127.0.0.1:" + m.port)
	if err != nil {
		m.t.Fatal(err)
	}
	defer c.Close()
	text := "From: " + from + "\r\nTo: " + to + "\r\n" + strings.Join(lines, "\r\n") + "\r\n"
	for _, step := range []func() error{
		func() error { return c.StartTLS(&tls.Config{ServerName: "127.0.0.1", RootCAs: m.real.Roots()}) },
		func() error { return c.Auth(smtp.PlainAuth("", "ilze", "ilzepw", "127.0.0.1")) },
		func() error { return c.Mail(from) },
		func() error { return c.Rcpt(to) },
		func() error {
			w, err := c.Data()
			if err != nil {
				return err
			}
			_, err = w.Write([]byte(text))
			return errors.Join(err, w.Close())
		},
		c.Quit,
	} {
		if err := step(); err != nil {
			m.t.Fatal(err)
		}
	}
}

var (
	messageID = regexp.MustCompile(`(?m)^Message-ID: (<.+>)$`)
	replyTo   = regexp.MustCompile(`(?m)^Reply-To: <(.+)>$`)
)

// state waits until the desk has a question in a state.
func (r *roof) state(n int, want string) map[string]any {
	r.t.Helper()
	var q map[string]any
	testenv.Until(r.t, fmt.Sprintf("question %d is %s", n, want), func() bool {
		for _, each := range r.questions() {
			if q = each.(map[string]any); q["number"] == float64(n) && q["state"] == want {
				return true
			}
		}
		return false
	})
	return q
}

// mailHour is an hour with the mail servers, whose program is killed between all steps.
type mailHour struct {
	*roof
	*mailServers
	run *running
}

func (h *mailHour) begin() {
	h.run = launch(h.roof.t, h.trusted(command(h.roof.t, h.at.dir, "run")))
	h.at.await()
}

func (h *mailHour) kill() {
	h.run.cmd.Process.Kill()
	h.run.cmd.Wait()
}

// again kills the program once it is recorded that all letters went out: of one that is on its
// way nobody could know, and a person is asked.
func (h *mailHour) again() {
	h.roof.t.Helper()
	testenv.Until(h.roof.t, "nothing is on its way", func() bool {
		for n := range h.questions() {
			cs, _ := h.copies(n + 1)
			if slices.ContainsFunc(cs, func(c map[string]any) bool { return c["due"] == true }) {
				return false
			}
		}
		return true
	})
	h.kill()
	h.begin()
}

// copies are those of a question, and what was done about it, as the record has them.
func (h *mailHour) copies(n int) (all []map[string]any, done string) {
	h.roof.t.Helper()
	_, out := h.at.api(h.tokens["Anna Bērziņa"], "GET", fmt.Sprintf("/api/v1/desk/sessions/homes/log?question=%d", n), nil)
	cs, _ := out["copies"].([]any)
	for _, c := range cs {
		all = append(all, c.(map[string]any))
	}
	return all, fmt.Sprint(out["entries"])
}

func openMailHour(t *testing.T) *mailHour {
	m := openMail(t)
	r := &roof{dovecote: &dovecote{t: t}, at: &institution{t: t, dir: t.TempDir(), listen: free(t)}, tokens: map[string]string{}}
	r.at.base = "http://" + r.at.listen
	writeConfig(t, r.at.dir, plain(realRedis(t), r.at)+fmt.Sprintf(mailReading, m.port, m.imap))
	h := &mailHour{r, m, nil}
	h.begin()
	for _, name := range []string{"Anna Bērziņa", "Jānis Kalniņš", "Edgars Ozols"} {
		r.tokens[name] = r.at.token(name)
	}
	r.at.schedule("homes")
	return h
}

// TestMailQuestions: a question by e-mail, written while the program is down, is answered by
// a letter below it, once; what is written back belongs to it; it can be withdrawn; what
// comes back is at the desk; and two programs stop writing to each other.
func TestMailQuestions(t *testing.T) {
	t.Parallel()
	h := openMailHour(t)
	h.kill()
	h.write("ilze@example.test", "bot@example.test", "Message-ID: <q1@example.test>", "Subject: Question", "",
		"When is the next round?", "-- ", "Ilze")
	h.begin()
	h.state(1, "received")
	receipt := h.awaitLetter("ilze", "Question #1 has arrived")
	h.again()
	h.give("Anna Bērziņa", "accept", nil)
	h.give("Edgars Ozols", "submit", map[string]any{"text": "In <spring>."})
	h.again()
	h.roof.approve("Jānis Kalniņš")
	answer := h.awaitLetter("ilze", "\nIn <spring>.\n")
	h.again()
	for _, letter := range []string{receipt, answer} {
		if !strings.Contains(letter, "\nIn-Reply-To: <q1@example.test>\n") {
			t.Errorf("it answers nothing:\n%s", letter)
		}
	}
	h.goesOn(answer)
	h.comesBack()
	h.loops()
	if got := h.letters("ilze"); len(got) != 5 {
		t.Errorf("%d letters, want 5:\n%s", len(got), strings.Join(got, "\n=====\n"))
	}
}

// goesOn writes back: after the answer that is a question, of which the next letter is a part.
func (h *mailHour) goesOn(answer string) {
	h.roof.t.Helper()
	back := replyTo.FindStringSubmatch(answer)
	if back == nil {
		h.roof.t.Fatalf("no Reply-To:\n%s", answer)
	}
	h.write("ilze@example.test", back[1], "Message-ID: <q2@example.test>", "Subject: Re: Your question #1", "", "Of which year?", "",
		"On Monday the Ministry wrote:", "> In spring.")
	h.state(2, "received")
	receipt := h.awaitLetter("ilze", "Question #2 has arrived")
	id := messageID.FindStringSubmatch(receipt)[1]
	h.write("ilze@example.test", "bot@example.test", "Message-ID: <q3@example.test>", "In-Reply-To: "+id, "Subject: Re: Your question #2", "",
		"I mean the second one.")
	h.awaitLetter("ilze", "This was added to question #2.")
	if q := h.state(2, "received"); q["text"] != "Of which year?\nI mean the second one." {
		h.roof.t.Errorf("question 2 reads %q", q["text"])
	}
	h.write("ilze@example.test", "bot@example.test", "Message-ID: <q4@example.test>", "In-Reply-To: "+id, "Subject: Re: Your question #2", "",
		"Withdraw")
	h.state(2, "withdrawn")
	h.awaitLetter("ilze", "Withdrawn.")
}

// comesBack asks from an address that there is not: the desk is told, and the address forgotten.
func (h *mailHour) comesBack() {
	h.roof.t.Helper()
	h.write("nobody@example.test", "bot@example.test", "Message-ID: <q5@example.test>", "Subject: Question", "", "Is it free?")
	h.state(3, "received")
	testenv.Until(h.roof.t, "the receipt came back, and the address is forgotten", func() bool {
		cs, done := h.copies(3)
		return len(cs) == 1 && cs[0]["problem"] == "dropped" && strings.Contains(done, "verb:forget")
	})
	page := deskPage(h.roof.t, h.at.link("Anna Bērziņa"), "/homes/cards/3")
	if !strings.Contains(page, "Given up: the letter came back: 5.1.1") || strings.Contains(page, "nobody@") {
		h.roof.t.Errorf("the desk reads\n%s", page)
	}
}

// loops has a program that says of itself nothing answer each letter, and a list.
func (h *mailHour) loops() {
	h.roof.t.Helper()
	h.write("robot@example.test", "bot@example.test", "Message-ID: <list@example.test>", "List-Id: <all.example.test>", "", "Buy now?")
	h.write("robot@example.test", "bot@example.test", "Message-ID: <r0@example.test>", "Subject: Hello", "", "Who are you?")
	answered := 0
	for round := range 4 {
		testenv.Until(h.roof.t, "another letter, or none that will come", func() bool {
			return len(h.letters("robot")) > answered || round > 2
		})
		for _, letter := range h.letters("robot")[answered:] {
			answered++
			h.write("robot@example.test", "bot@example.test", fmt.Sprintf("Message-ID: <r%d@example.test>", answered),
				"In-Reply-To: "+messageID.FindStringSubmatch(letter)[1], "", "I am on holiday until Monday.")
		}
		if answered >= 2 {
			break
		}
	}
	h.write("robot@example.test", "bot@example.test", "Message-ID: <last@example.test>", "Subject: Question", "", "And the last one?")
	h.awaitLetter("robot", "Question #5 has arrived") // all before it was dealt with
	if got := len(h.letters("robot")); got != 3 {
		h.roof.t.Errorf("%d letters to the program, want 3", got)
	}
	if strings.Contains(fmt.Sprint(h.questions()), "Buy now") {
		h.roof.t.Error("a letter of a list is a question")
	}
}
