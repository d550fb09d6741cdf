package telegram

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// handle is the @name of an account, as it was when Telegram was asked.
type handle struct {
	name string // in lower case, without @
	at   time.Time
}

// handleFor is how long a @name is believed: people change theirs rarely.
const handleFor = time.Hour

// colleague reports whether a mention is of somebody on the staff. Where that cannot be found
// out it may be: what is for colleagues must not become an answer.
func (t *Telegram) colleague(ctx context.Context, e models.MessageEntity, name string) bool {
	if t.opts.Staff == nil {
		return true
	}
	name = strings.ToLower(strings.TrimPrefix(name, "@"))
	for _, u := range t.opts.Staff() {
		id, err := strconv.ParseInt(string(u), 10, 64)
		switch {
		case err != nil:
			continue
		case e.User != nil:
			if e.User.ID == id {
				return true
			}
		default:
			if h, known := t.handleOf(ctx, id); !known || h == name {
				return true
			}
		}
	}
	return false
}

// handleOf is the @name of somebody, "" for none. known is false when Telegram did not say.
func (t *Telegram) handleOf(ctx context.Context, id int64) (name string, known bool) {
	t.mu.Lock()
	h, ok := t.handles[id]
	t.mu.Unlock()
	if ok && t.now().Sub(h.at) < handleFor {
		return h.name, true
	}
	m, err := t.member(ctx, t.moves.now(ctx, t.deskChat), id)
	switch {
	case connector.OutcomeOf(err).Outcome == connector.Refused: // nobody of the group has that account
		t.learnHandle(id, "")
		return "", true
	case err != nil || memberUser(m) == nil:
		return "", false
	}
	t.userOf(memberUser(m))
	return strings.ToLower(memberUser(m).Username), true
}

func (t *Telegram) learnHandle(id int64, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.handles[id] = handle{strings.ToLower(name), t.now()}
}

// userOf is somebody as the desk knows them, with what their account says of itself.
func (t *Telegram) userOf(u *models.User) connector.User {
	t.learnHandle(u.ID, u.Username)
	t.mu.Lock()
	t.names[u.ID] = u.FirstName
	t.mu.Unlock()
	return connector.User{Desk: t.opts.ID, ID: session.UserRef(userKey(u.ID)), Name: u.FirstName}
}
