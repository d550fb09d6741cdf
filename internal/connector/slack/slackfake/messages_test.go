package slackfake_test

import (
	"slices"
	"strconv"
	"testing"

	"experthour/internal/connector/slack/slackfake"
)

func TestTimestampsAreUniqueAndIncrease(t *testing.T) {
	t.Parallel()
	c := newClock() // stands still
	r, w := start(t, slackfake.Options{NoLimits: true, Now: c.Now})
	w.Channel("C1")
	last := ""
	for i := range 50 {
		ts := r.post("text", strconv.Itoa(i))
		if ts <= last || len(ts) != len("1772366400.000001") {
			t.Fatalf("%q after %q", ts, last)
		}
		last = ts
	}
}

func TestChannelErrors(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	c1, g1 := w.Channel("C1"), w.PrivateChannel("G1")
	ts := r.post("text", "x")
	post := func(ch string) answer { return r.call("chat.postMessage", "channel", ch, "text", "x") }
	wantCode(t, post("C404"), "channel_not_found")
	c1.Archive()
	wantCode(t, post("C1"), "is_archived")
	wantCode(t, r.call("chat.update", "channel", "C1", "ts", ts, "text", "y"), "is_inactive")
	c1.Unarchive()
	c1.RemoveBot()
	wantCode(t, post("C1"), "not_in_channel")
	wantCode(t, r.call("conversations.history", "channel", "C1"), "not_in_channel")
	wantOK(t, r.call("conversations.info", "channel", "C1"))
	wantOK(t, r.call("conversations.join", "channel", "C1"))
	wantOK(t, post("C1"))
	g1.RemoveBot()
	wantCode(t, post("G1"), "channel_not_found")
	wantCode(t, r.call("conversations.info", "channel", "G1"), "channel_not_found")
	g1.InviteBot()
	wantOK(t, post("G1"))
}

func TestUpdateAndDelete(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	c1 := w.Channel("C1")
	ts := r.post("text", "one", "blocks", []any{section("block")}, "metadata", object{"event_type": "e", "event_payload": object{"a": "b"}})
	hers := w.User("U1", "Anna", "").Say(c1, "hers")
	update := func(pairs ...any) answer {
		return r.call("chat.update", append([]any{"channel", "C1", "ts", ts}, pairs...)...)
	}
	wantOK(t, update("text", "two"))
	m := c1.Messages()[0]
	if m.Text() != "block" || m.Raw() != "two" || m.Metadata() == nil {
		t.Errorf("blocks and metadata must stay: %q %q %v", m.Text(), m.Raw(), m.Metadata())
	}
	wantOK(t, update("text", "three", "blocks", []any{}, "metadata", object{}))
	if m.Text() != "three" || m.Metadata() != nil {
		t.Errorf("blocks and metadata must go: %q %v", m.Text(), m.Metadata())
	}
	wantCode(t, update("text", letters(4001)), "msg_too_long")
	wantOK(t, update("text", letters(4000)))
	wantCode(t, update(), "no_text")
	wantCode(t, r.call("chat.update", "channel", "C1", "ts", hers.TS(), "text", "x"), "cant_update_message")
	wantCode(t, r.call("chat.delete", "channel", "C1", "ts", hers.TS()), "cant_delete_message")
	wantOK(t, r.call("chat.delete", "channel", "C1", "ts", ts))
	wantCode(t, r.call("chat.delete", "channel", "C1", "ts", ts), "message_not_found")
	wantCode(t, update("text", "x"), "message_not_found")
}

func TestLongTextIsCut(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{})
	w.Channel("C1")
	r.post("text", letters(40001))
	if n := len(w.Channel("C1").Messages()[0].Raw()); n != 40000 {
		t.Errorf("%d characters", n)
	}
}

func TestThreadsAndDeletedRoots(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	c1, anna := w.Channel("C1"), w.User("U1", "Anna", "")
	root := anna.Say(c1, "root")
	r.post("text", "first", "thread_ts", root.TS())
	anna.Reply(root, "second")
	a := r.call("conversations.replies", "channel", "C1", "ts", root.TS())
	if got := texts(a.messages()); got != "root,first,second" {
		t.Errorf("replies %s", got)
	}
	if got := texts(r.call("conversations.history", "channel", "C1").messages()); got != "root" {
		t.Errorf("history %s", got)
	}
	if n := a.messages()[0]["reply_count"]; n != 2.0 {
		t.Errorf("reply_count %v", n)
	}
	if err := root.Remove(); err != nil {
		t.Fatal(err)
	}
	late := r.call("chat.postMessage", "channel", "C1", "text", "late", "thread_ts", root.TS())
	if m := late.body["message"].(object); m["thread_ts"] != nil {
		t.Errorf("a reply to a deleted root must land outside: %s", late.text)
	}
	again := r.call("conversations.replies", "channel", "C1", "ts", root.TS()).messages()
	if again[0]["subtype"] != "tombstone" || len(again) != 3 {
		t.Errorf("got %v", again)
	}
	lone := r.post("text", "lone")
	r.call("chat.delete", "channel", "C1", "ts", lone)
	wantCode(t, r.call("conversations.replies", "channel", "C1", "ts", lone), "thread_not_found")
}

func TestRepliesThatAreLost(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	c1, anna := w.Channel("C1"), w.User("U1", "Anna", "")
	root := anna.Say(c1, "root")
	c1.LoseReplies()
	r.post("text", "ours", "thread_ts", root.TS())
	anna.Reply(root, "hers")
	if got := texts(r.call("conversations.replies", "channel", "C1", "ts", root.TS()).messages()); got != "root,hers" {
		t.Errorf("replies %s", got)
	}
}

func TestPagingAndMetadataOnRequest(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	w.Channel("C1")
	root := r.post("text", "root", "metadata", object{"event_type": "e", "event_payload": object{"k": "v"}})
	for i := range 5 {
		r.post("text", strconv.Itoa(i), "thread_ts", root)
	}
	first := r.call("conversations.replies", "channel", "C1", "ts", root, "limit", "3")
	second := r.call("conversations.replies", "channel", "C1", "ts", root, "limit", "3", "cursor", cursor(first))
	if texts(first.messages()) != "root,0,1,2" || texts(second.messages()) != "root,3,4" || cursor(second) != "" {
		t.Errorf("%s then %s", texts(first.messages()), texts(second.messages()))
	}
	if first.messages()[0]["metadata"] != nil {
		t.Error("metadata without being asked for")
	}
	with := r.call("conversations.replies", "channel", "C1", "ts", root, "include_all_metadata", "true")
	if with.messages()[0]["metadata"] == nil {
		t.Error("no metadata")
	}
	w.RemoveScope("metadata.message:read")
	without := r.call("conversations.replies", "channel", "C1", "ts", root, "include_all_metadata", "true")
	if without.messages()[0]["metadata"] != nil {
		t.Error("metadata without the scope")
	}
	for _, bad := range []any{"{", object{"event_type": "e"}, []any{}} {
		wantCode(t, r.call("chat.postMessage", "channel", "C1", "text", "x", "metadata", bad), "invalid_metadata_format")
	}
}

func TestHistoryWindow(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	w.Channel("C1")
	var ts []string
	for i := range 1005 {
		ts = append(ts, r.post("text", strconv.Itoa(i)))
	}
	if n := len(r.call("conversations.history", "channel", "C1", "limit", "2000").messages()); n != 999 {
		t.Errorf("limit 2000 gave %d", n)
	}
	if n := len(r.call("conversations.history", "channel", "C1").messages()); n != 100 {
		t.Errorf("no limit gave %d", n)
	}
	one := r.call("conversations.history", "channel", "C1", "oldest", ts[1000])
	if got := texts(one.messages()); got != "1004,1003,1002,1001" {
		t.Errorf("oldest: %s", got)
	}
	two := r.call("conversations.history", "channel", "C1", "oldest", ts[1000], "latest", ts[1002], "inclusive", "1", "limit", "2")
	three := r.call("conversations.history", "channel", "C1", "oldest", ts[1000], "latest", ts[1002], "inclusive", "1", "limit",
		"2", "cursor", cursor(two))
	if texts(two.messages()) != "1002,1001" || texts(three.messages()) != "1000" {
		t.Errorf("window: %s then %s", texts(two.messages()), texts(three.messages()))
	}
}

func TestEphemeral(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	c1, anna := w.Channel("C1"), w.User("U1", "Anna", "")
	whisper := func(user string) answer {
		return r.call("chat.postEphemeral", "channel", "C1", "user", user, "text", "psst")
	}
	wantCode(t, whisper("U1"), "user_not_in_channel")
	c1.Join(anna)
	a := whisper("U1")
	wantOK(t, a)
	if len(r.call("conversations.history", "channel", "C1").messages()) != 0 {
		t.Error("an ephemeral message is in the history")
	}
	wantCode(t, r.call("chat.update", "channel", "C1", "ts", a.str("message_ts"), "text", "x"), "message_not_found")
	wantCode(t, r.call("chat.delete", "channel", "C1", "ts", a.str("message_ts")), "message_not_found")
	if got := w.Private(anna); len(got) != 1 || got[0].Text() != "psst" {
		t.Errorf("private %v", got)
	}
	anna.Deactivate()
	wantCode(t, whisper("U1"), "user_not_in_channel")
}

func TestPinsAndReactions(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	c1 := w.Channel("C1")
	ts := r.post("text", "x")
	mark := func(method string, pairs ...any) answer {
		return r.call(method, append([]any{"channel", "C1", "timestamp", ts}, pairs...)...)
	}
	wantCode(t, mark("pins.remove"), "no_pin")
	wantOK(t, mark("pins.add"))
	wantCode(t, mark("pins.add"), "already_pinned")
	if items := r.call("pins.list", "channel", "C1").body["items"].([]any); len(items) != 1 || !c1.Messages()[0].IsPinned() {
		t.Errorf("pins %v", items)
	}
	wantOK(t, mark("pins.remove"))
	wantCode(t, mark("reactions.remove", "name", "eyes"), "no_reaction")
	wantOK(t, mark("reactions.add", "name", "eyes"))
	wantCode(t, mark("reactions.add", "name", "eyes"), "already_reacted")
	if got := c1.Messages()[0].Reactions(nil); !slices.Equal(got, []string{"eyes"}) {
		t.Errorf("reactions %v", got)
	}
	wantOK(t, mark("reactions.remove", "name", "eyes"))
	wantCode(t, mark("reactions.add"), "invalid_name")
	wantCode(t, r.call("pins.add", "channel", "C1", "timestamp", "1.000000"), "message_not_found")
	wantCode(t, r.call("pins.add", "channel", "C1"), "no_item_specified")
	wantCode(t, r.call("pins.add", "channel", "C1", "timestamp", "soon"), "bad_timestamp")
}

func TestScheduledWithMetadataIsNeverPosted(t *testing.T) {
	t.Parallel()
	c := newClock()
	r, w := start(t, slackfake.Options{NoLimits: true, Now: c.Now})
	c1 := w.Channel("C1")
	due := strconv.FormatInt(c.Now().Unix(), 10)
	wantOK(t, r.call("chat.scheduleMessage", "channel", "C1", "post_at", due, "text", "lost", "metadata",
		object{"event_type": "e", "event_payload": object{}}))
	wantOK(t, r.call("chat.scheduleMessage", "channel", "C1", "post_at", due, "text", "comes"))
	if c1.WaitMessage(within(t), "comes") == nil || c1.Find("lost") != nil {
		t.Error(c1.Dump())
	}
	wantCode(t, r.call("chat.scheduleMessage", "channel", "C1", "post_at", "5", "text", "x"), "time_in_past")
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	w.User("U1", "Anna", "")
	opened := r.call("conversations.open", "users", "U1").body["channel"].(object)["id"].(string)
	posted := r.call("chat.postMessage", "channel", "U1", "text", "hi")
	if posted.str("channel") != opened || opened[0] != 'D' {
		t.Errorf("opened %s, posted to %s", opened, posted.str("channel"))
	}
	wantCode(t, r.call("conversations.open", "users", "U404"), "user_not_found")
}

func TestPeopleAndGroups(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	anna, boris := w.User("U1", "Anna Ozola", "anna@example.org"), w.User("U2", "Boris", "")
	c1 := w.Channel("C1").Join(anna, boris)
	group := w.Group("S1", "editors", anna)
	email := func() any {
		return r.call("users.info", "user", "U1").body["user"].(object)["profile"].(object)["email"]
	}
	if email() != "anna@example.org" || !r.call("users.lookupByEmail", "email", "ANNA@example.org").ok() {
		t.Error("no e-mail")
	}
	w.RemoveScope("users:read.email")
	if email() != nil {
		t.Error("an e-mail without the scope")
	}
	w.AddScope("users:read.email")
	wantCode(t, r.call("users.info", "user", "U9"), "user_not_found")
	wantCode(t, r.call("users.lookupByEmail", "email", "no@example.org"), "users_not_found")
	users := func() string { return r.call("usergroups.users.list", "usergroup", "S1").text }
	if users() != `{"ok":true,"users":["U1"]}` {
		t.Error(users())
	}
	group.Set(boris)
	if users() != `{"ok":true,"users":["U2"]}` {
		t.Error(users())
	}
	wantCode(t, r.call("usergroups.users.list", "usergroup", "S9"), "no_such_subteam")
	anna.Deactivate()
	wantCode(t, r.call("users.lookupByEmail", "email", "anna@example.org"), "users_not_found")
	first := r.call("conversations.members", "channel", c1.ID(), "limit", "2")
	second := r.call("conversations.members", "channel", c1.ID(), "limit", "2", "cursor", cursor(first))
	if len(first.body["members"].([]any)) != 2 || len(second.body["members"].([]any)) != 1 {
		t.Errorf("%s %s", first.text, second.text)
	}
}
