package delivery_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

var histories = flag.Int("histories", 30, "how many random afternoons an asker is judged by")

// dice are thrown by several replicas.
type dice struct {
	mu   sync.Mutex
	r    *rand.Rand
	calm atomic.Bool // nothing breaks any more
}

func newDice(seed uint64) *dice { return &dice{r: rand.New(rand.NewPCG(seed, 0))} }

func (d *dice) of(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.IntN(n)
}

// shaky is a recorder that at times dies with what it knows, or is frozen with it beyond its lease.
type shaky struct {
	*session.Service
	dice *dice
}

func (k shaky) Record(ctx context.Context, c session.Command, f session.Finish) (session.Result, error) {
	switch what := k.dice.of(8); {
	case k.dice.calm.Load():
	case what == 0:
		return session.Result{}, errKilled
	case what == 1:
		time.Sleep(time.Duration(k.dice.of(90)) * time.Second)
		ctx = context.WithoutCancel(ctx)
	}
	return k.Service.Record(ctx, c, f)
}

// afternoon is an hour in which everything breaks while questions of a platform are answered.
type afternoon struct {
	*scene
	dice   *dice
	places map[int]session.PlaceID // where each question was asked, by number
	byHand map[int]bool            // somebody was told to change what stands there by hand
}

// TestAskerReadsOneAnswer breaks sends and records at random while questions are answered
// where answers are edited into receipts. When all is at rest, each asker reads the answer, once.
func TestAskerReadsOneAnswer(t *testing.T) {
	for seed := range *histories {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			play(t, slots, func(s *scene) {
				c := &afternoon{s, newDice(uint64(seed)), map[int]session.PlaceID{}, map[int]bool{}}
				for range 2 {
					s.start(s.workers[0].Registry, shaky{s.service, c.dice})
				}
				for range 60 {
					c.step()
				}
				c.rest()
				for n, place := range c.places {
					c.reads(n, place)
				}
			})
		})
	}
}

// step lets one thing happen, or break.
func (c *afternoon) step() {
	ops := []ct.Op{ct.OpReply, ct.OpEdit, ct.OpRetract}
	switch c.dice.of(5) {
	case 0:
		if len(c.places) < 4 {
			c.asks()
		}
	case 1:
		faults := []ct.Fault{ct.UnsureAfter(), ct.UnsureBefore(), ct.Defer(time.Second), ct.HangAfter(), ct.Hang()}
		c.there.On(ops[c.dice.of(len(ops))], faults[c.dice.of(len(faults))])
	default:
		c.work(false)
	}
	c.after(time.Duration(c.dice.of(4000)) * time.Millisecond)
}

func (c *afternoon) asks() {
	key := fmt.Sprint("asked", len(c.places))
	o := c.there.Original(session.PlaceID("chat-"+key), key)
	o.Private = true
	q, _, err := c.service.Ask(c.t.Context(), session.Asked{Session: "tax", Key: key, Text: "May I start before the decision?", Origin: o})
	if err != nil {
		c.t.Fatal(err)
	}
	c.places[q.Ref.Number] = o.Place
}

// work does one thing for each question, as people do; all is that nobody waits.
func (c *afternoon) work(all bool) {
	for n := range c.places {
		q := c.q(n)
		for _, p := range q.Copies {
			if p.Parked() {
				c.resolve(n, p)
			}
		}
		if !all && c.dice.of(3) == 0 {
			continue
		}
		c.answer(q)
	}
}

func (c *afternoon) answer(q session.Question) {
	on := c.on(q.Ref.Number)
	switch q.State {
	case session.Received:
		c.do(anna, session.AcceptQuestion{On: on})
	case session.Queued, session.Claimed:
		c.do(edgars, session.SubmitAnswer{On: on, Text: fmt.Sprintf("No, %d times.", len(q.Revisions))})
	case session.Review:
		c.approve(q.Ref.Number)
	case session.Approved:
		if c.dice.of(8) == 0 {
			_, _ = c.service.Do(c.t.Context(), anna, session.SendBackAnswer{On: on, Comment: "not yet"})
		}
	case session.Published:
		if c.dice.of(8) == 0 && !c.dice.calm.Load() {
			c.do(edgars, session.CorrectAnswer{On: on, Text: fmt.Sprintf("Yes, %d times.", len(q.Revisions))})
		}
	}
}

// resolve says what a person finds at the platform who looks for a copy.
func (c *afternoon) resolve(n int, p session.Copy) {
	how := session.Retry
	switch {
	case p.Problem == session.Unsure:
		how = session.SendAgain
		if c.stands(p) {
			how = session.IsOut
		}
	case strings.Contains(p.Detail, "by hand"):
		how, c.byHand[n] = session.Drop, true
	}
	_, _ = c.service.Do(c.t.Context(), anna, session.ResolveCopy{On: c.on(n), Decision: how, Copy: p.Key(), Attempt: p.Attempt})
}

// stands reports whether something of a copy's kind stands where it belongs.
func (c *afternoon) stands(p session.Copy) bool {
	for _, post := range c.there.Posts() {
		if post.Place == p.Place && post.Kind == p.Kind {
			return true
		}
	}
	return false
}

// rest lets nothing break any more, until every question has its outcome.
func (c *afternoon) rest() {
	c.dice.calm.Store(true)
	for tries := 0; c.busy(); tries++ {
		if tries == 300 {
			c.t.Fatalf("it does not come to rest: %+v", c.there.Calls())
		}
		c.work(true)
		c.after(5 * time.Second)
	}
}

func (c *afternoon) busy() bool {
	for n := range c.places {
		if q := c.q(n); q.State != session.Published || q.Waits() || q.Moving() {
			return true
		}
	}
	return false
}

// reads checks what the asker of question n reads.
func (c *afternoon) reads(n int, place session.PlaceID) {
	c.t.Helper()
	var read []string
	for _, post := range c.there.Posts() {
		if post.Place == place && post.Kind == session.KindAnswer {
			read = append(read, post.Text)
		}
	}
	q := c.q(n)
	if (len(read) != 1 || !strings.Contains(read[0], q.Latest().Text)) && !c.byHand[n] {
		c.t.Errorf("the asker of #%d reads %q, want %q: %+v", n, read, q.Latest().Text, q.Copies)
	}
}
