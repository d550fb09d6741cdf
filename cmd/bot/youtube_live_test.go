package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"experthour/internal/connector/youtube/youtubefake"
	"experthour/internal/testenv"
)

// chatTube is an institution that holds its hours in the live chat of a broadcast.
type chatTube struct{ *tube }

const (
	sayLine   = "POST /youtube/v3/liveChat/messages"
	unsayLine = "DELETE /youtube/v3/liveChat/messages"
)

// lines are what the institution says in the chat with a text.
func (c chatTube) lines(text string) []youtubefake.Line {
	return slices.DeleteFunc(c.youtube.Lines(), func(l youtubefake.Line) bool {
		return l.Author != youtubefake.Self || !strings.Contains(l.Text, text)
	})
}

// said waits for the one message of the institution with a text.
func (c chatTube) said(text string) youtubefake.Line {
	c.Helper()
	testenv.Until(c, "a message with "+text, func() bool { return len(c.lines(text)) > 0 })
	all := c.lines(text)
	if len(all) != 1 {
		c.Fatalf("%q stands %d times", text, len(all))
	}
	return all[0]
}

// heard waits until the program hears the chat.
func (c chatTube) heard() {
	c.Helper()
	testenv.Until(c, "the chat is heard", func() bool { return c.youtube.Listening() == 1 })
}

// unsaid waits until the institution says nothing with a text.
func (c chatTube) unsaid(text string) {
	c.Helper()
	testenv.Until(c, text+" is gone", func() bool { return len(c.lines(text)) == 0 })
}

// TestYouTubeLive lives an hour in a live chat, and ends the program when the hour was announced, when
// a question waits for it, when an answer was sent, deleted for its correction, corrected and taken
// back, before any of it was recorded. The broadcast ends before the hour does.
func TestYouTubeLive(t *testing.T) {
	t.Parallel()
	c := chatTube{openTube(t, "live = true\n")}
	c.youtube.GoLive()
	c.connect()
	c.youtube.Hang(sayLine)
	c.at.schedule("homes")
	c.said("We have started")
	testenv.Kill(c.run.cmd)
	c.youtube.Say("UCjanis_123456789abcdefg", "@jānis", "Good evening from Liepāja!")
	c.youtube.Say("UCilze_0123456789abcdefg", "@ilze", "@iestade When is the next round?")
	c.begin()
	c.question(1, "When is the next round?")
	c.heard()
	c.youtube.Stale(true) // the page that was kept is not known any more: all comes again
	c.youtube.CutStreams()
	dina := c.youtube.Say("UCdina_0123456789abcdefg", "@dina", "@Valsts iestāde, is it warm?")
	c.youtube.Say("UCjuris_123456789abcdefg", "@juris", "@iestade May a tenant apply?")
	c.question(3, "is it warm?")
	c.youtube.Stale(false)
	c.heard()
	looks := c.youtube.Calls("GET /youtube/v3/liveChat/messages")
	c.youtube.Say("UCmara_0123456789abcdefg", "@māra", "@iestade Is it loud?")
	c.give(anna, c.question(4, "Is it loud?"), "decline", map[string]any{"reason": "off_topic"})
	if n := c.youtube.Calls("GET /youtube/v3/liveChat/messages") - looks; n > 1 {
		c.Errorf("it looked %d times at what it hears", n)
	}
	c.said("We have started")
	c.youtube.Say("UCvita_0123456789abcdefg", "@vita", "@iestade Is it dear?")
	c.kill() // while it is heard, and before how far that was is kept
	c.give(anna, c.question(5, "Is it dear?"), "decline", map[string]any{"reason": "off_topic"})
	c.answeredOnce()
	c.takenBackOnce()
	c.youtube.Unsay(dina)
	testenv.Until(c, "a question is withdrawn", func() bool {
		_, out := c.at.api(c.tokens[anna], http.MethodGet, "/api/v1/desk/sessions/homes/questions", nil)
		return strings.Contains(fmt.Sprint(out), "state:withdrawn")
	})
	c.over()
}

// longAnswer is more than a message has room for.
const longAnswer = "In spring, as the last time: the exact day is decided by the government, and we tell it on our page. " +
	"You need the plan of the house, the decision of all owners and an offer of a bank, which may be two years old at most."

// answeredOnce answers the first question with more than fits, and corrects it.
func (c chatTube) answeredOnce() {
	c.Helper()
	const says = "When is the next round?"
	c.submit(c.question(5, says), longAnswer)
	c.youtube.Hang(sayLine)
	c.approve(janis, 5, says)
	first := c.said("In spring")
	c.kill()
	c.becomes(5, says, "published")
	c.rests(1)
	if now := c.said("In spring"); now.ID != first.ID || !strings.HasPrefix(now.Text, "@ilze") ||
		!strings.Contains(now.Text, c.at.base+"/s/homes/q/1") || len(utf16.Encode([]rune(now.Text))) > youtubefake.MostMessage {
		c.Errorf("the answer is %+v, and was %+v", now, first)
	}
	c.give(edgars, c.question(5, says), "correct", map[string]any{"text": "In March."})
	c.youtube.Hang(unsayLine)
	c.youtube.Hang(sayLine)
	c.approve(anna, 5, says)
	c.unsaid("In spring")
	c.kill()
	second := c.said("In March.")
	c.kill()
	c.rests(1)
	if now := c.said("In March."); now.ID != second.ID || len(c.lines("In spring")) > 0 {
		c.Errorf("the correction is %+v, and was %+v", now, second)
	}
}

// takenBackOnce retracts its answer.
func (c chatTube) takenBackOnce() {
	c.Helper()
	c.youtube.Hang(unsayLine)
	c.give(anna, c.question(5, "When is the next round?"), "retract", map[string]any{"reason": "It is not decided."})
	c.unsaid("In March.")
	c.kill()
	c.becomes(5, "When is the next round?", "retracted")
	c.rests(1)
}

// over ends the broadcast. What is approved afterwards stands on the page, and the desk is told that it
// cannot stand in the chat; the hour goes on, and is closed.
func (c chatTube) over() {
	c.Helper()
	const says = "May a tenant apply?"
	c.submit(c.question(5, says), "Yes, with the owner.")
	c.youtube.EndLive()
	c.approve(janis, 5, says)
	c.becomes(5, says, "published")
	var told []any
	testenv.Until(c, "the desk is told", func() bool {
		told, _ = c.question(5, says)["parked"].([]any)
		return len(told) > 0
	})
	parked := told[0].(map[string]any)
	c.give(anna, c.question(5, says), "drop", map[string]any{"copy": parked["copy"], "attempt": parked["attempt"]})
	c.tell(anna, "/stop", nil)
	c.close()
}
