package telegram

import (
	"strings"
	"testing"

	"experthour/internal/connector/telegram/telegramfake"
)

// TestPublicCheck: what keeps the public side from seeing or saying something is found.
func TestPublicCheck(t *testing.T) {
	t.Parallel()
	member, admin := []telegramfake.Setup{}, []telegramfake.Setup(nil)
	for name, c := range map[string]struct {
		setup  publicSetup
		change func(*square)
		want   string
	}{
		"group":  {publicSetup{desk: true, in: admin}, nil, "public_chat"},
		"member": {publicSetup{desk: true, in: member}, nil, "public_chat !public_no_reactions !public_sees_little"},
		"privacy off": {publicSetup{desk: true, in: member, setup: setup{fake: telegramfake.Options{PrivacyOff: true}}}, nil,
			"public_chat !public_no_reactions"},
		"restricted": {publicSetup{desk: true, in: member}, func(q *square) { q.talk.Restrict(q.anna, q.fake.Bot()) },
			"public_chat !public_cannot_post"},
		"out":     {publicSetup{desk: true}, func(q *square) { q.talk.Remove(q.anna, q.fake.Bot()) }, "!public_chat_refused"},
		"channel": {publicSetup{desk: true, channel: true}, nil, "public_chat public_discussion"},
		"no group": {publicSetup{desk: true, channel: true}, func(q *square) { q.opts.Chat = "-1009"; q.fake.Channel(-1009, "Alone") },
			"public_chat public_no_discussion"},
		"not in it": {publicSetup{desk: true, channel: true}, func(q *square) { q.talk.Remove(q.anna, q.fake.Bot()) },
			"public_chat !public_discussion_refused"},
		"cannot post": {publicSetup{desk: true, channel: true}, func(q *square) {
			q.chat.Promote(q.anna, q.fake.Bot(), telegramfake.CanManageChat)
		}, "public_chat !public_cannot_post public_discussion"},
		"desk there": {publicSetup{desk: true, channel: true}, func(q *square) { q.world.opts.DeskChat = "-1002000000002" },
			"public_chat !public_discussion_is_desk"},
		"private only": {publicSetup{desk: true, change: func(o *PublicOptions) { o.Chat = "" }}, nil, "public_private_only"},
		"no desk":      {publicSetup{}, nil, "bot receives public_chat"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newSquare(t, c.setup)
			if c.change != nil {
				c.change(q)
			}
			var ids []string
			for _, f := range q.make().Check(t.Context()) {
				id := strings.TrimPrefix(f.ID, "telegram.")
				if f.Bad {
					id = "!" + id
				}
				ids = append(ids, id)
			}
			if found := strings.Join(ids, " "); found != c.want {
				t.Errorf("found %s\nwant  %s", found, c.want)
			}
		})
	}
}
