// Package redisstore keeps sessions, questions, votes, the record and the outbox in
// Redis, one script per transition.
//
// It knows the ports of packages session, delivery and connector, the keys and go-redis. It must
// not know a rule of the domain: which state a question may enter, who may do what,
// and what goes out are decided before it is called. Whatever an index needs to know
// about a document is computed in Go from the document's own methods.
//
// A session is a small set of keys under one hash tag, so one script may touch them
// all on a cluster. A session's id is its slug. There is no list of what is due when:
// the worker looks at the sessions that are not over and is woken by Wakes.
package redisstore

import (
	"context"
	"crypto/rand"
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

// Options say how a Store uses its Redis.
type Options struct {
	// Prefix begins every key and the channel; empty is "eh". Tests use one each.
	Prefix string
	// WaitReplicas is how many replicas must have a question, a commit or a lease
	// before it counts as accepted; 0 waits for none.
	WaitReplicas int
	// Durability is the operator's word for how the server writes to its disk, used
	// where Check cannot look: "always", "everysec" or "none".
	Durability string
	// Names make keyed hashes of at least 16 bytes, by which messages and people are
	// recognised without being named. The first one is in force, the others on their way
	// out; without any, names are stored as they are.
	Names []func(parts ...string) []byte
	// Embedded says that the server is in this process and keeps nothing.
	Embedded bool
}

// Store implements session.Store, delivery.Outbox and delivery.Cards on one Redis
// server, a Sentinel group or a cluster, and makes what connectors keep there. It is
// safe for concurrent use.
type Store struct {
	client redis.UniversalClient
	keys   keys
	opts   Options
	name   string // in its wake-ups, so that it does not wake itself
	lanes  laneCache
	damage damage
	erased atomic.Bool // something was, and the append-only file may hold it
}

var (
	_ session.Store        = (*Store)(nil)
	_ session.PictureStore = (*Store)(nil)
	_ delivery.Outbox      = (*Store)(nil)
	_ delivery.Cards       = (*Store)(nil)
)

// New returns a store on client, which the caller closes.
func New(client redis.UniversalClient, o Options) *Store {
	if o.Prefix == "" {
		o.Prefix = "eh"
	}
	s := &Store{client: client, keys: keys{o.Prefix}, opts: o, name: rand.Text()}
	s.erased.Store(true) // by a program before this one, perhaps
	return s
}

//go:embed lua/*.lua
var sources embed.FS

// script reads a script, with those of the shared functions in front that it needs: the
// server makes every one of them anew for each call.
func script(name string) *redis.Script {
	text := source(name)
	for _, b := range slices.Backward(shared) { // what one needs stands before it
		if slices.ContainsFunc(b.names, func(name string) bool { return hasWord(text, name) }) {
			text = b.text + "\n\n" + text
		}
	}
	return redis.NewScript(text)
}

func source(name string) string {
	text, err := sources.ReadFile("lua/" + name + ".lua")
	if err != nil {
		panic(err) // it is embedded
	}
	return string(text)
}

// block is a part of common.lua, with the names to which it gives a meaning.
type block struct {
	text  string
	names []string
}

// shared are the blocks of common.lua, in their order. Every command of the program begins with
// this, so it is made without an expression for each name.
var shared = func() (bs []block) {
	locals := regexp.MustCompile(`(?m)^local (?:function )?(\w+(?:, \w+)*)`)
	for text := range strings.SplitSeq(source("common"), "\n\n") {
		b := block{text: text}
		for _, found := range locals.FindAllStringSubmatch(text, -1) {
			b.names = append(b.names, strings.Split(found[1], ", ")...)
		}
		bs = append(bs, b)
	}
	return bs
}()

// hasWord reports whether a word of letters stands in a text, and not only as a part of others.
func hasWord(text, word string) bool {
	inWord := func(i int) bool {
		return i >= 0 && i < len(text) && (text[i] == '_' || '0' <= text[i] && text[i] <= '9' || 'A' <= text[i]&^0x20 && text[i]&^0x20 <= 'Z')
	}
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		from := at + i
		if at = from + len(word); !inWord(from-1) && !inWord(at) {
			return true
		}
	}
}

var (
	addScript     = script("add")
	buryScript    = script("bury")
	calledScript  = script("called")
	commitScript  = script("commit")
	countsScript  = script("counts")
	deferScript   = script("defer")
	drawnScript   = script("drawn")
	familyScript  = script("family")
	handledScript = script("handled")
	holdScript    = script("hold")
	leaseScript   = script("lease")
	listScript    = script("list")
	lookScript    = script("look")
	noteScript    = script("note")
	ownerScript   = script("owner")
	pictureScript = script("picture")
	typingScript  = script("typing")
	probeScript   = script("probe")
	putScript     = script("put")
	refundScript  = script("refund")
	reserveScript = script("reserve")
	revokeScript  = script("revoke")
	sessionScript = script("session")
	spendScript   = script("spend")
	swapScript    = script("swap")
	takeScript    = script("take")
	touchScript   = script("touch")
	tokenScript   = script("token")
	leftScript    = script("left")
	undrawnScript = script("undrawn")
	voteScript    = script("vote")
)

// run runs a script whose loss a failover may cause is bearable: reads, votes, tokens.
// A script that returns nil (false) gives nil without an error.
func (s *Store) run(ctx context.Context, sc *redis.Script, keys []string, args ...any) (any, error) {
	v, err := sc.Run(ctx, s.client, keys, args...).Result()
	return v, outcome(err)
}

// commit runs a script whose effect must survive: it waits for the replicas, too. When too
// few of them have it, the reply comes beside the error.
func (s *Store) commit(ctx context.Context, sc *redis.Script, keys []string, args ...any) (any, error) {
	if err := ctx.Err(); err != nil {
		return nil, unavailable(err)
	}
	if s.opts.WaitReplicas == 0 {
		v, err := sc.Run(ctx, s.client, keys, args...).Result()
		return v, written(err)
	}
	v, copies, err := s.runAndWait(ctx, sc, keys, args)
	if err := written(err); err != nil {
		return nil, err
	}
	if copies < s.opts.WaitReplicas {
		return v, unconfirmed(fmt.Errorf("%w: %d of %d", errCopies, copies, s.opts.WaitReplicas))
	}
	return v, nil
}

// replicaWait bounds the wait for copies.
const replicaWait = 2 * time.Second

// runAndWait sends the script and WAIT over one connection: WAIT is about the writes
// that its own connection has seen.
func (s *Store) runAndWait(ctx context.Context, sc *redis.Script, keys []string, args []any) (any, int, error) {
	var err error
	for range redirects {
		node, e := s.master(ctx, keys[0])
		if e != nil {
			return nil, 0, e
		}
		var v any
		var copies int
		v, copies, err = s.once(ctx, node, sc.EvalSha, keys, args)
		if redis.HasErrorPrefix(err, "NOSCRIPT") {
			v, copies, err = s.once(ctx, node, sc.Eval, keys, args)
		}
		if !moved(err) {
			return v, copies, err
		}
		s.reload(ctx)
	}
	return nil, 0, err
}

const redirects = 4

func moved(err error) bool {
	return redis.HasErrorPrefix(err, "MOVED") || redis.HasErrorPrefix(err, "ASK")
}

type eval func(ctx context.Context, c redis.Scripter, keys []string, args ...any) *redis.Cmd

func (s *Store) once(ctx context.Context, node *redis.Client, run eval, keys []string, args []any) (any, int, error) {
	pipe := node.Pipeline()
	reply := run(ctx, pipe, keys, args...)
	wait := pipe.Do(ctx, "WAIT", s.opts.WaitReplicas, replicaWait.Milliseconds())
	_, err := pipe.Exec(ctx)
	if v, e := reply.Result(); e != nil || err == nil {
		return v, int(number(wait.Val())), e
	}
	return nil, 0, err
}

// master is the client of the server that holds key.
func (s *Store) master(ctx context.Context, key string) (*redis.Client, error) {
	switch c := s.client.(type) {
	case *redis.ClusterClient:
		return c.MasterForKey(ctx, key)
	case *redis.Client:
		return c, nil
	}
	return nil, fmt.Errorf("client %T: %w", s.client, errClient)
}

func (s *Store) reload(ctx context.Context) {
	if c, ok := s.client.(*redis.ClusterClient); ok {
		c.ReloadState(ctx)
	}
}

// wake is what the scripts publish about a change of a session: by whom, and which.
func (s *Store) wake(id session.ID) string { return s.name + " " + string(id) }

// Wakes calls fn with the id of every session that another store changed, until ctx
// ends; what this one changes its users know. It is a hint: one may be lost while the
// connection is away.
func (s *Store) Wakes(ctx context.Context, fn func(session.ID)) error {
	sub := s.client.Subscribe(ctx, s.keys.wake())
	defer sub.Close()
	messages := sub.Channel()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case m, ok := <-messages:
			if !ok {
				return unavailable(errClosed)
			}
			if by, id, _ := strings.Cut(m.Payload, " "); by != s.name {
				fn(session.ID(strings.Clone(id)))
			}
		}
	}
}
