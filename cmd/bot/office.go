package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/web/deskpage"
)

// office is how commands reach sessions: always through the JSON API, so that roles,
// rules and answers are the same everywhere. The API is that of a running program,
// or one that this process serves to itself on the configured store.
type office struct {
	client *http.Client
	base   string
	token  string
	close  func()
}

// officeFlags say which API to speak to, and as whom.
type officeFlags struct {
	config, from, token, as string

	reads bool // the command changes nothing, so that it does not matter which moderator gives it
}

func (o *officeFlags) add(c *cobra.Command) {
	configFlag(c, &o.config)
	c.Flags().StringVar(&o.from, "from", "", "address of a running program, instead of --config (needed for the embedded store)")
	c.Flags().StringVar(&o.token, "token", "", "with --from: a token of \"bot desk-link --token\"; left out, that of $BOT_TOKEN")
	c.Flags().StringVar(&o.as, "as", "", "with --config: who gives the command; left out, the only moderator, or, to read, the first")
}

// callTimeout bounds one request of a command.
const callTimeout = 30 * time.Second

func (o *officeFlags) open(ctx context.Context) (*office, error) {
	if o.from == "" {
		return o.local(ctx)
	}
	token := cmp.Or(o.token, os.Getenv("BOT_TOKEN")) // no default of the flag: help would print it
	base := strings.TrimRight(o.from, "/")
	if u, err := url.Parse(base); err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, misuse{errors.New("--from is the address of the program alone, without a token: --from https://HOST --token TOKEN")}
	}
	return &office{client: &http.Client{Timeout: callTimeout}, base: base, token: token, close: func() {}}, nil
}

// local serves the API to this process on the store of the configuration.
func (o *officeFlags) local(ctx context.Context) (*office, error) {
	cfg, err := loadConfig(o.config)
	if err != nil {
		return nil, err
	}
	if cfg.Redis.Embedded() {
		return nil, errors.New("the embedded store lives inside the running program: name it with --from URL and --token TOKEN")
	}
	who, err := actor(cfg.Staff(kinds), session.PersonName(o.as), o.reads)
	if err != nil {
		return nil, err
	}
	cfg.Limits.AskPerMinute, cfg.Limits.AskPerHour = 0, 0 // they count strangers by their address, and this is the operator
	base := publicURL(cfg, cfg.HTTP.Listen)
	core, err := newCore(ctx, cfg, base, slog.New(slog.DiscardHandler), visit)
	if err != nil {
		return nil, err
	}
	var h http.Handler
	var since time.Time
	if err = core.claim(ctx); err == nil {
		since, err = core.store.Logins().Since(ctx, who)
	}
	if err == nil {
		h, err = core.handler(ctx, base)
	}
	if err != nil {
		core.close()
		return nil, err
	}
	tokens := deskpage.NewTokens(core.keys, time.Now)
	return &office{client: &http.Client{Transport: inProcess{h}, Timeout: callTimeout}, base: base,
		token: tokens.API(who, since, time.Minute*5), close: core.close}, nil
}

// actor is who gives a command on this machine; the record names them, unless the command only reads.
func actor(staff session.Directory, as session.PersonName, reads bool) (session.PersonName, error) {
	var moderators []session.PersonName
	for _, p := range staff {
		if p.Name == as {
			return as, nil
		}
		if p.Role == session.Moderator {
			moderators = append(moderators, p.Name)
		}
	}
	if as != "" {
		return "", misuse{fmt.Errorf("nobody is called %q in the configuration", setting.Scrub(string(as)))}
	}
	if len(moderators) == 1 || reads && len(moderators) > 1 {
		return moderators[0], nil
	}
	return "", misuse{fmt.Errorf("there are %d moderators: say with --as NAME who gives the command", len(moderators))}
}

// maxAnswer bounds an answer of the API, in bytes.
const maxAnswer = 64 << 20

// call sends in as JSON and reads the answer into out; either may be nil. An answer
// that is an error becomes the sentence that it carries.
func (f *office) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("request: %w", err)
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, f.base+path, body)
	if err != nil {
		return fmt.Errorf("address: %w", err)
	}
	r.Header.Set("Accept-Language", "en")
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if f.token != "" {
		r.Header.Set("Authorization", "Bearer "+f.token)
	}
	resp, err := f.client.Do(r)
	if err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err // without the address
		}
		return fmt.Errorf("cannot reach the program: %w", err)
	}
	defer resp.Body.Close()
	return answer(resp, out)
}

func answer(resp *http.Response, out any) error {
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if resp.StatusCode >= 400 {
		var problem struct{ Title, Detail string }
		if json.Unmarshal(b, &problem) != nil || problem.Detail+problem.Title == "" {
			return fmt.Errorf("the program answered %s", resp.Status)
		}
		if problem.Detail == "" {
			problem.Detail = problem.Title
		}
		if wait, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && resp.StatusCode == http.StatusTooManyRequests {
			return tooFast{problem.Detail, time.Duration(wait) * time.Second}
		}
		return errors.New(problem.Detail)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(b, out); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}

// tooFast says that the program wants this address to wait.
type tooFast struct {
	detail string
	wait   time.Duration
}

// Error is what the program said.
func (e tooFast) Error() string { return e.detail }

// inProcess hands requests to a handler without a network.
type inProcess struct{ h http.Handler }

// RoundTrip serves one request to the end.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &memoryResponse{header: http.Header{}, code: http.StatusOK}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.RemoteAddr = "127.0.0.1:0"
	r.RequestURI = r.URL.RequestURI()
	t.h.ServeHTTP(w, r)
	return &http.Response{StatusCode: w.code, Status: fmt.Sprint(w.code, " ", http.StatusText(w.code)), Header: w.header,
		Body: io.NopCloser(&w.body), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

// memoryResponse keeps an answer.
type memoryResponse struct {
	header http.Header
	body   bytes.Buffer
	code   int
}

func (w *memoryResponse) Header() http.Header         { return w.header }
func (w *memoryResponse) Write(b []byte) (int, error) { return w.body.Write(b) }
func (w *memoryResponse) WriteHeader(code int)        { w.code = code }
