package chaos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector/telegram/telegramfake"
)

// Options say how much is broken. The zero value of each is as it says.
type Options struct {
	Bot      string // the built program; see Build
	Dir      string // an empty folder for everything that the servers keep
	Kills    int    // how many times a replica is killed
	Replicas int
	Redis    string // single, sentinel or cluster
	Seed     uint64
	Polls    bool          // the platform is asked for what there is, instead of calling
	Fault    string        // the planted fault that is switched on, of Faults; none
	Frozen   time.Duration // how long a replica is frozen: beyond a lease
	Log      io.Writer     // what is going on
}

// world is everything of a run.
type world struct {
	o      Options
	tg     *telegramfake.Server
	wire   *wire
	store  *store
	fleet  *fleet
	client *http.Client
	tokens map[string]string // of the JSON API, by person
	seen   *evidence
	log    *slog.Logger
	pace   time.Duration // between two who ask

	nextUser atomic.Int64
	faults   []planned
	did      map[string]int // what was broken how often
}

// perHour is how many kills happen during one hour.
const perHour = 40

// Run holds as many hours as it takes to kill replicas so many times, and says what came of it.
// An error is that the run itself could not be made.
func Run(ctx context.Context, o Options) (Report, error) {
	began := time.Now()
	w := &world{o: o, client: &http.Client{}, tokens: map[string]string{}, seen: newEvidence(), did: map[string]int{},
		log: slog.New(slog.NewTextHandler(o.Log, nil)), pace: 400 * time.Millisecond}
	w.nextUser.Store(10_000)
	defer w.close()
	if err := w.open(ctx); err != nil {
		return Report{}, err
	}
	for n := 1; w.kills() < o.Kills && !w.failed(); n++ {
		if err := w.hold(ctx, n, min(o.Kills-w.kills(), perHour)); err != nil {
			return Report{}, err
		}
		w.progress("%d of %d kills", w.kills(), o.Kills)
	}
	return w.report(time.Since(began)), nil
}

// kills is how many replicas were killed so far; an aimed one counts once it hit.
func (w *world) kills() int { return w.did[kill] + int(w.wire.hits.Load()) }

// failed ends a run with a planted fault: it has been found.
func (w *world) failed() bool {
	w.seen.mu.Lock()
	defer w.seen.mu.Unlock()
	return len(w.seen.found) > 0
}

func (w *world) open(ctx context.Context) (err error) {
	if w.tg, err = openTelegram(); err != nil {
		return err
	}
	if w.store, err = openStore(ctx, w.o.Dir, w.o.Redis); err != nil {
		return err
	}
	if w.fleet, err = openFleet(); err != nil {
		return err
	}
	if w.wire, err = openWire(w.tg.URL(), w.killAt); err != nil {
		return err
	}
	for i := range w.o.Replicas {
		config := fmt.Sprintf(configuration, w.store.settings(), w.fleet.base, w.tg.Token(), w.wire.at(i), w.mode())
		if err := w.fleet.add(w.o.Dir, w.o.Bot, config, w.o.Fault); err != nil {
			return err
		}
	}
	for _, r := range w.fleet.all {
		if err := r.start(); err != nil {
			return err
		}
	}
	if err := w.fleet.upright(ctx); err != nil {
		return err
	}
	return w.enter(ctx)
}

// mode is how the replicas receive.
func (w *world) mode() string {
	if w.o.Polls {
		return "polling"
	}
	return "webhook"
}

// killAt kills a replica and starts it again.
func (w *world) killAt(n int) {
	if err := w.fleet.all[n].restart(); err != nil {
		w.seen.broken(Alive, "replica %d does not start: %v", n+1, err)
	}
}

// enter gives everybody on the staff a token.
func (w *world) enter(ctx context.Context) error {
	r := w.fleet.all[0]
	for _, who := range append(moderators[:len(moderators):len(moderators)], experts...) {
		c := exec.CommandContext(ctx, r.bot, "desk-link", "--token", "--as", who)
		c.Dir, c.Env = r.dir, r.env
		out, err := c.Output()
		if err != nil {
			return fmt.Errorf("desk-link for %s: %w", who, err)
		}
		w.tokens[who] = strings.TrimSpace(string(out))
	}
	return nil
}

// configuration is the file of every replica: the store, the address of the front, the
// platform's token and address, and how it is heard; %%s is where the replica listens.
const configuration = `
[institution]
name = "Ministry of Examples"
locale = "en"
[redis]
%s
[http]
listen = "%%s"
public_url = %q
secret = "5f1d7e0c9ab34c2286d1f0a4e7b35c98"
trusted_proxies = ["127.0.0.1/32"]
[limits]
ask_per_minute = 600
[desk]
undo = "1s"
[telegram]
token = %q
api_url = %q
mode = %q
webhook_secret = "a-secret-of-the-webhook"
[[public]]
kind = "telegram"
id = "tg"
chat = -1002000
[[people]]
name = "Anna Bērziņa"
role = "moderator"
[[people]]
name = "Jānis Kalniņš"
role = "moderator"
[[people]]
name = "Edgars Ozols"
role = "expert"
[[people]]
name = "Ieva Liepa"
role = "expert"
`

func (w *world) logf(format string, args ...any) { w.log.Debug(fmt.Sprintf(format, args...)) }

func (w *world) progress(format string, args ...any) { w.log.Info(fmt.Sprintf(format, args...)) }

func (w *world) close() {
	if w.fleet != nil {
		w.fleet.close()
	}
	if w.wire != nil {
		_ = w.wire.server.Close()
	}
	if w.store != nil {
		w.store.close()
	}
	if w.tg != nil {
		w.tg.Close()
	}
}

// What breaks.
const (
	kill       = "replica killed"
	aim        = "of these between a post and its answer"
	freeze     = "replica frozen beyond its lease"
	crash      = "Redis killed and restarted"
	switchOver = "planned failover"
	trouble    = "Redis full, refusing writes, paused or cut off"
	platform   = "platform's answers wrong"
)

// deck is what breaks during an hour, in the order of its seed: for ten kills of a replica,
// two of them between a post and its answer, ten answers of the platform, a crash of Redis, a trouble of it and
// half a planned failover, and in each hour one replica that is frozen.
func deck(r *rand.Rand, kills int) []string {
	cards := []string{freeze}
	counts := map[string]int{kill: kills - kills/5, aim: kills / 5, platform: kills, crash: (kills + 9) / 10,
		switchOver: kills / 20, trouble: (kills + 9) / 10}
	for what, n := range counts {
		cards = append(cards, slices.Repeat([]string{what}, n)...)
	}
	slices.Sort(cards) // a map has no order
	r.Shuffle(len(cards), func(i, j int) { cards[i], cards[j] = cards[j], cards[i] })
	return cards
}

// wreck breaks things until so many replicas were killed, and mends everything.
func (w *world) wreck(ctx context.Context, kills int) error {
	r := rand.New(rand.NewPCG(w.o.Seed, uint64(w.kills())))
	var after sync.WaitGroup
	defer after.Wait()
	for _, what := range deck(r, kills) {
		if !backoff.Pause(ctx, time.Duration(200+r.IntN(800))*time.Millisecond) {
			return ctx.Err()
		}
		w.did[what]++
		if err := w.breakOne(ctx, what, r, &after); err != nil {
			return err
		}
	}
	for range w.wire.aimed.Swap(0) { // nobody posted any more
		w.did[kill]++
		if err := w.breakOne(ctx, kill, r, &after); err != nil {
			return err
		}
	}
	after.Wait()
	for _, f := range w.faults {
		f.Stop()
	}
	ctx, late := context.WithTimeout(ctx, rest)
	defer late()
	if err := w.fleet.upright(ctx); err != nil {
		return errors.Join(err, fmt.Errorf("see %s", filepath.Join(w.o.Dir, "replica*", "log.txt")))
	}
	return nil
}

// breakOne breaks one thing. What takes a while goes on in after.
func (w *world) breakOne(ctx context.Context, what string, r *rand.Rand, after *sync.WaitGroup) error {
	victim := w.fleet.all[r.IntN(len(w.fleet.all))]
	switch what {
	case kill:
		return victim.restart()
	case aim:
		w.wire.aimed.Add(1)
	case freeze:
		after.Go(func() { victim.freeze(ctx, w.o.Frozen) })
	case crash:
		return w.store.crash(ctx, r.IntN)
	case switchOver:
		return w.store.switchOver(ctx, r.IntN)
	case trouble:
		s, which := w.store.primary(ctx, r.IntN), r.IntN(len(troubles))
		after.Go(func() { s.suffer(ctx, troubles[which]) })
	case platform:
		w.mishap(r)
	}
	return nil
}
