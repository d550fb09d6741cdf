package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-telegram/bot"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// Mode says how Telegram's updates reach the program.
type Mode string

// The modes.
const (
	Polling Mode = "polling" // the program asks Telegram
	Webhook Mode = "webhook" // Telegram calls the program
)

// Options are what a Telegram needs. APIURL, Leases, Owner, Staff, Turn, Language,
// Zone, Now and Log have defaults.
type Options struct {
	ID     session.ConnectorID
	Token  string
	APIURL string // of a Bot API server, without a slash at its end
	Mode   Mode
	// WebhookSecret proves in mode Webhook that an update comes from Telegram.
	WebhookSecret string
	// PublicURL is what addresses of the program begin with: of its webhook, and of the
	// pages whose addresses may become links in a text.
	PublicURL string
	// DeskChat is the group where the desk works. A group that became a supergroup is
	// still called by this id.
	DeskChat string
	// Command is the one that takes all others as its text, without the slash: "hour".
	Command string
	// Commands are words of Command that are also commands of their own. They are the
	// menu of the desk, and Private is the menu in private.
	Commands, Private []connector.PublicCommand
	// Staff lists the accounts of the staff. In private everybody else belongs to the
	// public side; without it, or without a public side, the inbox says who is nobody.
	Staff   func() []session.UserRef
	Inbox   connector.DeskInbox // may be nil without a desk
	Mailbox connector.Mailbox
	Memory  connector.Memory
	// Leases let one replica alone poll; without them each one does.
	Leases connector.Leases
	Owner  string // a random name of the replica, for Leases
	// Turn waits until a place of the desk takes one more message or edit, beside those
	// that its caller counts already; without it nothing waits.
	Turn     func(ctx context.Context, c connector.Connector, at session.PlaceID, class connector.CardClass) error
	Language session.Language
	Zone     *time.Location // of dates and times in forms
	Now      func() time.Time
	Log      *slog.Logger
}

// Telegram is one bot with its desk. Any number of goroutines may use it.
type Telegram struct {
	opts     Options
	api      *bot.Bot
	http     *httpapi.Client
	download *httpapi.Client
	paint    painter
	words    wording.Words
	now      func() time.Time
	log      *slog.Logger
	self     int64 // the bot's own id
	deskChat int64 // that of Options.DeskChat

	troubles *connector.Troubles
	moves    moves
	pacer    pacer
	waits    waits
	public   public
	runner   *receive.Runner
	running  chan struct{} // has one while somebody receives

	mu    sync.Mutex
	name  string           // the bot's @name
	met   map[int64]bool   // who can be written to in private, as far as is known
	names map[int64]string // of people, for calls
	// handles are the @names of people, to know colleagues by.
	handles map[int64]handle
	// toShow are those for whom a drawing of their form waits.
	toShow map[int64]bool
	// drawn names what is in front of people in private, as far as this replica drew it.
	drawn map[int64]connector.Tag
}

var (
	_ connector.Connector = (*Telegram)(nil)
	_ connector.Placed    = (*Telegram)(nil)
)

// waits are the pauses and bounds of the adapter, apart from those that Telegram asks
// for.
type waits struct {
	poll  time.Duration // how long Telegram may hold a poll
	reach time.Duration // to find out whether somebody can be written to
	pace  time.Duration // between what is written to one person
	turn  time.Duration // of the group, before something is shown in private instead
}

const (
	// requestTimeout bounds one request. Near its limits Telegram holds the connection, and
	// whoever gives up earlier reports failures of what was sent.
	requestTimeout = 30 * time.Second
	// late is how much later than its turn a call may reach Telegram, which counts when it
	// arrives: one of the last minute must not fall into the next.
	late = 3 * time.Second
	// mostWaits is Telegram's bound of a long poll.
	mostWaits = 50 * time.Second
)

// New makes the connector; it calls nothing yet.
func New(o Options) (*Telegram, error) {
	desk, err := o.check()
	if err != nil {
		return nil, err
	}
	o = o.filled()
	t := &Telegram{
		opts: o, http: o.client(), download: o.files(), words: wording.In(o.Language), now: o.Now, log: o.Log, deskChat: desk,
		paint:    painter{words: wording.In(o.Language), own: o.PublicURL},
		troubles: connector.NewTroubles(o.ID, o.Log),
		moves:    moves{memory: o.Memory, known: map[int64]int64{}},
		running:  make(chan struct{}, 1),
		pacer:    pacer{next: map[int64]time.Time{}},
		waits:    waits{poll: o.longPoll(), reach: 700 * time.Millisecond, pace: time.Second, turn: 1500 * time.Millisecond},
		met:      map[int64]bool{},
		names:    map[int64]string{},
		handles:  map[int64]handle{},
		toShow:   map[int64]bool{},
		drawn:    map[int64]connector.Tag{},
	}
	t.api, err = bot.New(o.Token, bot.WithSkipGetMe(), bot.WithServerURL(o.APIURL), bot.WithHTTPClient(mostWaits, t.http.HTTP()),
		bot.WithErrorsHandler(func(error) {}))
	if err != nil {
		return nil, errors.New("telegram: the client refuses the token")
	}
	t.self = t.api.ID()
	t.runner = t.receiver()
	return t, nil
}

var (
	tokenForm  = regexp.MustCompile(`^[1-9][0-9]{0,18}:[A-Za-z0-9_-]+$`)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

// check gives the desk's chat. Nothing of the token is in an error.
func (o Options) check() (int64, error) {
	desk, err := strconv.ParseInt(o.DeskChat, 10, 64)
	switch {
	case o.ID == "":
		return 0, errors.New("telegram: no id")
	case !tokenForm.MatchString(o.Token):
		return 0, errors.New("telegram: the token is not of the form 123:abc")
	case o.DeskChat != "" && (err != nil || desk >= 0):
		return 0, fmt.Errorf("telegram: the desk's chat %q is not the id of a group", o.DeskChat)
	case o.Mode != Polling && o.Mode != Webhook:
		return 0, fmt.Errorf("telegram: unknown mode %q", o.Mode)
	case o.Mode == Webhook && !secretForm.MatchString(o.WebhookSecret):
		return 0, errors.New("telegram: the webhook's secret must be 1 to 256 of A-Z a-z 0-9 _ -")
	case o.Mode == Webhook && o.PublicURL == "":
		return 0, errors.New("telegram: a webhook needs a public address")
	case o.Mailbox == nil || o.Memory == nil:
		return 0, errors.New("telegram: no mailbox or no memory")
	case o.Leases != nil && o.Owner == "":
		return 0, errors.New("telegram: leases need an owner")
	}
	return desk, nil
}

func (o Options) filled() Options {
	if o.APIURL == "" {
		o.APIURL = "https://api.telegram.org"
	}
	o.APIURL, o.PublicURL = strings.TrimRight(o.APIURL, "/"), strings.TrimRight(o.PublicURL, "/")
	if o.Command == "" {
		o.Command = "hour"
	}
	if o.Turn == nil {
		o.Turn = func(context.Context, connector.Connector, session.PlaceID, connector.CardClass) error { return nil }
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// client calls the Bot API, whose addresses have the token in them.
func (o Options) client() *httpapi.Client {
	return httpapi.New(httpapi.Options{Base: o.APIURL + "/bot" + o.Token, Secrets: []string{o.Token},
		Dialect: httpapi.Dialect{Words: []string{"description"}}, Timeout: mostWaits + requestTimeout, Most: longestBatch})
}

// errNoInbox is temporary: the letter is left for later.
var errNoInbox = session.Fail(session.Unavailable, "unavailable")

func (t *Telegram) inbox() (connector.DeskInbox, error) {
	if t.opts.Inbox == nil {
		return nil, errNoInbox
	}
	return t.opts.Inbox, nil
}

// ID is the one it was given.
func (t *Telegram) ID() session.ConnectorID { return t.opts.ID }

// Place is the desk's group; empty without a desk.
func (t *Telegram) Place() session.PlaceID { return session.PlaceID(t.opts.DeskChat) }

// longestText is the longest message in units of UTF-16, after its markup was read.
const longestText = 4096

// longestCaption is that of a picture (https://core.telegram.org/bots/api#sendphoto).
const longestCaption = 1024

// Limits are Telegram's. A group takes twenty messages a minute, sends and edits
// together (tdlib/td#2592): eight are kept for cards that somebody just pressed, two for
// the board and two more for when somebody pressed on it, eight for all others.
func (t *Telegram) Limits() connector.Limits {
	share := func(name string, most int) connector.Budget {
		return connector.Budget{Name: name, Rate: connector.Rate{Most: most, Per: time.Minute + late}}
	}
	return connector.Limits{
		Longest:  connector.AtMost(longestText, session.UTF16),
		PerPlace: connector.Rate{Most: 1, Per: time.Second},
		Overall:  connector.Rate{Most: 30, Per: time.Second},
		Cards: map[connector.CardClass]connector.Budget{
			connector.CardPressed: share("pressed", 8),
			connector.CardBoard:   share("board", 2),
			connector.CardNew:     share("new", 8),
			connector.CardOther:   share("new", 8),
		},
		BoardPressed: share("board", 4),
		Timeout:      requestTimeout,
	}
}
