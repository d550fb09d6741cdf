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
	Timeout  time.Duration // of one call of Slack's API
}

// Slack is one app in one channel. Any number of goroutines may use it.
type Slack struct {
	opts  Options
	api   *slack.Client
	http  *httpapi.Client
	words wording.Words
	now   func() time.Time
	log   *slog.Logger

	troubles *connector.Troubles
	flying   flying
	marks    marks
	waits    waits
	follow   following

	mu    sync.Mutex
	me    *identity
	names map[session.UserRef]string
}

var (
	_ connector.Connector = (*Slack)(nil)
	_ connector.Placed    = (*Slack)(nil)
)

// waits are the pauses of the adapter, apart from those that Slack asks for.
type waits struct {
	again   time.Duration // before connecting again after a refusal
	longest time.Duration // that the library may wait between two connections
	inbox   time.Duration // for an answer of the inbox, from receipt
	cap     time.Duration // of any wait of the backfill
}

// callTimeout bounds one call of Slack's API. Another replica takes over what a lost one
// had in hand only when this and the worker's margin are over.
const callTimeout = 5 * time.Second

// New makes the connector; it calls nothing yet.
func New(o Options) (*Slack, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o = o.filled()
	calls := httpapi.New(httpapi.Options{Secrets: []string{o.BotToken, o.AppToken, o.SigningSecret}, Timeout: o.Timeout})
	return &Slack{
		opts:     o,
		http:     calls,
		api:      o.client(calls.HTTP()),
		words:    wording.In(o.Language),
		now:      o.Now,
		log:      o.Log,
		troubles: connector.NewTroubles(o.ID, o.Log),
		flying:   flying{keys: map[string]bool{}},
		marks:    marks{wanted: map[session.MessageID]bool{}},
		waits:    waits{again: 5 * time.Second, longest: 10 * time.Second, inbox: 2500 * time.Millisecond, cap: time.Hour},
		names:    map[session.UserRef]string{},
	}, nil
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
		o.Timeout = callTimeout
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
// most 35.
func (s *Slack) Limits() connector.Limits {
	edit := connector.Budget{Name: "edit", Rate: connector.Rate{Most: 4, Per: 7 * time.Second}}
	return connector.Limits{
		Timeout: callTimeout,
		Cards: map[connector.CardClass]connector.Budget{
			connector.CardNew:     {Name: "post", Rate: connector.Rate{Most: 1, Per: time.Second}},
			connector.CardBoard:   {Name: "board", Rate: connector.Rate{Most: 1, Per: 4 * time.Second}},
			connector.CardPressed: edit,
			connector.CardOther:   edit,
		},
	}
}
