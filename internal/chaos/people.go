package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"experthour/internal/backoff"
)

// question is one as the desk's programs see it.
type question struct {
	Number   int    `json:"number"`
	State    string `json:"state"`
	Text     string `json:"text"`
	Holder   string `json:"holder"`
	Revision int    `json:"revision"`
	Answer   string `json:"answer"`
	Digest   string `json:"digest"`
	Already  bool   `json:"already"`
	Copies   []struct {
		Target string `json:"target"`
		Text   string `json:"text"`
	} `json:"copies"`
	Parked []parkedCopy `json:"parked"`
}

type parkedCopy struct {
	Copy    string `json:"copy"`
	Problem string `json:"problem"`
	Attempt int    `json:"attempt"`
	Detail  string `json:"detail"`
}

// mark is the name that the asker gave the question.
func (q question) mark() string {
	_, rest, _ := strings.Cut(q.Text, "matter ")
	mark, _, _ := strings.Cut(rest, "?")
	return mark
}

func (q question) over() bool {
	return len(q.Parked) == 0 && slices.Contains([]string{"published", "declined"}, q.State)
}

// call asks the program once. The status is 0 when no answer came.
func (w *world) call(ctx context.Context, who, method, path string, in, out any) int {
	body, err := json.Marshal(in)
	if err != nil {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, w.fleet.base+path, bytes.NewReader(body))
	if err != nil {
		return 0
	}
	r.Header.Set("Content-Type", "application/json")
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+w.tokens[who])
	}
	resp, err := w.client.Do(r)
	if err != nil {
		return 0
	}
	defer func() { _ = resp.Body.Close() }()
	said, err := io.ReadAll(resp.Body)
	if err != nil || out != nil && resp.StatusCode < 300 && json.Unmarshal(said, out) != nil {
		return 0
	}
	if resp.StatusCode >= 400 && resp.StatusCode < 500 {
		w.logf("%s %s %s: %d %s", who, method, path, resp.StatusCode, said)
	}
	return resp.StatusCode
}

// definite reports whether an answer leaves no doubt about what happened.
func definite(status int) bool {
	return status >= 200 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout
}

// insist presses again until an answer leaves no doubt, as people do.
func (w *world) insist(ctx context.Context, who, method, path string, in, out any) int {
	for {
		status := w.call(ctx, who, method, path, in, out)
		if definite(status) || !backoff.Pause(ctx, 100*time.Millisecond) {
			return status
		}
	}
}

// askOnPage asks on the public page's API with a key, until the number is there.
func (h *hour) askOnPage(ctx context.Context, mark string) {
	h.w.seen.asks(mark, 0)
	var got struct {
		Number int `json:"number"`
	}
	in := map[string]string{"text": "What about matter " + mark + "?", "key": "key-" + mark}
	status := h.w.insist(ctx, "", http.MethodPost, "/api/v1/sessions/"+h.slug+"/questions", in, &got)
	switch {
	case ctx.Err() != nil:
	case status >= 300 || got.Number == 0:
		h.w.seen.broken(Closes, "asking %s was refused with %d", mark, status)
	default:
		h.w.seen.acknowledged(mark, got.Number)
	}
}

// askInChat asks in private. What the platform has brought and the program took is as
// good as acknowledged.
func (h *hour) askInChat(mark string) {
	u := h.w.tg.User(h.w.nextUser.Add(1), "Person "+mark)
	h.w.seen.asks(mark, u.ID())
	u.Start("")
	u.Write("What about matter " + mark + "?")
}

// work is a member of staff who looks at the desk again and again and does what is theirs,
// until nothing will come any more.
func (h *hour) work(ctx context.Context, who string, do func(context.Context, string, question)) {
	for backoff.Pause(ctx, time.Duration(100+rand.IntN(200))*time.Millisecond) {
		qs, ok := h.questions(ctx, who)
		if !ok {
			continue
		}
		qs = slices.DeleteFunc(qs, question.over)
		for _, i := range rand.Perm(len(qs))[:min(len(qs), 4)] {
			do(ctx, who, qs[i])
		}
	}
}

func (h *hour) questions(ctx context.Context, who string) ([]question, bool) {
	var list struct {
		Questions []question `json:"questions"`
	}
	status := h.w.call(ctx, who, http.MethodGet, "/api/v1/desk/sessions/"+h.slug+"/questions", nil, &list)
	return list.Questions, status == http.StatusOK
}

// press gives a command on a question. ok is that it was acknowledged as done by it.
func (h *hour) press(ctx context.Context, who, verb string, n int, in map[string]any) (question, bool) {
	var q question
	path := fmt.Sprintf("/api/v1/desk/sessions/%s/questions/%d/%s", h.slug, n, verb)
	status := h.w.insist(ctx, who, http.MethodPost, path, in, &q)
	return q, status == http.StatusOK && !q.Already
}

// moderate accepts or declines what is new, approves what was read, and looks for what the
// program does not know.
func (h *hour) moderate(ctx context.Context, who string, q question) {
	for _, p := range q.Parked {
		h.resolve(ctx, who, q, p)
	}
	switch q.State {
	case "received":
		if declined := strings.HasSuffix(q.mark(), "6") || strings.HasSuffix(q.mark(), "7"); declined {
			_, ok := h.press(ctx, who, "decline", q.Number, map[string]any{"reason": "off_topic"})
			h.count(ok)
			return
		}
		_, ok := h.press(ctx, who, "accept", q.Number, nil)
		h.count(ok)
	case "review":
		h.approve(ctx, who, q)
	}
}

func (h *hour) count(acknowledged bool) {
	if acknowledged {
		h.w.seen.pressed()
	}
}

// approve approves what was read a moment ago; the expert may have changed it since.
func (h *hour) approve(ctx context.Context, who string, q question) {
	texts := []string{q.Answer}
	for _, c := range q.Copies {
		texts = append(texts, c.Text)
	}
	h.w.seen.approves(q.mark(), texts...)
	if chance(0.5) { // it is long
		backoff.Pause(ctx, 500*time.Millisecond)
	}
	_, ok := h.press(ctx, who, "approve", q.Number, map[string]any{"revision": q.Revision, "digest": q.Digest})
	h.count(ok)
}

// resolve looks at the platform, as a person would, and says what is there.
func (h *hour) resolve(ctx context.Context, who string, q question, p parkedCopy) {
	unsure := p.Problem == "unsure"
	if unsure {
		h.w.seen.asksPerson(fmt.Sprintf("%s %s %d", q.mark(), p.Copy, p.Attempt))
	}
	h.press(ctx, who, p.resolved(unsure && h.w.stands(q, p.Copy)), q.Number, map[string]any{"copy": p.Copy, "attempt": p.Attempt})
}

// resolved is what a person says of a copy. What cannot be changed they change by hand.
func (p parkedCopy) resolved(stands bool) string {
	switch {
	case p.Problem == "unsure" && stands:
		return "is_out"
	case p.Problem == "unsure":
		return "send_again"
	case strings.Contains(p.Detail, "by hand"):
		return "drop"
	}
	return "retry"
}

// answer takes a question together with a colleague, of whom one gets it, and answers it:
// sometimes from two windows, and sometimes anew while it is being read.
func (h *hour) answer(ctx context.Context, who string, q question) {
	switch {
	case q.State == "queued":
		together(experts, func(expert string) {
			if got, ok := h.press(ctx, expert, "claim", q.Number, map[string]any{"holder": ""}); ok && got.Holder == expert {
				h.w.seen.claimed(q.mark(), expert)
			}
		})
	case q.State == "claimed" && q.Holder == who, q.State == "review" && q.Holder == who && q.Revision < 3 && chance(0.4):
		windows := []string{"a", "b"}
		if chance(0.6) {
			windows = windows[:1]
		}
		together(windows, func(window string) {
			text := fmt.Sprintf("Answer to %s, version %d%s.", q.mark(), q.Revision+1, window)
			got, ok := h.press(ctx, who, "submit", q.Number, map[string]any{"text": text, "base": q.Revision})
			if ok && got.Answer == text {
				h.w.seen.submitted(q.mark(), got.Revision, text)
			}
		})
	}
}

func chance(p float64) bool { return rand.Float64() < p }

// together lets people do something at the same moment.
func together(who []string, do func(string)) {
	var all sync.WaitGroup
	for _, one := range who {
		all.Go(func() { do(one) })
	}
	all.Wait()
}
