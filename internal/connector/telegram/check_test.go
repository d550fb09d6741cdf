package telegram

import (
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	ids := func(tg *Telegram) (all []string) {
		for _, f := range tg.Check(t.Context()) {
			id := strings.TrimPrefix(f.ID, "telegram.")
			if f.Bad {
				id = "!" + id
			}
			all = append(all, id)
		}
		return all
	}
	staff := func(o *Options) { o.Staff = func() []session.UserRef { return []session.UserRef{"11", "12", "x"} } }
	for name, c := range map[string]struct {
		setup  setup
		change func(*world)
		want   string
	}{
		"all is well": {setup{}, func(*world) {}, "bot receives desk !staff_not_started !staff_unknown"},
		"a member": {setup{chat: []telegramfake.Setup{func(*telegramfake.Chat) {}}}, func(*world) {},
			"bot receives desk !not_admin !privacy_on !staff_not_started !staff_unknown"},
		"rights": {setup{chat: []telegramfake.Setup{telegramfake.Forum, telegramfake.BotAdmin(telegramfake.CanManageChat)}}, func(*world) {},
			"bot receives desk forum !admin_right_missing !admin_right_missing !admin_right_missing !staff_not_started !staff_unknown"},
		"out": {setup{}, func(w *world) { w.desk.Remove(w.anna, w.fake.Bot()) },
			"bot receives !chat_refused !staff_not_started !staff_unknown"},
		"moved": {setup{basic: true}, func(w *world) { w.desk.Move(w.anna, deskChat) },
			"bot receives desk desk_moved !staff_not_started !staff_unknown"},
		"token": {setup{}, func(w *world) { w.fake.Fault("getMe", 1, telegramfake.Refuse(401, "Unauthorized")) }, "!no_answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.setup)
			c.change(w)
			tg := w.make(staff)
			if name == "moved" {
				_ = tg.touch(t.Context(), tg.deskChat)
			}
			if got := strings.Join(ids(tg), " "); got != c.want {
				t.Errorf("found %s\nwant  %s", got, c.want)
			}
		})
	}
	w := newWorld(t, setup{})
	hook := w.make(func(o *Options) { o.Mode, o.WebhookSecret = Webhook, hookSecret })
	if got := strings.Join(ids(hook), " "); !strings.HasPrefix(got, "bot !webhook_missing") {
		t.Errorf("found %s", got)
	}
	if err := (hooked{hook}).Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ids(w.make()), " "); !strings.HasPrefix(got, "bot !webhook_in_the_way") {
		t.Errorf("found %s", got)
	}
}

// roomy reports whether as much fits as Telegram takes, where an emoji is two.
func roomy(l connector.Longest) bool {
	full := strings.Repeat("👍", 2048)
	return l.Fits(full) && !l.Fits(full+"a")
}

func TestLimits(t *testing.T) {
	t.Parallel()
	l := newWorld(t, setup{}).make().Limits()
	total := l.Cards[connector.CardPressed].Rate.Most + l.BoardPressed.Rate.Most + l.Cards[connector.CardNew].Rate.Most
	shared := l.BoardPressed.Name == l.Cards[connector.CardBoard].Name
	if total != 20 || !shared || l.Cards[connector.CardNew].Name != l.Cards[connector.CardOther].Name || !roomy(l.Longest) {
		t.Errorf("limits %+v", l)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	good := newWorld(t, setup{}).opts
	for name, change := range map[string]func(*Options){
		"no id":       func(o *Options) { o.ID = "" },
		"token":       func(o *Options) { o.Token = "secret" },
		"chat":        func(o *Options) { o.DeskChat = "12" },
		"chat's name": func(o *Options) { o.DeskChat = "@desk" },
		"mode":        func(o *Options) { o.Mode = "x" },
		"secret":      func(o *Options) { o.Mode, o.WebhookSecret = Webhook, "a b" },
		"address":     func(o *Options) { o.Mode, o.WebhookSecret, o.PublicURL = Webhook, "a", "" },
		"mailbox":     func(o *Options) { o.Mailbox = nil },
		"owner":       func(o *Options) { o.Leases, o.Owner = frozen{}, "" },
	} {
		o := good
		change(&o)
		if _, err := New(o); err == nil || strings.Contains(err.Error(), "secret\"") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
