package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/setting"
	"experthour/internal/wording"
)

// login is one person who opens an address that is printed.
type login struct {
	out   io.Writer
	in    io.Reader
	back  net.Listener // where their browser comes back to; nil is that they type a code
	words wording.Words
}

var _ connector.Browser = (*login)(nil)

// Back is connector.Browser's.
func (b *login) Back() string {
	if b.back == nil {
		return ""
	}
	return "http://" + b.back.Addr().String() + "/"
}

// Ask is connector.Browser's.
func (b *login) Ask(ctx context.Context, page string, params url.Values) (connector.Grant, error) {
	state, verifier := rand.Text(), rand.Text()+rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	params = maps.Clone(params)
	params.Set("response_type", "code")
	params.Set("state", state)
	params.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
	params.Set("code_challenge_method", "S256")
	say(b.out, "%s\n%s", b.words.Text("connect.open"), page+"?"+params.Encode())
	wait := b.typed
	if b.back != nil {
		wait = func(ctx context.Context) (string, error) { return b.returned(ctx, state) }
	}
	code, err := wait(ctx)
	return connector.Grant{Code: code, Verifier: verifier}, err
}

// longestCode bounds what is typed, in bytes.
const longestCode = 4 << 10

// typed reads a code.
func (b *login) typed(ctx context.Context) (string, error) {
	say(b.out, "%s", b.words.Text("connect.type"))
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(io.LimitReader(b.in, longestCode)).ReadString('\n') // what there is counts
		line <- strings.TrimSpace(text)
	}()
	select {
	case code := <-line:
		if code == "" {
			return "", errors.New("no code was typed")
		}
		return code, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// returned waits for the person to come back, with the code or the platform's no.
func (b *login) returned(ctx context.Context, state string) (string, error) {
	came := make(chan url.Values, 1)
	s := &http.Server{ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.receive(w, r, state, came) })}
	go func() { _ = s.Serve(b.back) }() // it ends with Shutdown
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = s.Shutdown(ctx) // the page is read out
	}()
	select {
	case q := <-came:
		if q.Get("code") == "" {
			return "", fmt.Errorf("the platform says %q", setting.Scrub(q.Get("error")))
		}
		return q.Get("code"), nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// receive takes whoever comes with the state of this run; nobody else was sent by it.
func (b *login) receive(w http.ResponseWriter, r *http.Request, state string, came chan<- url.Values) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer") // the code is in the address
	q := r.URL.Query()
	if r.Method != http.MethodGet || r.URL.Path != "/" || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(state)) != 1 {
		w.WriteHeader(http.StatusBadRequest)
		say(w, "%s", b.words.Text("connect.stranger"))
		return
	}
	select {
	case came <- q:
	default: // a reload
	}
	say(w, "%s", b.words.Text("connect.back"))
}
