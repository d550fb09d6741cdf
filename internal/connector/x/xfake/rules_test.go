package xfake

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"experthour/internal/testenv"
)

const (
	mentions = "/2/users/" + Self + "/mentions"
	timeline = "/2/users/" + Self + "/tweets"
	search   = "/2/tweets/search/recent"
	without  = " -from:" + SelfName + " -@" + SelfName
	ilze     = "2244994945"
)

// TestSignature: each part of a signature is looked at, and the same request is taken once.
func TestSignature(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]struct {
		oauth vals
		why   string
	}{
		"right":          {nil, ""},
		"five minutes":   {vals{"oauth_timestamp": strconv.FormatInt(1_796_032_800-300, 10)}, ""},
		"wrong":          {vals{"oauth_signature": "AAAA"}, "signature"},
		"no base64":      {vals{"oauth_signature": "%%"}, "signature"},
		"none":           {vals{"oauth_signature": ""}, "signature"},
		"other key":      {vals{"oauth_consumer_key": "x"}, "key"},
		"other token":    {vals{"oauth_token": "x"}, "token"},
		"not at all":     {vals{"unsigned": "yes"}, "unsigned"},
		"plain text":     {vals{"oauth_signature_method": "PLAINTEXT"}, "method"},
		"old":            {vals{"oauth_timestamp": strconv.FormatInt(1_796_032_800-301, 10)}, "time"},
		"no nonce":       {vals{"oauth_nonce": ""}, "nonce"},
		"version of two": {vals{"oauth_version": "2.0"}, "method"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCaller(t)
			c.oauth = o.oauth
			s := c.get("/2/users/me", vals{"user.fields": "id,name ~ + % & ="})
			if o.why == "" {
				c.wants(name, s, 200, Self)
				return
			}
			c.wants(name, s, 401, "#fake-"+o.why)
		})
	}
	c := newCaller(t)
	c.oauth = vals{"oauth_nonce": "the-same-nonce"}
	c.wants("first", c.post("Vienreiz.", ""), 201, "Vienreiz.")
	c.wants("again", c.post("Divreiz.", ""), 401, "nonce")
}

// TestLife: a post is made, read, listed and deleted; ids are longer than a float64 can hold.
func TestLife(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	if s := c.get(timeline, nil); s.status != 200 || strings.Contains(s.body, `"data"`) {
		t.Errorf("an empty list is %s", s.body)
	}
	one := c.post("Jā <un> https://a.lv/b?c=d&e.", "").one()
	if n, err := strconv.ParseUint(one.ID, 10, 64); err != nil || n <= 1<<53 || !slices.Equal(one.History, []string{one.ID}) {
		t.Errorf("it is %+v", one)
	}
	got := c.get(timeline, vals{"post.fields": "entities,conversation_id"}).all()
	if len(got) != 1 || got[0].ID != one.ID || got[0].Conversation != one.ID || got[0].Author != "" ||
		!strings.HasPrefix(got[0].Text, "Jā &lt;un&gt; https://t.co/") ||
		len(got[0].Entities.URLs) != 1 || got[0].Entities.URLs[0].Full != "https://a.lv/b?c=d&e" {
		t.Errorf("listed %+v", got)
	}
	c.wants("delete", c.call("DELETE /2/tweets/"+one.ID, nil, ""), 200, `"deleted":true`)
	c.wants("delete again", c.call("DELETE /2/tweets/"+one.ID, nil, ""), 404, "resource-not-found")
	if s := c.get("/2/tweets", vals{"ids": one.ID}); s.status != 200 || len(s.Errors) != 1 || s.Errors[0].Value != one.ID || s.Data != nil {
		t.Errorf("what is gone is %s", s.body)
	}
}

// TestReplies: only under a post that names the account, or its own; not under one that is gone.
func TestReplies(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	named, talk := c.x.Write(ilze, "Kas, @Iestade?"), c.x.Write(ilze, "@iestadei Nē.")
	c.wants("named", c.post("Jā.", named), 201, "@user2244994945 Jā.")
	c.wants("not named", c.post("Jā.", talk), 403, "not been mentioned")
	own := c.post("Sākam!", "").one().ID
	under := c.x.Under(own, ilze, "Kad?")
	c.wants("under our own", c.post("Rīt.", own), 201, "")
	c.wants("a reply to ours", c.post("Rīt.", under), 403, "not been mentioned")
	c.x.Implicit(true)
	c.wants("a reply to ours, where that counts", c.post("Rīt.", under), 201, "")
	c.x.Remove(named)
	c.wants("gone", c.post("Nē.", named), 403, "deleted or not visible")
}

// TestRefused: each of X's refusals, and those of the fake.
func TestRefused(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	asked, other := c.x.Write(ilze, "@iestade Kas?"), c.x.Write(ilze, "@iestade Kad?")
	c.wants("one", c.post("Jā.", asked), 201, "")
	c.wants("a duplicate", c.post("Jā.", asked), 403, "duplicate content")
	c.wants("elsewhere", c.post("Jā.", other), 201, "")
	c.x.Strict(true)
	c.wants("anywhere", c.post("Jā.", ""), 403, "duplicate content")
	c.wants("longest", c.post(strings.Repeat("ā", 280), asked), 201, "")
	c.wants("too long", c.post(strings.Repeat("ā", 281), asked), 403, "too long")
	c.wants("no text", c.post(" \n", asked), 400, "invalid-request")
	c.wants("two cashtags", c.post("$AB $CD", asked), 403, "cashtag")
	c.wants("no id", c.post("x", "12a"), 400, "")
	c.wants("an unknown field", c.call("POST /2/tweets", nil, `{"text":"x","title":"y"}`), 400, "")
	c.wants("an unknown parameter", c.get(mentions, vals{"count": "5"}), 400, "[count]")
	c.wants("too few", c.get(mentions, vals{"max_results": "4"}), 400, "")
	c.wants("too many", c.get(mentions, vals{"max_results": "101"}), 400, "")
	c.wants("somebody else's", c.get("/2/users/1/mentions", nil), 403, "")
	c.wants("delete somebody else's", c.call("DELETE /2/tweets/"+asked, nil, ""), 403, "not authorized")
	c.wants("no call", c.get("/2/secrets", nil), 404, "")
	c.wants("no query", c.get(search, vals{"query": "from:x"}), 400, "no query")
	c.wants("no term", c.get(search, vals{"query": "(from:x)" + without}), 400, "no term")
	c.x.ReadOnly(true)
	if s := c.post("x", ""); s.status != 403 || s.header.Get("x-access-level") != "read" || !strings.Contains(s.Detail, "app permissions") {
		t.Errorf("read only: %s", s.body)
	}
	c.x.Revoke()
	c.wants("revoked", c.get(mentions, nil), 401, "Unauthorized")
	c.x.Restore()
	c.wants("restored", c.get(mentions, nil), 200, "")
}

// TestLists: in pages, the newest first, from an id or a time on, and late where they lag.
func TestLists(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	var ids []string
	for range 7 {
		ids = append(ids, c.x.Write(ilze, "@iestade Kas?"))
		c.clock.at = c.clock.at.Add(time.Second)
	}
	c.x.Write(ilze, "Nekas.")
	slices.Reverse(ids)
	page := c.get(mentions, vals{"max_results": "5"})
	rest := c.get(mentions, vals{"max_results": "5", "pagination_token": page.Meta.Next})
	if got := append(page.ids(), rest.ids()...); !slices.Equal(got, ids) || rest.Meta.Next != "" || page.Meta.Newest != ids[0] {
		t.Errorf("listed %q, want %q", got, ids)
	}
	if got := c.get(mentions, vals{"since_id": ids[2]}).ids(); !slices.Equal(got, ids[:2]) {
		t.Errorf("since an id %q", got)
	}
	from := c.clock.at.Add(-3 * time.Second).UTC().Format(time.RFC3339)
	if got := c.get(mentions, vals{"start_time": from}).ids(); !slices.Equal(got, ids[:3]) {
		t.Errorf("since a time %q", got)
	}
	c.x.Lag(2 * time.Second)
	if got := c.get(mentions, nil).ids(); !slices.Equal(got, ids[1:]) {
		t.Errorf("late %q", got)
	}
	c.x.Lag(0)
	c.x.Late(ids[3], time.Hour)
	if got := c.get(mentions, nil).ids(); slices.Contains(got, ids[3]) || len(got) != 6 {
		t.Errorf("one late %q", got)
	}
}

// TestSearch: replies to a post that call nobody of the account, and hashtags.
func TestSearch(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	above := c.x.Write(ilze, "Sākam!")
	plain, tagged := c.x.Under(above, ilze, "Kad?"), c.x.Write(ilze, "Cik? #Jautā")
	c.x.Under(above, ilze, "@iestade Kas?")
	s := c.get(search, vals{"query": "(in_reply_to_tweet_id:" + above + " OR #jautā)" + without, "expansions": "referenced_posts,author_id"})
	if !slices.Equal(s.ids(), []string{tagged, plain}) || s.all()[1].Above[0].ID != above || len(s.Includes.Posts) != 1 ||
		len(s.Includes.Users) != 1 {
		t.Errorf("found %s", s.body)
	}
}

// TestEdits: an edited post has another id and keeps the former ones; it is found by each of them.
func TestEdits(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	first := c.x.Write(ilze, "@iestade Kas?")
	second := c.x.Edit(first, "@iestade Kas tas?")
	c.x.Like(first, 3)
	c.x.OldNames(true)
	for _, id := range []string{first, second} {
		got := c.get("/2/tweets", vals{"ids": id, "post.fields": "public_metrics"}).all()
		if len(got) != 1 || got[0].ID != second || !slices.Equal(got[0].Old, []string{first, second}) || got[0].Metrics.Likes != 3 {
			t.Errorf("it is %+v", got)
		}
	}
}

// TestWindows: a quarter of an hour has so many calls, the headers say what is left, and then all is there again.
func TestWindows(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.x.Rate(Mentions, 2)
	ends := strconv.FormatInt(c.clock.at.Add(15*time.Minute).Unix(), 10)
	for i, want := range []int{200, 200, 429} {
		s := c.get(mentions, nil)
		c.clock.at = c.clock.at.Add(time.Minute)
		if s.status != want || s.header.Get("x-rate-limit-remaining") != strconv.Itoa(max(1-i, 0)) || s.header.Get("x-rate-limit-reset") != ends {
			t.Errorf("%d: %d %v", i, s.status, s.header)
		}
	}
	c.clock.at = c.clock.at.Add(12 * time.Minute)
	c.wants("the next window", c.get(mentions, nil), 200, "")
}

// TestMoney: each call costs what X says, what is read once a day, and without credit nothing is done.
func TestMoney(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	costs := func(what string, want int, do func()) {
		t.Helper()
		before := c.x.Spent()
		do()
		if got := c.x.Spent() - before; got != want {
			t.Errorf("%s costs %d, want %d", what, got, want)
		}
	}
	asked := c.x.Write(ilze, "@iestade Kas?")
	costs("a post", 15, func() { c.post("Jā.", "") })
	costs("a link", 200, func() { c.post("Skat. vid.gov.lv.", asked) })
	costs("a reply", 10, func() { c.post("Jā.", asked) })
	costs("a refusal", 0, func() { c.post("Jā.", asked) })
	costs("an empty list", 0, func() { c.get(search, vals{"query": "(#x)" + without}) })
	costs("a mention and its author", 11, func() { c.get(mentions, vals{"expansions": "author_id"}) })
	costs("the same on that day", 0, func() { c.get(mentions, vals{"expansions": "author_id"}) })
	c.clock.at = c.clock.at.Add(24 * time.Hour)
	costs("the same on the next", 1, func() { c.get(mentions, nil) })
	c.x.Credit(c.x.Spent())
	if s := c.post("Vēl.", asked); s.status != 402 || s.Title != "CreditsDepleted" {
		t.Errorf("without credit: %s", s.body)
	}
	c.x.Credit(c.x.Spent() + 1)
	c.wants("with some", c.post("Vēl.", asked), 201, "")
}

// TestFaults: what is answered, done and answered, and done and not answered.
func TestFaults(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.x.Answer(Create, 502, "no")
	c.wants("not done", c.post("Jā.", ""), 502, "no")
	c.x.Break(Create, 500, "no")
	c.wants("done", c.post("Nē.", ""), 500, "no")
	c.x.Hang(Create)
	r := c.request("POST", "/2/tweets", nil, `{"text":"Varbūt."}`)
	go func() {
		if resp, err := http.DefaultClient.Do(r); err == nil {
			_ = resp.Body.Close()
		}
	}()
	testenv.Until(t, "it is done", func() bool { return len(c.x.Posts()) == 2 })
	if c.x.Calls(Create) != 2 {
		t.Errorf("%d calls", c.x.Calls(Create))
	}
}

// TestWeightOfTexts: as X counts.
func TestWeightOfTexts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"Labdien!": 8, "„tā“ – …": 9, "€": 2, "👩‍👩‍👧‍👦": 2, "🇱🇻": 2, "❤️": 2,
		"https://a.lv/b?c=d un vid.gov.lv.": 51, "Nr.445": 6} {
		if got := Weight(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}
