package connector

import (
	"context"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"experthour/internal/session"
	"experthour/internal/setting"
)

// Kind is a platform as the rest of the program sees it. The platform's folder exports
// one, and the list of kinds names it; nothing else in the program does.
type Kind struct {
	Name  string // in the configuration: the section [NAME], kind = "NAME", a person's NAME = …
	Title string // what people call it
	// Experimental says so wherever it is named: too little is known of the platform.
	Experimental bool
	// Words are its sentences, a folder for each language, to be merged into the catalogue.
	Words fs.FS
	// Desk is the id of its connector as a desk; empty if it can be none.
	Desk session.ConnectorID
	// Account makes what the section [NAME] is bound to: a pointer to a struct with toml
	// tags, filled with the defaults. Nil is a kind without a section.
	Account func() any
	// Settings makes the same for what a [[public]] table has besides the keys that all
	// have. Nil is a kind without a public side.
	Settings func() any
	// Member says what is wrong with the account of a person at the desk; nil takes any.
	Member func(account string) error
	// New makes the connectors, all at once, because one account may serve the desk and
	// several places: one for each of places, under its ID, and the desk's under Desk if
	// env.Desk is there. It opens no connection.
	New func(env Env, account any, places []Place) ([]Connector, error)
	// Tools are sub-commands by which an operator sets the platform up.
	Tools []Tool
}

// Place is a [[public]] table of a kind.
type Place struct {
	ID       session.ConnectorID
	Settings any  // what Kind.Settings made
	Pin      bool // announcements are to be pinned, where the connector is a Pinner
}

// Checked are settings of an account or a place that know what is wrong with themselves.
type Checked interface {
	// Check notes by their keys what cannot work together, without asking anybody. The
	// values of single keys are of the right type already.
	Check(u Use, bad setting.Bad)
}

// Use is what a configuration wants of a kind.
type Use struct {
	Desk      bool // the desk is of this kind
	Places    []Place
	People    session.Directory // with their accounts at Kind.Desk
	PublicURL string            // as configured; may be empty
}

// Env is what the core gives the connectors of a kind.
type Env struct {
	Language  session.Language // of the institution
	Zone      *time.Location   // in which times are shown
	PublicURL string           // what addresses of the program begin with
	Now       func() time.Time
	Log       *slog.Logger

	// Of each connector there are a mailbox and a memory; replicas share them.
	Mailbox func(session.ConnectorID) Mailbox
	Memory  func(session.ConnectorID) Memory
	// Vault is sealed, and another one for each of, which is the token that the
	// configuration gives: one that was changed begins anew. See the package vault.
	Vault  func(c session.ConnectorID, of string) Vault
	Signer Signer
	// Admit counts one more question of a stranger whom no web server counts. It is TooMany,
	// with the time to wait, when there are too many of theirs.
	Admit  func(ctx context.Context, c session.ConnectorID, by session.UserRef) error
	Leases Leases
	Owner  string // a random name of the replica, for Leases
	// Spend waits until a place's budgets have what a request costs that the connector makes of
	// itself, and takes it, before a read where reading is not free.
	Spend func(ctx context.Context, c Connector, at session.PlaceID, r Request) error

	// Left is how much is left today of a connector's Budgets that have a calendar day, by their
	// names: for asking less often, and saying so, before one is used up.
	Left func(ctx context.Context, c Connector) (map[string]int, error)

	// Hours are what is on at a connector, for asking its platform no more than it takes.
	Hours func(context.Context, session.ConnectorID) (Hours, error)
	// Originals are those of the questions without an outcome that were asked at a connector,
	// while their hour is on: they may still be changed, removed or liked.
	Originals func(context.Context, session.ConnectorID) ([]session.Origin, error)

	Inbox PublicInbox
	// Enclose has pictures fetched that came with a question, once its words are stored; nil
	// where none are taken.
	Enclose func(ctx context.Context, es ...Enclosed) error
	// Near, for tests, takes the addresses of this machine for public ones where strangers say from
	// where something is to be fetched.
	Near      bool
	Reception func(session.ConnectorID) Reception
	// People are those who work here, with the accounts that are known now.
	People func() session.Directory
	Desk   *DeskEnv // nil unless the desk is of this kind
}

// Signer makes short signatures that can stand in an address: letters and digits.
type Signer interface {
	Mark(parts ...string) string
	Marked(mark string, parts ...string) bool
}

// DeskEnv is what a desk is given besides.
type DeskEnv struct {
	Inbox DeskInbox       // not to be called before Run
	Menu  []PublicCommand // what staff can type
	// Cards lists the cards of hours that somebody still works on, however old.
	Cards func(ctx context.Context) ([]session.MessageID, error)
	// Turn waits until a place of the desk takes one more message or edit of a class, and
	// counts it: for what a connector does there besides drawing cards.
	Turn func(ctx context.Context, c Connector, at session.PlaceID, class CardClass) error
}

// Tool is a sub-command "bot NAME TOOL" that asks nobody and needs no configuration.
type Tool struct {
	Name, Short, Long string
	Flags             []Flag
	// Run gives what to print. Its error says what is wrong with the flags.
	Run func(flags map[string]string) (string, error)
}

// Flag is one of a tool's, a text.
type Flag struct{ Name, Default, Usage string }

// Kinds are the platforms that a program has.
type Kinds []Kind

// Named finds a kind by its name.
func (ks Kinds) Named(name string) (Kind, bool) {
	i := slices.IndexFunc(ks, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return ks[i], true
}

// Desks are those that can be a desk.
func (ks Kinds) Desks() Kinds { return ks.that(func(k Kind) bool { return k.Desk != "" }) }

// Public are those that can be a place of the public.
func (ks Kinds) Public() Kinds { return ks.that(func(k Kind) bool { return k.Settings != nil }) }

func (ks Kinds) that(is func(Kind) bool) Kinds {
	return slices.DeleteFunc(slices.Clone(ks), func(k Kind) bool { return !is(k) })
}

// Names lists what the configuration calls them.
func (ks Kinds) Names() []string {
	var names []string
	for _, k := range ks {
		names = append(names, k.Name)
	}
	return names
}
