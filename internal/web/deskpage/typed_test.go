package deskpage

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

// types sends what somebody has typed in a window, as the script of the page does, and gives the name
// of the text that is kept now.
func (b *browser) types(n int, window, over, text string) (shown, string) {
	b.t.Helper()
	q := b.k.question(n)
	p := b.post(fmt.Sprintf("%s/q/%d/_typed", b.at(), n), url.Values{"window": {window}, "over": {over}, "text": {text},
		"stage": {q.Stage()}, "base": {itoa(len(q.Revisions))}, "draft": {q.DraftMark()}})
	_, mark, _ := strings.Cut(p.body, `data-over="`)
	mark, _, _ = strings.Cut(mark, `"`)
	return p, mark
}

// claimed is a question that Jānis holds.
func (k *kit) claimed(text string) int {
	n := k.ask(text)
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	k.do(janis, session.ClaimQuestion{On: k.on(n)})
	return n
}

func TestTypingIsKeptAndShownElsewhere(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.claimed("How much?")
	j := k.as(janis)
	p, _ := j.types(n, "a", "", "Half of the answer")
	p.want(t, 200, "Saved 14:00, not sent yet.", "Sandbox place", "goes out whole", "Characters")
	other := k.as(janis).get(j.at())
	other.want(t, 200, "Half of the answer", "Saved 14:00, not sent yet.")
	k.as(anna).get(home(anna)+"/"+string(slug)).want(t, 200, "Jānis Kalniņš is writing an answer (saved 14:00)").
		without(t, "Half of the answer")
	j.get(j.at()).without(t, "is writing an answer")

	form := other.form(t, fmt.Sprintf("%s/q/%d/submit", j.at(), n))
	form.Set("window", "a")
	form.Set("text", "The whole answer, of another device.")
	j.press(n, session.Submit, form).want(t, 200)
	if left, err := k.store.Typing(t.Context(), slug, n); err != nil || len(left) > 0 {
		t.Errorf("after it was sent %v is kept: %v", left, err)
	}
	p, _ = j.types(n, "a", "", "The whole answer, of another device.")
	p.without(t, "Saved")
}

// TestTwoWindowsLoseNothing: the newest text stands in the field, the other one beside it.
func TestTwoWindowsLoseNothing(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.claimed("How much?")
	j := k.as(janis)
	_, first := j.types(n, "a", "", "From the desk")
	k.pass(time.Minute)
	p, _ := j.types(n, "b", "", "From the phone")
	p.want(t, 200, "What you wrote in another window, 14:00", "From the desk")
	k.pass(time.Minute)
	p, _ = j.types(n, "a", first, "From the desk, more")
	p.want(t, 200, "Saved 14:02", "From the phone")
	j.get(j.at()).want(t, 200, ">\nFrom the desk, more</textarea>", "What you wrote in another window, 14:01", "From the phone")
	_, now := j.types(n, "c", "", "From a third one")
	p, _ = j.types(n, "d", now, "Goes on in a fourth one")
	p.want(t, 200, "From the phone", "From the desk, more").without(t, "From a third one")

	if p, _ := j.types(n, "d", now, ""); !strings.Contains(p.body, "From the phone") || strings.Contains(p.body, "fourth") {
		t.Errorf("an empty field keeps: %s", p.body)
	}
}

// TestTypingSaysWhatCameMeanwhile: what a form was written on comes back with its text.
func TestTypingSaysWhatCameMeanwhile(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.claimed("How much?")
	j := k.as(janis)
	j.types(n, "a", "", "Typed on the page")
	k.do(janis, session.WriteMessage{On: k.on(n), Message: "m1", At: k.now(), Lines: []session.ChatLine{{Text: "Written in the chat"}}})
	page := j.get(j.at()).want(t, 200, "Typed on the page", "Written in the chat", "This card has changed while you were writing")
	form := page.form(t, fmt.Sprintf("%s/q/%d/submit", j.at(), n))
	form.Set("text", "Typed on the page")
	j.press(n, session.Submit, form).want(t, http.StatusConflict, "Typed on the page")
	if k.question(n).State != session.Claimed {
		t.Error("a draft of the chat was overwritten unseen")
	}
}

func TestTypingIsBounded(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n, fresh := k.claimed("How much?"), k.ask("A new one?")
	j := k.as(janis)
	if p, _ := j.types(n, "a", "", strings.Repeat("x", 10_001)); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a text that is too long: %d", p.status)
	}
	p, _ := j.types(fresh, "a", "", "Not yet")
	p.want(t, 200, "typed-saved bad")
	p, _ = k.as(vilnis).types(n, "a", "", "An observer")
	p.want(t, 200, "typed-saved bad")
	if p, _ = j.types(n, "<script>", "", "x"); p.status == 200 {
		t.Error("any name of a window is taken")
	}
	p, _ = j.types(n, "a", "", hostile)
	p.want(t, 200, "Saved").without(t, "<script>", "<img")
	checkEscaped(t, j.get(j.at()))
	for i := 0; p.status == 200 && i < 100; i++ {
		p, _ = j.types(n, "a", "", fmt.Sprint("text ", i))
	}
	if p.status != http.StatusTooManyRequests {
		t.Errorf("100 texts in no time: %d", p.status)
	}
	p, _ = k.as(olga).types(n, "a", "", "Somebody else")
	p.want(t, 200, "Saved")
}

// TestTypingIsForgotten with its question, and with the hour; and it stands in no record.
func TestTypingIsForgotten(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n, other := k.claimed("How much?"), k.claimed("When?")
	j := k.as(janis)
	j.types(n, "a", "", "MARKER one")
	j.types(other, "a", "", "MARKER two")
	if d := redistest.Dump(t, k.store.Client); strings.Count(d, "MARKER") != 2 {
		t.Errorf("typed text stands %d times in the store", strings.Count(d, "MARKER"))
	}
	k.do(anna, session.WithdrawQuestion{On: k.on(n), Remark: "asked to"})
	if d := redistest.Dump(t, k.store.Client); strings.Contains(d, "MARKER one") || !strings.Contains(d, "MARKER two") {
		t.Error("a withdrawal does not erase what was typed about it alone")
	}
	k.do(anna, session.ExpireQuestion{On: k.on(other)})
	k.session(session.StopSession{})
	k.session(session.CloseSession{Force: true, Reason: "test"})
	if d := redistest.Dump(t, k.store.Client); strings.Contains(d, "MARKER") {
		t.Error("what was typed outlives its hour")
	}
}
