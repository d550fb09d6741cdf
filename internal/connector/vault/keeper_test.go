package vault_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/vault"
	"experthour/internal/keyring"
	"experthour/internal/redisstore/redistest"
)

const secret = "a secret of the file, long enough"

// platform gives tokens, each for an hour, and each for the one before it alone.
type platform struct {
	mu    sync.Mutex
	given int
	asked []string // with which token
	// fail is what happens instead of the next answers.
	fail []error
	// lost is done, and the answer does not arrive.
	lost bool
	slow time.Duration
	then func() // while it answers
}

func (p *platform) ask(ctx context.Context, old vault.Token) (vault.Token, error) {
	if p.slow > 0 {
		select {
		case <-time.After(p.slow):
		case <-ctx.Done():
			return vault.Token{}, &connector.SendError{Outcome: connector.Unsure, Cause: ctx.Err()}
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, old.Access)
	if p.then != nil {
		p.then()
	}
	if len(p.fail) > 0 {
		err := p.fail[0]
		p.fail = p.fail[1:]
		return vault.Token{}, err
	}
	p.given++
	if p.lost {
		return vault.Token{}, &connector.SendError{Outcome: connector.Unsure, Detail: "no usable answer"}
	}
	return vault.Token{Access: fmt.Sprint("t", p.given), Until: time.Now().Add(time.Hour)}, nil
}

// world is a platform, a store, and replicas with the token "file" in their file.
type world struct {
	t     *testing.T
	p     *platform
	store *redistest.Store
}

// inWorld runs a test in a bubble, whose time is fake.
func inWorld(t *testing.T, test func(w *world)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		test(&world{t, &platform{}, redistest.New(t, time.Now)})
	})
}

// replica is one more of them; its file says "file", and holds a token that is over in
// an hour.
func (w *world) replica(change ...func(*vault.Options)) *vault.Keeper {
	w.t.Helper()
	o := vault.Options{Name: "x", Given: vault.Token{Access: "file", Until: time.Now().Add(time.Hour)}, Ask: w.p.ask,
		Leases: w.store.Leases(), Owner: rand.Text(), Now: time.Now,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Vault: w.sealed(secret, "file")}
	for _, f := range change {
		f(&o)
	}
	return vault.Keep(o)
}

func (w *world) sealed(secret, of string) connector.Vault {
	return vault.Seal(w.store.Vault("x", of), keyring.Ring{secret}.For(keyring.Vault), "x")
}

func repeats(o *vault.Options) { o.Repeats = true }

// wants asks for the token; "" is an error that puts the call off.
func (w *world) wants(k *vault.Keeper, access string) {
	w.t.Helper()
	token, err := k.Token(w.t.Context())
	if e := connector.OutcomeOf(err); err != nil && (e.Outcome != connector.Deferred || e.Wait <= 0) {
		w.t.Errorf("%v, wait %v", err, e.Wait)
	}
	if token.Access != access || (access == "") != (err != nil) {
		w.t.Errorf("token %q, %v; want %q", token.Access, err, access)
	}
}

// troubled wants exactly these troubles.
func (w *world) troubled(k *vault.Keeper, want ...string) {
	w.t.Helper()
	var got []string
	for _, f := range k.Trouble() {
		got = append(got, f.ID)
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("troubles %v, want %v", got, want)
	}
}

// askedFor wants the platform to have been asked with exactly these tokens.
func (w *world) askedFor(want ...string) {
	w.t.Helper()
	if !slices.Equal(w.p.asked, want) {
		w.t.Errorf("asked with %v, want %v", w.p.asked, want)
	}
}

// TestOneAsks: of all replicas and callers one asks, before the token is over; the
// others take what came. A restart finds it.
func TestOneAsks(t *testing.T) {
	inWorld(t, func(w *world) {
		a, b := w.replica(), w.replica()
		w.wants(a, "file")
		w.wants(b, "file")
		w.askedFor()
		time.Sleep(time.Hour)
		w.p.slow = time.Second
		var wg sync.WaitGroup
		for _, k := range []*vault.Keeper{a, a, b, b} {
			wg.Go(func() {
				for {
					if token, err := k.Token(w.t.Context()); err == nil {
						if token.Access != "t1" {
							w.t.Errorf("token %q", token.Access)
						}
						return
					}
					time.Sleep(time.Second)
				}
			})
		}
		wg.Wait()
		w.wants(w.replica(), "t1")
		w.askedFor("file")
		time.Sleep(50 * time.Minute) // a quarter of its time is left: it serves while the next one comes
		go func() { w.wants(a, "t2") }()
		synctest.Wait()
		w.wants(a, "t1")
		w.wants(b, "t1")
		time.Sleep(2 * time.Second)
		w.wants(a, "t2")
		w.wants(b, "t2")
		w.askedFor("file", "t1")
		w.troubled(a)
	})
}

// TestRun: the token is looked after while nobody needs it, by one replica at a time.
func TestRun(t *testing.T) {
	for name, how := range map[string]func(*vault.Options){"once": func(*vault.Options) {}, "repeats": repeats} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.p.slow = time.Second
				ctx, cancel := context.WithCancel(w.t.Context())
				var wg sync.WaitGroup
				for range 2 {
					wg.Go(func() { _ = w.replica(how).Run(ctx) })
				}
				time.Sleep(3 * time.Hour)
				cancel()
				wg.Wait()
				w.askedFor("file", "t1", "t2")
			})
		})
	}
}

// TestLostAnswer: a token that works once is not asked for again blindly. What is there
// is used to its end; people are told, also after a restart.
func TestLostAnswer(t *testing.T) {
	inWorld(t, func(w *world) {
		a, b := w.replica(), w.replica()
		time.Sleep(time.Hour)
		w.wants(a, "t1")
		time.Sleep(50 * time.Minute)
		w.p.lost = true
		w.wants(a, "t1")
		w.troubled(a, "token.lost")
		w.wants(b, "t1") // it may be on its way
		w.troubled(b)
		time.Sleep(5 * time.Minute)
		w.wants(b, "t1")
		w.troubled(b, "token.lost")
		time.Sleep(48 * time.Hour)
		for _, k := range []*vault.Keeper{a, b, w.replica()} {
			w.wants(k, "")
			w.troubled(k, "token.lost")
		}
		w.askedFor("file", "t1")
	})
}

// TestLostAnswerRepeated: where the platform says the same again, it is asked again.
func TestLostAnswerRepeated(t *testing.T) {
	inWorld(t, func(w *world) {
		a := w.replica(repeats)
		time.Sleep(time.Hour)
		w.p.lost = true
		w.wants(a, "")
		w.wants(a, "") // not at once
		w.p.lost = false
		time.Sleep(10 * time.Second)
		w.wants(w.replica(repeats), "t2")
		w.wants(a, "t2")
		w.troubled(a)
		w.askedFor("file", "file")
	})
}

// TestStopWhileAsking: a program that is stopped hears the answer out and keeps it.
func TestStopWhileAsking(t *testing.T) {
	inWorld(t, func(w *world) {
		a := w.replica()
		time.Sleep(time.Hour)
		w.p.slow = 5 * time.Second
		ctx, cancel := context.WithTimeout(w.t.Context(), time.Second)
		defer cancel()
		_, _ = a.Token(ctx)
		w.wants(w.replica(), "t1")
		w.askedFor("file")
	})
}

// TestAsleep: a platform that does not answer at all keeps nobody for ever.
func TestAsleep(t *testing.T) {
	inWorld(t, func(w *world) {
		a := w.replica()
		time.Sleep(time.Hour)
		w.p.slow = time.Hour
		begin := time.Now()
		w.wants(a, "")
		if took := time.Since(begin); took != 30*time.Second {
			w.t.Errorf("it took %v", took)
		}
		w.troubled(a, "token.lost")
	})
}

// TestRefusals: what is put off is tried again when its time has come; what is refused
// is said, and rarely tried again.
func TestRefusals(t *testing.T) {
	inWorld(t, func(w *world) {
		a := w.replica()
		time.Sleep(time.Hour)
		w.p.fail = []error{&connector.SendError{Outcome: connector.Deferred, Wait: time.Minute}, &connector.SendError{Outcome: connector.Refused}}
		w.wants(a, "")
		w.troubled(a)
		time.Sleep(59 * time.Second)
		w.wants(a, "")
		w.askedFor("file")
		time.Sleep(time.Second)
		w.wants(a, "")
		w.troubled(a, "token.refused")
		w.askedFor("file", "file")
		time.Sleep(59 * time.Minute)
		w.wants(a, "")
		w.askedFor("file", "file")
		w.wants(w.replica(), "t1") // somebody has mended it, and another replica hears first
		w.wants(a, "t1")
		w.troubled(a)
	})
}

// TestRefusedAccess: when the platform does not take a token before its time, the vault
// may have another one; if not, the next one is asked for, but not one every second.
func TestRefusedAccess(t *testing.T) {
	inWorld(t, func(w *world) {
		a, b := w.replica(), w.replica()
		w.wants(a, "file")
		w.wants(b, "file")
		a.Refused(w.t.Context(), "file")
		w.wants(a, "t1")
		b.Refused(w.t.Context(), "file")
		w.wants(b, "t1")
		b.Refused(w.t.Context(), "file") // of a call that took long
		w.wants(b, "t1")
		w.askedFor("file")
		b.Refused(w.t.Context(), "t1")
		w.wants(b, "t1")
		w.askedFor("file")
		time.Sleep(time.Minute)
		w.p.slow = time.Second
		go func() { w.wants(b, "t2") }()
		synctest.Wait()
		w.wants(b, "t2") // and not the refused one meanwhile
		w.askedFor("file", "t1")
	})
}

// free are leases that everybody has.
type free struct{ connector.Leases }

func (free) Hold(context.Context, string, string, time.Duration) (bool, error) { return true, nil }

// after is a vault that does something once, after the first look into it.
type after struct {
	connector.Vault
	do func()
}

func (a *after) Load(ctx context.Context) ([]byte, int64, error) {
	value, version, err := a.Vault.Load(ctx)
	if do := a.do; do != nil {
		a.do = nil
		do()
	}
	return value, version, err
}

// TestLeasesInVain: also when two replicas have the lease at the same instant, one
// asks.
func TestLeasesInVain(t *testing.T) {
	inWorld(t, func(w *world) {
		loose := func(o *vault.Options) { o.Leases = free{o.Leases} }
		a := w.replica(loose)
		between := func() {
			go func() { w.wants(a, "t1") }()
			synctest.Wait()
		}
		b := w.replica(loose, func(o *vault.Options) { o.Vault = &after{o.Vault, between} })
		time.Sleep(time.Hour)
		w.p.slow = time.Second
		w.wants(b, "")
		time.Sleep(2 * time.Second)
		w.wants(b, "t1")
		w.askedFor("file")
	})
}

// TestStoreAway: what came while the store was away is used, and put into the vault
// when it is back. Nobody asks what could not be written down.
func TestStoreAway(t *testing.T) {
	inWorld(t, func(w *world) {
		a, b := w.replica(), w.replica()
		time.Sleep(time.Hour)
		w.store.Break(errors.New("away"))
		w.wants(a, "")
		w.askedFor()
		w.store.Break(nil)
		w.p.then = func() { w.store.Break(errors.New("away")) }
		w.wants(a, "t1")
		w.p.then = nil
		w.wants(a, "t1")
		w.wants(b, "")
		w.store.Break(nil)
		w.wants(a, "t1")
		w.wants(b, "t1")
		w.askedFor("file")
		w.troubled(a)
	})
}

// TestStoreAwayInTheMiddle: the store takes the intent, and its answer is lost: nothing
// was asked, so nothing is lost.
func TestStoreAwayInTheMiddle(t *testing.T) {
	inWorld(t, func(w *world) {
		v := &deaf{Vault: w.sealed(secret, "file")}
		a := w.replica(func(o *vault.Options) { o.Vault = v })
		time.Sleep(time.Hour)
		v.deaf.Store(true)
		w.wants(a, "")
		w.askedFor()
		v.deaf.Store(false)
		time.Sleep(time.Hour)
		w.wants(a, "t1")
		w.troubled(a)
	})
}

// TestStoreStutters: an intent whose reply was lost counts once the store is back.
func TestStoreStutters(t *testing.T) {
	inWorld(t, func(w *world) {
		v := &deaf{Vault: w.sealed(secret, "file")}
		v.deaf.Store(true)
		a := w.replica(func(o *vault.Options) { o.Vault = v })
		time.Sleep(time.Hour)
		time.AfterFunc(time.Second, func() { v.deaf.Store(false) })
		w.wants(a, "t1")
		w.askedFor("file")
	})
}

// TestLateReplica: who was away for long with a token of its own takes what the others
// have by now.
func TestLateReplica(t *testing.T) {
	inWorld(t, func(w *world) {
		v := &deaf{Vault: w.sealed(secret, "file")}
		a, b := w.replica(repeats, func(o *vault.Options) { o.Vault = v }), w.replica(repeats)
		time.Sleep(time.Hour)
		w.p.then = func() { v.deaf.Store(true); v.put.Store(true) }
		w.wants(a, "t1")
		w.p.then = nil
		time.Sleep(time.Minute)
		w.wants(b, "t2")
		w.wants(a, "t1")
		v.deaf.Store(false)
		w.wants(a, "t2")
		w.wants(b, "t2")
		w.askedFor("file", "file")
	})
}

// deaf is a vault whose answers do not arrive once something was put.
type deaf struct {
	connector.Vault
	deaf, put atomic.Bool
}

func (d *deaf) Swap(ctx context.Context, version int64, value []byte) (bool, error) {
	done, err := d.Vault.Swap(ctx, version, value)
	if d.deaf.Load() {
		d.put.Store(true)
		return false, unavailable()
	}
	return done, err
}

func (d *deaf) Load(ctx context.Context) ([]byte, int64, error) {
	if d.deaf.Load() && d.put.Load() {
		return nil, 0, unavailable()
	}
	return d.Vault.Load(ctx)
}

// TestAnotherFile: a token that changed in the file wins, and a replica whose file is
// older takes nothing from the one whose file is newer.
func TestAnotherFile(t *testing.T) {
	inWorld(t, func(w *world) {
		old := w.replica()
		time.Sleep(time.Hour)
		w.wants(old, "t1")
		fresh := w.replica(func(o *vault.Options) {
			o.Vault, o.Given = w.sealed(secret, "new"), vault.Token{Access: "new", Until: time.Now().Add(time.Hour)}
		})
		w.wants(fresh, "new")
		time.Sleep(time.Hour)
		w.wants(fresh, "t2")
		w.wants(old, "t3")
		w.wants(fresh, "t2")
		w.askedFor("file", "new", "t1")
	})
}

// TestAnotherSecret: who changed [http] secret is told; what was sealed with the old
// one stays, and opens again.
func TestAnotherSecret(t *testing.T) {
	inWorld(t, func(w *world) {
		time.Sleep(time.Hour)
		w.wants(w.replica(func(o *vault.Options) { o.Given.Until = time.Now() }), "t1")
		before, version, _ := w.store.Vault("x", "file").Load(w.t.Context())
		either := &struct{ connector.Vault }{w.sealed("another secret, as long as it is", "file")}
		rotated := w.replica(func(o *vault.Options) { o.Vault, o.Given = either, vault.Token{} })
		for range 3 {
			w.wants(rotated, "")
			time.Sleep(time.Hour / 4)
		}
		w.troubled(rotated, "token.locked")
		after, now, _ := w.store.Vault("x", "file").Load(w.t.Context())
		if !bytes.Equal(before, after) || version != now {
			w.t.Errorf("version %d became %d", version, now)
		}
		either.Vault = w.sealed(secret, "file")
		w.wants(rotated, "t2")
		w.troubled(rotated)
		w.askedFor("file", "t1")
	})
}

// TestAlarm: people hear in time of an end that only they can put off.
func TestAlarm(t *testing.T) {
	inWorld(t, func(w *world) {
		k := w.replica(func(o *vault.Options) {
			o.Ask, o.Given = nil, vault.Token{Access: "file", Until: time.Now().Add(60 * 24 * time.Hour), Ends: time.Now().Add(60 * 24 * time.Hour)}
		})
		w.wants(k, "file")
		time.Sleep(52 * 24 * time.Hour)
		w.wants(k, "file")
		w.troubled(k)
		time.Sleep(24 * time.Hour)
		w.wants(k, "file")
		w.troubled(k, "token.ends")
		if args := fmt.Sprint(k.Trouble()[0].Args...); !strings.Contains(args, time.Now().Add(7*24*time.Hour).Format(time.DateOnly)) {
			w.t.Errorf("people read %s", args)
		}
		time.Sleep(7 * 24 * time.Hour)
		w.wants(k, "")
		w.troubled(k, "token.ended")
	})
}

// TestLogIn: where tokens are got by logging in, people are told to do that, and what somebody got in another
// process is taken with the next call, also when the platform let nobody in before.
func TestLogIn(t *testing.T) {
	inWorld(t, func(w *world) {
		k := w.replica(func(o *vault.Options) { o.Given, o.Login = vault.Token{}, "madeup" })
		w.p.fail = []error{&connector.SendError{Outcome: connector.Refused}}
		w.wants(k, "")
		w.troubled(k, "token.refused_login")
		if args := fmt.Sprint(k.Trouble()[0].Args...); !strings.Contains(args, "madeup") {
			w.t.Errorf("people read %s", args)
		}
		got := func(access string) {
			token := vault.Token{Access: access, Refresh: "r", Until: time.Now().Add(time.Hour)}
			if err := vault.Put(w.t.Context(), w.sealed(secret, "file"), token, time.Now()); err != nil {
				w.t.Fatal(err)
			}
		}
		got("first")
		w.wants(k, "first")
		w.troubled(k)
		k.Refused(w.t.Context(), "first")
		w.wants(k, "first")
		got("second")
		w.wants(k, "second")
		w.askedFor("")
	})
}
