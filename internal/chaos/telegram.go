package chaos

import (
	"math/rand/v2"
	"strings"

	"experthour/internal/connector/telegram/telegramfake"
)

// What the messages of a copy say, by its kind. An outcome is told as the pointer to an
// answer or as a reason.
const (
	saysReceipt  = "has arrived"
	saysAccepted = "is accepted"
	saysEnded    = "is no longer open"
	saysAnswered = "is answered"
	saysDeclined = "not about the topic"
	saysHello    = "Just write"
)

// stands is what a person finds who looks into the asker's chat, or the channel, for a copy.
func (w *world) stands(q question, copyKey string) bool {
	kind, _, _ := strings.Cut(copyKey, ":")
	says := map[string][]string{"receipt": {saysReceipt, saysAccepted, saysEnded}, "answer": {"Answer to " + q.mark()},
		"outcome": {saysDeclined}, "ring": {saysAnswered}}[kind]
	a := w.seen.of(q.mark())
	if a == nil {
		return false
	}
	for _, e := range w.tg.Ledger("sendMessage", "editMessageText") {
		for _, text := range says {
			if e.Chat == a.chat && strings.Contains(e.Text, text) {
				return true
			}
		}
	}
	return false
}

// openTelegram starts the platform with a channel where hours are announced.
func openTelegram() (*telegramfake.Server, error) {
	tg, err := telegramfake.Start(telegramfake.Options{LocalWebhooks: true})
	if err != nil {
		return nil, err
	}
	talk := tg.Supergroup(-1002001, "Talk", telegramfake.BotAdmin())
	tg.Channel(channel, "Office", telegramfake.Linked(talk))
	return tg, nil
}

const channel = -1002000

// mishap is something that goes wrong at the platform; open is that nobody can know then
// whether a new post arrived.
type mishap struct {
	name  string
	open  bool
	fault func() telegramfake.Fault
}

var mishaps = []mishap{
	{"lost before", true, func() telegramfake.Fault { return telegramfake.DropBefore }},
	{"answer lost", true, func() telegramfake.Fault { return telegramfake.DropAfter }},
	{"answer cut", true, func() telegramfake.Fault { return telegramfake.CutShort }},
	{"500 after applying", true, func() telegramfake.Fault { return telegramfake.ErrorAfter }},
	{"429", false, func() telegramfake.Fault { return telegramfake.TooMany(1) }},
}

// mishap lets the next call of one of the sends go wrong.
func (w *world) mishap(r *rand.Rand) {
	m := mishaps[r.IntN(len(mishaps))]
	method := []string{"sendMessage", "editMessageText"}[r.IntN(2)]
	i := w.tg.Fault(method, 1, m.fault())
	w.faults = append(w.faults, planned{i, m, method})
}

// planned is a mishap that waits for its call.
type planned struct {
	*telegramfake.Injection
	mishap
	method string
}

// struck counts the mishaps that happened, and those after which a post's fate is open.
func (w *world) struck() (all, open int) {
	for _, f := range w.faults {
		n := f.Hits()
		all += n
		if f.open && f.method == "sendMessage" {
			open += n
		}
	}
	return all, open
}

// judgeChats holds what the platform saw against what was approved and asked.
func (w *world) judgeChats(marks []string) {
	type sent struct {
		chat int64
		text string
	}
	times := map[sent]int{}
	for _, e := range w.tg.Ledger("sendMessage", "editMessageText") {
		if e.Did == "sendMessage" && !strings.Contains(e.Text, saysHello) {
			times[sent{e.Chat, e.Text}]++
		}
		if mark := answers(e.Text); mark != "" && !w.seen.mayBePublic(mark, e.Text) {
			w.seen.broken(Approved, "%s went to chat %d: %q", e.Did, e.Chat, e.Text)
		}
	}
	for s, n := range times {
		if n > 1 {
			w.seen.broken(Once, "%d times in chat %d: %q", n, s.chat, s.text)
		}
	}
	for _, mark := range marks {
		if a := w.seen.of(mark); a.chat != 0 {
			w.judgeAsker(a)
		}
	}
}

// answers is the mark of the question that a text answers.
func answers(text string) string {
	_, rest, ok := strings.Cut(text, "Answer to ")
	if strings.HasPrefix(rest, "question") {
		_, rest, ok = strings.Cut(rest, "Answer to ")
	}
	mark, _, comma := strings.Cut(rest, ", version")
	if !ok || !comma {
		return ""
	}
	return mark
}

// judgeAsker wants an asker to have been told once.
func (w *world) judgeAsker(a *asked) {
	outcomes := w.told(a)
	if len(outcomes) != 1 || outcomes["answer"]+outcomes["declined"] != 1 {
		w.seen.broken(Told, "the asker of %s reads %v", a.mark, outcomes)
	}
}

// told reads an asker's chat as the asker does: how many messages tell of which outcome.
func (w *world) told(a *asked) map[string]int {
	outcomes := map[string]int{}
	for _, m := range w.tg.User(a.chat, "").Chat().FromBot() {
		for kind, says := range map[string]string{"answer": "Answer to " + a.mark, "declined": saysDeclined} {
			if strings.Contains(m.Text(), says) {
				outcomes[kind]++
			}
		}
	}
	return outcomes
}

// untold counts who asked in private and reads no outcome yet: telling them may wait for the platform's limits or for
// a lease that is still held, and does not keep an hour from closing.
func (h *hour) untold() (n int) {
	for _, mark := range h.marks {
		if a := h.w.seen.of(mark); a.chat != 0 && len(h.w.told(a)) == 0 {
			n++
		}
	}
	return n
}

// announcements are what the public reads of each piece of news.
var announcements = map[string]string{"open": "We have started", "ending": "Last questions", "closed": "is over", "cancelled": "called off"}

// stoodInChannel is stands for an announcement of an hour.
func (w *world) stoodInChannel(slug, copyKey string) bool {
	parts := strings.SplitN(copyKey, ":", 4)
	news, _, _ := strings.Cut(parts[len(parts)-1], "@")
	for _, e := range w.tg.Ledger("sendMessage", "editMessageText") {
		if e.Chat == channel && strings.Contains(e.Text, slug) && strings.Contains(e.Text, announcements[news]) {
			return true
		}
	}
	return false
}
