package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// Mode says how Slack's events reach the program.
type Mode string

// The modes.
const (
	Socket Mode = "socket" // the program connects to Slack
	HTTP   Mode = "http"   // Slack calls the program
)

// Options are what a Slack needs. Language, Now, Log, APIURL and Timeout have defaults.
type Options struct {
	ID       session.ConnectorID
	BotToken string
	AppToken string // Socket
	// SigningSecret proves in mode HTTP that a request comes from Slack.
	SigningSecret string
	Channel       session.PlaceID
	APIURL        string // with or without a slash at its end
	Mode          Mode
	Groups        map[string]session.Role // whose members have a role, by their ids
	Inbox         connector.DeskInbox
	Mailbox       connector.Mailbox
	Memory        connector.Memory
	// Threads lists the cards that people may still reply to, however old; nil is none. The
	// backfill reads their replies besides those of what is new in the channel.
	Threads  func(ctx context.Context) ([]session.MessageID, error)
	Language session.Language
	Now      func() time.Time
	Log      *slog.Logger
	Timeout  time.Duration // of one request to Slack
}

// Slack is one app in one channel. Any number of goroutines may use it.
type Slack struct {
	opts  Options
	api   *slack.Client
	http  *httpapi.Client
	words wording.Words
	now   func() time.Time
	log   *slog.Logger

	download *httpapi.Client
	troubles *connector.Troubles
	flying   flying
	marks    marks
	waits    waits
	runner   *receive.Runner

	mu    sync.Mutex
	me    *identity
	names map[session.UserRef]string // of the staff; nil until the roster was read
	found map[string]string          // names of others, and of channels
}

var (
	_ connector.Connector = (*Slack)(nil)
	_ connector.Placed    = (*Slack)(nil)
)

// waits are the bounds of the adapter.
type waits struct {
	inbox time.Duration // for an answer of the inbox, from receipt
	read  time.Duration // of any wait that Slack asks for while the channel is read
}

// requestTimeout bounds one request to Slack. Another replica takes over what a lost one
// had in hand only when this and the worker's margin are over.
const requestTimeout = 5 * time.Second

// New makes the connector; it calls nothing yet.
func New(o Options) (*Slack, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o = o.filled()
	calls := httpapi.New(httpapi.Options{Secrets: []string{o.BotToken, o.AppToken, o.SigningSecret}, Timeout: o.Timeout})
	s := &Slack{
		opts:     o,
		http:     calls,
		download: httpapi.New(httpapi.Options{Secrets: []string{o.BotToken}, Timeout: o.Timeout, Most: session.MostFile}),
		api:      o.client(calls.HTTP()),
		words:    wording.In(o.Language),
		now:      o.Now,
		log:      o.Log,
		troubles: connector.NewTroubles(o.ID, o.Log),
		flying:   flying{keys: map[string]bool{}},
		marks:    marks{wanted: map[session.MessageID]bool{}},
		waits:    waits{inbox: 2500 * time.Millisecond, read: time.Hour},
		found:    map[string]string{},
	}
	s.runner = s.receiver()
	return s, nil
}

func (o Options) check() error {
	switch {
	case o.ID == "":
		return errors.New("slack: no id")
	case o.Channel == "":
		return errors.New("slack: no channel")
	case o.Mode != Socket && o.Mode != HTTP:
		return fmt.Errorf("slack: unknown mode %q", o.Mode)
	case o.Inbox == nil || o.Mailbox == nil || o.Memory == nil:
		return errors.New("slack: no inbox, no mailbox or no memory")
	}
	return nil
}

func (o Options) filled() Options {
	if o.APIURL == "" {
		o.APIURL = slack.APIURL
	}
	o.APIURL = strings.TrimRight(o.APIURL, "/") + "/"
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Timeout == 0 {
		o.Timeout = requestTimeout
	}
	return o
}

// client never retries by itself and never logs: a repeated post would stand twice,
// and the library's log holds what people wrote.
func (o Options) client(h *http.Client) *slack.Client {
	return slack.New(o.BotToken, slack.OptionAppLevelToken(o.AppToken), slack.OptionAPIURL(o.APIURL), slack.OptionHTTPClient(h))
}

// ID is the one it was given.
func (s *Slack) ID() session.ConnectorID { return s.opts.ID }

// Place is the desk's channel.
func (s *Slack) Place() session.PlaceID { return s.opts.Channel }

// Limits are Slack's. A channel takes about one post a second. chat.update belongs to
// tier 3, 50 calls a minute and workspace: the board takes 15 of them, other edits at
// most 35. Whoever presses on the board does not wait for what nobody pressed.
func (s *Slack) Limits() connector.Limits {
	edit := connector.Budget{Name: "edit", Rate: connector.Rate{Most: 4, Per: 7 * time.Second}}
	return connector.Limits{
		Timeout: requestTimeout,
		Cards: map[connector.CardClass]connector.Budget{
			connector.CardNew:     {Name: "post", Rate: connector.Rate{Most: 1, Per: time.Second}},
			connector.CardBoard:   {Name: "board", Rate: connector.Rate{Most: 1, Per: 4 * time.Second}},
			connector.CardPressed: edit,
			connector.CardOther:   edit,
		},
		BoardPressed: connector.Budget{Name: "board", Rate: connector.Rate{Most: 2, Per: 4 * time.Second}},
	}
}
