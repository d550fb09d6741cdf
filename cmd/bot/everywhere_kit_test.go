package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/connector/wordpress/wordpressfake"
	"experthour/internal/testenv"
)

// everyPlace is an institution that is asked on the page, by who leaves an address there, by e-mail,
// and on eleven platforms.
type everyPlace struct {
	*clerks
	run       *running
	sky, town *social
	tg        *square
	blog      *blog
	mail      *mailServers
	more      []*platform
}

// pretended is what the settings of every test have for a rehearsal. An hour in which the program is killed
// does without: nobody can know what stood there, for its posts end with the process.
const pretended = "[[public]]\nkind = \"sandbox\"\nname = \"Pretend platform\"\nevery_answer = true\n"

// plain are the settings without it.
func plain(store string, at *institution) string {
	return strings.Replace(fmt.Sprintf(settings, store, at.listen), pretended, "", 1)
}

func openEverywhere(t *testing.T) *everyPlace {
	t.Helper()
	c := newClerks(t)
	e := &everyPlace{clerks: c, mail: openMail(t), tg: newSquare(t, c.at, telegramfake.Options{})}
	site := wordpressfake.New(t)
	e.blog = newBlog(t, c.at, blogSite{site.URL, wordpressfake.User, wordpressfake.Password})
	var sky, town, more string
	e.sky, sky = join(c, newFakeSky(t), "question")
	e.town, town = join(c, newFakeMastodon(t), "question")
	e.more, more = platforms(c)
	c.configure(c.at.public(plain(realRedis(t), c.at) + e.tg.settings("polling") + chatPublic + sky + town + more + e.blog.settings() +
		fmt.Sprintf(mailReading, e.mail.port, e.mail.imap)))
	e.begin()
	return e
}

func (e *everyPlace) begin() {
	e.Helper()
	e.run = launch(e.T, e.mail.trusted(command(e.T, e.at.dir, "run")))
	e.at.await()
}

// originals are where a question was asked.
type originals struct {
	sky, town string
	private   *telegramfake.Chat
	group     *telegramfake.Message
	blog      blogged
	more      []string // as the platforms are
}

// asked asks the same in each place, the page first; there were so many questions before. The
// last seven are asked at once, for they are looked at by turns.
func (e *everyPlace) asked(before int, first, same string) (o originals) {
	e.Helper()
	n := before
	arrived := func(says string) {
		n++
		e.question(n, says)
	}
	e.at.askByForm(first, "ilze@example.test")
	arrived(first)
	o.private = e.tg.ilze.Chat()
	e.tg.ilze.Start("")
	e.tg.await(o.private, "Just write")
	e.tg.ilze.Write(same)
	arrived(same)
	o.group = e.tg.talk.Say(e.tg.maris, "#question "+same)
	arrived(same)
	o.sky = e.sky.ask(e.sky.office() + " " + same)
	arrived(same)
	o.town = e.town.ask(e.town.office() + " " + same)
	arrived(same)
	o.blog = e.blog.ask(e.blog.announced("We have started"), "ilze@example.test", same, false)
	arrived(same)
	e.mail.write("dina@example.test", "bot@example.test", fmt.Sprintf("Message-ID: <q%d@example.test>", n), "Subject: Question", "", same)
	arrived(same)
	for _, p := range e.more {
		if p.mention != "" {
			p.ask(same)
		}
		o.more = append(o.more, p.ask(p.mention+same))
	}
	n += len(e.more) - 1
	arrived(same)
	return o
}

// gathered accepts the first of so many questions, merges the others into it and answers it.
func (c *clerks) gathered(n int, first, answer string) {
	c.Helper()
	q := c.question(n, first)
	var others []int
	for i := int(q["number"].(float64)) + 1; i <= n; i++ {
		others = append(others, i)
	}
	c.give(anna, q, "accept", nil)
	alike := func() map[string]any { return map[string]any{"also": others, "shown": time.Now()} }
	c.give(anna, q, "merge_alike", alike())
	testenv.Until(c, "all are merged", func() bool { // a busy machine stops after two seconds, and goes on when told again
		rest := slices.ContainsFunc(c.questions(), func(o map[string]any) bool {
			return slices.Contains(others, int(o["number"].(float64))) && o["state"] != "merged"
		})
		if rest {
			c.tell(anna, fmt.Sprintf("/questions/%v/merge_alike", q["number"]), alike())
		}
		return !rest
	})
	c.give(edgars, q, "submit", map[string]any{"text": answer})
}

// place is one at which an answer stands: how often it does, and whether all do under what they answer.
type place struct {
	name   string
	stands func(answer string) (times int, there bool)
}

// places are those at which answers to a question stand.
func (e *everyPlace) places(o originals) (all []place) {
	for i, p := range e.more {
		all = append(all, place{p.name, func(answer string) (int, bool) { return under(p.has(answer), answer, o.more[i]) }})
	}
	return append(all, []place{
		{"the page", func(answer string) (int, bool) {
			_, out := e.at.api("", http.MethodGet, "/api/v1/sessions/homes", nil)
			return strings.Count(fmt.Sprint(out), answer), true
		}},
		{"Telegram, in private", func(answer string) (int, bool) { return chatted(o.private, answer, nil) }},
		{"Telegram, in the group", func(answer string) (int, bool) { return chatted(e.tg.talk, answer, o.group) }},
		{"Bluesky", func(answer string) (int, bool) { return under(e.sky.posts(), answer, o.sky) }},
		{"Mastodon", func(answer string) (int, bool) { return under(e.town.posts(), answer, o.town) }},
		{"WordPress", func(answer string) (int, bool) {
			all := slices.DeleteFunc(e.blog.replies(o.blog), func(r blogged) bool {
				return !strings.Contains(readable(r.Content.Rendered), answer)
			})
			return len(all), true
		}},
		{"a letter to who asked on the page", func(answer string) (int, bool) { return mailed(e.mail, answer, "ilze") }},
		{"a letter to who asked by letter", func(answer string) (int, bool) { return mailed(e.mail, answer, "dina") }},
	}...)
}

func mailed(m *mailServers, answer, who string) (int, bool) {
	all := slices.DeleteFunc(m.letters(who), func(l string) bool { return !strings.Contains(l, "\n"+answer+"\n") })
	return len(all), true
}

func chatted(c *telegramfake.Chat, answer string, to *telegramfake.Message) (n int, there bool) {
	there = true
	for _, m := range c.Messages() {
		if !m.Deleted() && strings.Contains(m.Text(), answer) {
			n++
			there = there && (to == nil || m.ReplyTo() == to)
		}
	}
	return n, there
}

func under(all []posted, answer, post string) (n int, there bool) {
	there = true
	for _, p := range all {
		if strings.Contains(p.text, answer) {
			n++
			there = there && p.under == post
		}
	}
	return n, there
}

// stands waits until an answer stands once at each place, and gives how long each took.
func (e *everyPlace) stands(all []place, answer string) map[string]time.Duration {
	e.Helper()
	began, took := time.Now(), map[string]time.Duration{}
	defer func() {
		if e.Failed() {
			e.Logf("%q stands at %v", answer, took)
		}
	}()
	testenv.Until(e, fmt.Sprintf("%q stands at %d places", answer, len(all)), func() bool {
		for _, p := range all {
			n, there := p.stands(answer)
			if n > 1 || !there {
				e.Fatalf("%s has %q %d times; all of them under what they answer: %v", p.name, answer, n, there)
			}
			if _, ok := took[p.name]; n == 1 && !ok {
				took[p.name] = time.Since(began)
			}
		}
		return len(took) == len(all)
	})
	return took
}

// gone waits until an answer stands nowhere; what went by e-mail stays there.
func (e *everyPlace) gone(all []place, answer string) {
	e.Helper()
	testenv.Until(e, answer+" is gone", func() bool {
		return !slices.ContainsFunc(all, func(p place) bool {
			n, _ := p.stands(answer)
			return n > 0 && !strings.HasPrefix(p.name, "a letter")
		})
	})
}
