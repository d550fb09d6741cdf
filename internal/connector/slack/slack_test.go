package slack

import (
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := Options{ID: "slack", Channel: "C1", Mode: Socket, Inbox: &inbox{}, Mailbox: connectortest.Watch(nil), Memory: newMemory()}
	if s, err := New(good); err != nil || s.ID() != "slack" || s.opts.APIURL != "https://slack.com/api/" {
		t.Errorf("%v", err)
	}
	for name, spoil := range map[string]func(*Options){
		"id": func(o *Options) { o.ID = "" }, "channel": func(o *Options) { o.Channel = "" }, "mode": func(o *Options) { o.Mode = "polling" },
		"inbox": func(o *Options) { o.Inbox = nil }, "mailbox": func(o *Options) {
			o.Mailbox = nil
		}, "memory": func(o *Options) { o.Memory = nil },
	} {
		o := good
		spoil(&o)
		if _, err := New(o); err == nil {
			t.Errorf("without %s it is made", name)
		}
	}
}

func TestAPIURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"http://x.lv/api", "http://x.lv/api/"} {
		if o := (Options{APIURL: url}).filled(); o.APIURL != "http://x.lv/api/" {
			t.Errorf("%s is %s", url, o.APIURL)
		}
	}
}

// All edits together stay below the 50 a minute that chat.update has, and every class
// of cards has a budget.
func TestBudgets(t *testing.T) {
	t.Parallel()
	l := (&Slack{}).Limits()
	perMinute := map[string]float64{}
	for class := range connector.CardClasses {
		b, ok := l.Cards[class]
		if !ok {
			t.Errorf("class %d has no budget", class)
		}
		perMinute[b.Name] = float64(b.Rate.Most) * float64(time.Minute) / float64(b.Rate.Per)
	}
	if edits := perMinute["edit"] + perMinute["board"]; edits > 50 || perMinute["post"] > 60 || len(perMinute) != 3 {
		t.Errorf("a minute: %v", perMinute)
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	for what, ok := range map[string]bool{
		"desk": has[connector.Desk](w), "card finder": has[connector.CardFinder](w), "caller": has[connector.Caller](
			w), "roster": has[connector.Roster](w),
		"hooked": has[connector.Hooked](w), "checker": has[connector.Checker](w), "troubled": has[connector.Troubled](w),
	} {
		if !ok {
			t.Errorf("no %s", what)
		}
	}
}

func has[T any](w *world) bool {
	_, ok := connector.As[T](w.Slack)
	return ok
}
