package chaos

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"sync"
	"time"

	"experthour/internal/backoff"
)

// hour is one expert hour, held while everything breaks.
type hour struct {
	w     *world
	slug  string
	marks []string
}

var (
	moderators = []string{"Anna Bērziņa", "Jānis Kalniņš"}
	experts    = []string{"Edgars Ozols", "Ieva Liepa"}
)

const (
	// crowd is how many people ask in an hour, every other one in private in Telegram.
	crowd = 40
	// rest bounds how long people have patience.
	rest = 5 * time.Minute
)

// hold holds one hour: people ask and answer while toBreak things break, then everything is
// answered and told, the hour is closed and its record verified.
func (w *world) hold(ctx context.Context, n, toBreak int) error {
	h := &hour{w: w, slug: fmt.Sprint("hour-", n)}
	for i := range crowd {
		h.marks = append(h.marks, fmt.Sprintf("%s-%d", h.slug, i))
	}
	if err := h.schedule(ctx); err != nil {
		return err
	}
	parent := ctx
	ctx, over := context.WithCancel(ctx)
	var staff sync.WaitGroup
	defer staff.Wait()
	defer over()
	for _, who := range moderators {
		staff.Go(func() { h.work(ctx, who, h.moderate) })
	}
	for _, who := range experts {
		staff.Go(func() { h.work(ctx, who, h.answer) })
	}
	staff.Go(func() { h.read(ctx) })
	var public sync.WaitGroup
	asking, asked := context.WithTimeout(ctx, rest)
	defer asked()
	public.Go(func() { h.people(asking, &public) })
	if err := w.wreck(ctx, toBreak); err != nil {
		return err
	}
	public.Wait()
	h.comeToRest(ctx)
	h.close(ctx)
	h.letTell(ctx)
	over()
	staff.Wait()
	judging, late := context.WithTimeout(parent, rest)
	defer late()
	h.judge(judging)
	h.verify(judging)
	return parent.Err()
}

func (h *hour) schedule(ctx context.Context) error {
	now := time.Now()
	in := map[string]any{"slug": h.slug, "title": h.slug, "topic": "Everything breaks", "experts": experts, "start": now.Add(-time.Minute),
		"end": now.Add(3 * time.Hour), "ask_from": now.Add(-time.Minute)}
	ctx, late := context.WithTimeout(ctx, rest)
	defer late()
	status := h.w.insist(ctx, moderators[0], http.MethodPost, "/api/v1/desk/sessions", in, nil) // 409: the first answer was lost
	for backoff.Pause(ctx, 50*time.Millisecond) {
		var s struct {
			State string `json:"state"`
		}
		if h.w.call(ctx, moderators[0], http.MethodGet, "/api/v1/desk/sessions/"+h.slug, nil, &s); s.State == "open" {
			return nil
		}
	}
	return fmt.Errorf("%s does not open, scheduling it gave %d", h.slug, status)
}

// people ask, one after the other: half of them on the page and half in private.
func (h *hour) people(ctx context.Context, all *sync.WaitGroup) {
	for i, mark := range h.marks {
		if i%2 == 0 {
			h.askInChat(mark)
		} else {
			all.Go(func() { h.askOnPage(ctx, mark) })
		}
		backoff.Pause(ctx, h.w.pace)
	}
}

// read reads the public page again and again: each answer there was approved as it reads.
func (h *hour) read(ctx context.Context) {
	for backoff.Pause(ctx, 300*time.Millisecond) {
		h.readOnce(ctx)
	}
}

func (h *hour) readOnce(ctx context.Context) {
	var page struct {
		Questions []struct {
			Answer *struct {
				Text string `json:"text"`
			} `json:"answer"`
		} `json:"questions"`
	}
	h.w.call(ctx, "", http.MethodGet, "/api/v1/sessions/"+h.slug, nil, &page)
	for _, q := range page.Questions {
		if q.Answer == nil {
			continue
		}
		if mark := answers(q.Answer.Text); mark != "" && !h.w.seen.mayBePublic(mark, q.Answer.Text) {
			h.w.seen.broken(Approved, "the page shows %q", q.Answer.Text)
		}
	}
}

// comeToRest waits until each question that was asked is there and has its outcome, or
// until nothing has changed for so long that nothing will any more.
func (h *hour) comeToRest(ctx context.Context) {
	ctx, late := context.WithTimeout(ctx, rest)
	defer late()
	before, since := "", time.Now()
	for backoff.Pause(ctx, 300*time.Millisecond) {
		qs, ok := h.questions(ctx, moderators[0])
		if !ok {
			continue
		}
		there := len(qs)
		open := slices.DeleteFunc(qs, question.over)
		if len(open) == 0 && there >= len(h.marks) {
			return
		}
		now := fmt.Sprint(there, " of ", len(h.marks), " questions are there, open are ")
		for _, q := range open {
			now += fmt.Sprint(q.mark(), " ", q.State, " ", q.Revision, " ", q.Parked, "; ")
		}
		if now != before {
			before, since = now, time.Now()
			h.w.progress("%s: %s", h.slug, now)
		} else if time.Since(since) > h.w.still() {
			return
		}
	}
}

// still is how long nothing changes before nothing will any more: a few leases.
func (w *world) still() time.Duration { return 15*time.Second + 3*w.o.Frozen }

// close ends the hour; its last copies may be on their way, or wait for a person.
func (h *hour) close(ctx context.Context) {
	ctx, late := context.WithTimeout(ctx, h.w.still())
	defer late()
	at := "/api/v1/desk/sessions/" + h.slug
	h.w.insist(ctx, moderators[0], http.MethodPost, at+"/stop", nil, nil)
	status := 0
	for status != http.StatusOK && backoff.Pause(ctx, 500*time.Millisecond) {
		h.announced(ctx)
		status = h.w.insist(ctx, moderators[0], http.MethodPost, at+"/close", map[string]any{}, nil)
	}
	if status != http.StatusOK {
		h.w.seen.broken(Closes, "%s: closing is refused with %d", h.slug, status)
	}
}

// announced looks for announcements of which the program does not know whether they are out.
func (h *hour) announced(ctx context.Context) {
	var s struct {
		Parked []parkedCopy `json:"parked"`
	}
	at := "/api/v1/desk/sessions/" + h.slug
	h.w.call(ctx, moderators[0], http.MethodGet, at, nil, &s)
	for _, p := range s.Parked {
		h.w.seen.asksPerson(fmt.Sprintf("%s %s %d", h.slug, p.Copy, p.Attempt))
		verb := p.resolved(h.w.stoodInChannel(h.slug, p.Copy))
		h.w.insist(ctx, moderators[0], http.MethodPost, at+"/"+verb, map[string]any{"copy": p.Copy, "attempt": p.Attempt}, nil)
	}
}

// verify runs the command, as an auditor would.
func (h *hour) verify(ctx context.Context) {
	r := h.w.fleet.all[0]
	c := exec.CommandContext(ctx, r.bot, "session", "verify", h.slug, "--as", moderators[0])
	c.Dir, c.Env = r.dir, r.env
	out, err := c.CombinedOutput()
	if err != nil {
		h.w.seen.broken(Verified, "%s: %v: %s", h.slug, err, out)
	}
}

// judge holds what is stored against what people were told.
func (h *hour) judge(ctx context.Context) {
	var qs []question
	for ok := false; !ok && backoff.Pause(ctx, 100*time.Millisecond); {
		qs, ok = h.questions(ctx, moderators[0])
	}
	there := map[string][]question{}
	for _, q := range qs {
		there[q.mark()] = append(there[q.mark()], q)
	}
	for _, mark := range h.marks {
		h.judgeQuestion(h.w.seen.of(mark), there[mark])
	}
	h.readOnce(ctx)
	h.w.judgeChats(h.marks)
}

// letTell waits until everybody has been told, or until nobody was for so long that nobody will be. The staff still
// looks after what waits for a person.
func (h *hour) letTell(ctx context.Context) {
	before, since := h.untold(), time.Now()
	for before > 0 && time.Since(since) < h.w.still() && backoff.Pause(ctx, 300*time.Millisecond) {
		if now := h.untold(); now != before {
			h.w.progress("%s: %d are not told yet", h.slug, now)
			before, since = now, time.Now()
		}
	}
}

func (h *hour) judgeQuestion(a *asked, there []question) {
	if len(there) != 1 {
		h.w.seen.broken(Kept, "%s is there %d times", a.mark, len(there))
		return
	}
	q := there[0]
	if a.number != 0 && a.number != q.Number {
		h.w.seen.broken(Kept, "%s was acknowledged as #%d and is #%d", a.mark, a.number, q.Number)
	}
	if !q.over() {
		h.w.seen.broken(Told, "%s is %s, with %d copies parked", a.mark, q.State, len(q.Parked))
	}
	for rev, text := range a.revs {
		if rev > q.Revision || rev == q.Revision && text != q.Answer {
			h.w.seen.broken(Kept, "%s: revision %d was acknowledged as %q; the newest is %d, %q", a.mark, rev, text, q.Revision, q.Answer)
		}
	}
}
