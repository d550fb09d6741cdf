package vault

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

// Options are what a Keeper needs.
type Options struct {
	Name session.ConnectorID
	// Vault is sealed, and belongs to what the file says now: another token in the file
	// begins with an empty one.
	Vault connector.Vault
	// Given is the token of the file; without an Access the first one is asked for.
	Given Token
	// Ask asks the platform for the token after old. Its error is a
	// *connector.SendError: after one that is Unsure nobody knows whether old still
	// holds. Nil is a platform whose tokens only a person can renew.
	Ask func(ctx context.Context, old Token) (Token, error)
	// Repeats says that the platform answers the same when it is asked again after its
	// answer was lost. Without that a person has to give another token then.
	Repeats bool
	// Login names the kind at which a person logs in for another token ("bot connect KIND"), where
	// none is Given; empty is that they put one into the configuration.
	Login string
	// Warn is how long before Token.Ends people are told; a week if left out.
	Warn   time.Duration
	Leases connector.Leases
	Owner  string // a random name of the replica, for Leases
	Now    func() time.Time
	Log    *slog.Logger
}

// Keeper keeps the token of one connector fresh. One replica asks for the next one, the
// others take it from the vault. Any number of goroutines may use it.
type Keeper struct {
	o        Options
	troubles *connector.Troubles
	turn     chan struct{}         // has one while somebody looks after the token
	current  atomic.Pointer[Token] // for everybody else meanwhile

	// What follows belongs to whoever has the turn.
	known   state
	loaded  bool      // known is the vault's
	owed    *state    // what the vault has to say instead of what it says since Asked
	asked   asking    // the last of this replica's; owed is about it
	refused string    // the access that the platform did not take
	rest    time.Time // no asking before
	why     error     // what the last asking came to
}

// Keep makes a keeper; it does nothing yet.
func Keep(o Options) *Keeper {
	o.Warn = cmp.Or(o.Warn, 7*24*time.Hour)
	return &Keeper{o: o, troubles: connector.NewTroubles(o.Name, o.Log), turn: make(chan struct{}, 1), known: state{Token: o.Given}}
}

const (
	runEvery    = 10 * time.Minute
	restRefused = time.Hour // after a refusal, which a person has to mend
	restAway    = 10 * time.Second
	waitBusy    = 2 * time.Second
	// settleFor bounds how long it is tried to put into the vault what is known.
	settleFor         = 10 * time.Second
	shortest, longest = 100 * time.Millisecond, 2 * time.Second
)

// The subjects of troubles.
const (
	aboutToken = "token"
	aboutVault = "vault"
	aboutEnd   = "token's end"
)

var (
	errBusy   = errors.New("the token is being asked for")
	errPerson = errors.New("only a person can renew the token")
)

// ErrLost says that nobody knows what came of asking for the next token: a person has to get another one.
var ErrLost = errors.New("the token was asked for and the answer was lost")

// Token gives a token that is good now. Its errors are Deferred: whatever needs the
// token was not sent. Who happens to ask the platform hears it out, also after the end of
// ctx, for at most a minute.
func (k *Keeper) Token(ctx context.Context) (Token, error) {
	select {
	case k.turn <- struct{}{}:
	default:
		if t := k.current.Load(); t != nil && t.good(k.o.Now()) {
			return *t, nil
		}
		if err := k.begin(ctx); err != nil {
			return Token{}, later(err)
		}
	}
	defer k.end()
	err := k.look(ctx)
	k.alarm()
	if t := k.known.Token; t.good(k.o.Now()) {
		return t, nil
	}
	return Token{}, later(cmp.Or(err, errPerson))
}

// Refused says that the platform did not take an access: Token gives another one, if
// the vault has it by now or the platform gives it.
func (k *Keeper) Refused(ctx context.Context, access string) {
	if k.begin(ctx) != nil {
		return
	}
	defer k.end()
	if access == k.known.Token.Access {
		k.refused = access
	}
}

// Run looks after the token while nobody needs it, until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	for {
		_, _ = k.Token(ctx) // what is wrong is among the troubles
		if !backoff.Pause(ctx, runEvery) {
			return nil
		}
	}
}

// Trouble lists what is wrong with the token, and what will be soon.
func (k *Keeper) Trouble() []connector.Finding { return k.troubles.List() }

func (k *Keeper) begin(ctx context.Context) error {
	select {
	case k.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (k *Keeper) end() {
	k.current.Store(nil)
	if k.known.Token.Access != k.refused {
		t := k.known.Token
		k.current.Store(&t)
	}
	<-k.turn
}

// later is the outcome of all that went wrong before anything was sent.
func later(cause error) error {
	wait := cmp.Or(connector.OutcomeOf(cause).Wait, waitBusy)
	return &connector.SendError{Outcome: connector.Deferred, Wait: wait, Detail: "no token", Cause: cause}
}

// alarm tells people before the end that only they can put off.
func (k *Keeper) alarm() {
	ends, now := k.known.Token.Ends, k.o.Now()
	date := []any{"date", ends.Format(time.DateOnly)}
	switch {
	case ends.IsZero() || now.Before(ends.Add(-k.o.Warn)):
		k.troubles.Over(aboutEnd)
	case now.Before(ends):
		k.note(aboutEnd, "token.ends", date...)
	default:
		k.note(aboutEnd, "token.ended", date...)
	}
}

// note tells people what to do about the token, which depends on how they get another one.
func (k *Keeper) note(about, id string, args ...any) {
	if k.o.Login != "" && k.o.Given == (Token{}) {
		id, args = id+"_login", append(args, "kind", k.o.Login)
	}
	k.troubles.Note(about, id, append(args, "connector", string(k.o.Name))...)
}

// look makes the known token the one to use. An error says why it is not, or will not
// be for long.
func (k *Keeper) look(ctx context.Context) error {
	if k.owed != nil {
		if err := k.settle(ctx); err != nil {
			return err
		}
	}
	taken := k.known.Token.Access != k.refused // else a person may have logged in since, in another process
	if k.loaded && taken && k.known.next(k.o.Now(), k.refused, k.o.Repeats) == use {
		return nil
	}
	if due, err := k.reload(ctx); err != nil || !due {
		return err
	}
	if k.o.Ask == nil {
		return errPerson
	}
	if k.o.Now().Before(k.rest) {
		return k.why
	}
	return k.alone(ctx)
}

// reload takes what the vault has, and reports whether the next token is to be asked
// for.
func (k *Keeper) reload(ctx context.Context) (due bool, err error) {
	s, _, err := k.load(ctx)
	if err != nil {
		return false, err
	}
	k.known, k.loaded = s, true
	switch s.next(k.o.Now(), k.refused, k.o.Repeats) {
	case ask:
		return true, nil
	case busy:
		return false, errBusy
	case lost:
		k.lost()
		return false, ErrLost
	}
	k.troubles.Over(aboutToken)
	return false, nil
}

func (k *Keeper) lost() { k.note(aboutToken, "token.lost") }

// alone asks for the next token if no other replica does.
func (k *Keeper) alone(ctx context.Context) error {
	name := "token:" + string(k.o.Name)
	held, err := k.o.Leases.Hold(ctx, name, k.o.Owner, busyFor)
	if err != nil || !held {
		return cmp.Or(err, errBusy)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = k.o.Leases.Yield(ctx, name, k.o.Owner) // it ends by itself
	}()
	return k.ask(ctx)
}

// ask writes down that it asks, asks, and writes down what came. Once it has begun it
// goes on to the end: an answer that nobody waits for may be the only token there is.
func (k *Keeper) ask(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	before, began, err := k.intend(ctx)
	if err != nil {
		return err
	}
	if !began { // somebody else did, just before
		_, err := k.reload(ctx)
		return err
	}
	in, cancel := context.WithTimeout(ctx, askFor)
	token, err := k.o.Ask(in, before.Token)
	cancel()
	k.owed = &before
	if err == nil {
		k.owed = &state{Token: token, Since: k.o.Now()}
		k.known, k.refused = *k.owed, ""
		k.troubles.Over(aboutToken)
	} else if k.failed(err) {
		k.owed = nil
		return err
	}
	return cmp.Or(k.insist(ctx, func() error { return k.settle(ctx) }), err)
}

// failed notes an asking that came to nothing, and reports whether even that is
// unknown.
func (k *Keeper) failed(err error) (unknown bool) {
	e := connector.OutcomeOf(err)
	wait := cmp.Or(e.Wait, restAway)
	switch {
	case e.Outcome == connector.Refused:
		k.note(aboutToken, "token.refused")
		wait = restRefused
	case e.Outcome == connector.Unsure && !k.o.Repeats:
		k.lost()
		unknown = true
	}
	k.rest, k.why = k.o.Now().Add(wait), err
	return unknown
}

// intend writes down that the token is asked for now, and gives what was there before.
// Where it stays unknown whether that was written, it is to be taken back.
func (k *Keeper) intend(ctx context.Context) (before state, began bool, err error) {
	k.asked = asking{k.o.Now(), k.o.Owner}
	before = k.known
	err = k.insist(ctx, func() error {
		s, version, err := k.load(ctx)
		if err != nil || s.Asked.is(k.asked) {
			began = err == nil
			return err
		}
		if s.next(k.o.Now(), k.refused, k.o.Repeats) != ask {
			return nil
		}
		before, s.Asked = s, k.asked
		began, err = k.swap(ctx, version, s)
		return err
	})
	if err != nil {
		k.owed = &before
	}
	return before, began, err
}

// settle puts into the vault what is owed, unless it says something newer.
func (k *Keeper) settle(ctx context.Context) error {
	s, version, err := k.load(ctx)
	if err != nil {
		return err
	}
	done := true
	if s.Asked.is(k.asked) {
		done, err = k.swap(ctx, version, *k.owed)
	}
	switch {
	case err != nil:
		return err
	case !done:
		return errBusy
	}
	k.owed, k.loaded = nil, false
	return nil
}

// insist repeats what the store did not take, for a while.
func (k *Keeper) insist(ctx context.Context, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, settleFor)
	defer cancel()
	away := func(err error) bool { return session.KindOf(err) == session.Unavailable || errors.Is(err, errBusy) }
	return backoff.Insist(ctx, shortest, longest, away, do)
}

// load is what the vault has, or the file if it has nothing.
func (k *Keeper) load(ctx context.Context) (state, int64, error) {
	raw, version, err := k.o.Vault.Load(ctx)
	if errors.Is(err, ErrLocked) {
		k.note(aboutVault, "token.locked")
		return state{}, 0, err
	}
	if err != nil {
		return state{}, 0, err
	}
	k.troubles.Over(aboutVault)
	if version == 0 {
		return state{Token: k.o.Given}, 0, nil
	}
	var s state
	if err := json.Unmarshal(raw, &s); err != nil {
		return state{}, 0, fmt.Errorf("token of %s: %w", k.o.Name, err)
	}
	return s, version, nil
}

func (k *Keeper) swap(ctx context.Context, version int64, s state) (bool, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return false, err
	}
	return k.o.Vault.Swap(ctx, version, raw)
}
