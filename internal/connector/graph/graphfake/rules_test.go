package graphfake_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/graph/graphfake"
	"experthour/internal/testenv"
)

// toy is a platform of notes, which are made by containers.
type toy struct {
	*graphfake.API
	graphfake.Caller
	notes []note
}

type note struct {
	id string
	at time.Time
}

const first = "TOYAfirst"

func open(t *testing.T) *toy {
	p := &toy{Caller: graphfake.Caller{Clock: graphfake.NewClock(time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)), T: t, Token: first}}
	p.API = graphfake.Make(p.Clock.Now, graphfake.Account{Self: "1", Kind: "toy", Token: first, Scopes: []string{"basic", "write"}, First: 100,
		Grant: "toy_refresh", Basic: "basic"})
	of := graphfake.Path
	p.Operations = append(p.Operations,
		graphfake.Operation{Name: "notes", Verb: "GET", Path: of("/notes"), Params: []string{"limit", "after", "oldest"},
			Fields: []string{"id", "text"}, Scope: "basic", Do: p.list},
		graphfake.Operation{Name: "state", Verb: "GET", Path: of("/([0-9]+)"), Fields: []string{"id", "text", "status", "why"}, Do: p.state},
		graphfake.Operation{Name: "make", Verb: "POST", Path: of("/notes"), Params: []string{"text"}, Scope: "write", Do: p.make},
		graphfake.Operation{Name: "publish", Verb: "POST", Path: of("/publish"), Params: []string{"id"}, Scope: "write", Do: p.publish})
	p.Serve(t, p.API)
	p.Caller.URL = p.API.URL
	return p
}

func (p *toy) make(c graphfake.Call) (map[string]any, error) { return p.Contain(c.Form), nil }

func (p *toy) state(c graphfake.Call) (map[string]any, error) {
	if k := p.Container(c.At); k != nil {
		return p.Shown(c, k, "status", "why")
	}
	return nil, graphfake.Gone(c.At)
}

func (p *toy) publish(c graphfake.Call) (map[string]any, error) {
	k, err := p.Ready(c.Form.Get("id"), &graphfake.Failure{Code: 24, Text: "not ready"})
	if err != nil {
		return nil, err
	}
	k.Publish()
	p.notes = append(p.notes, note{p.Next(), p.API.Now()})
	return map[string]any{"id": p.notes[len(p.notes)-1].id}, nil
}

func (p *toy) list(c graphfake.Call) (map[string]any, error) {
	return graphfake.Listed(p.API, c, p.notes, func(n note) time.Time { return n.at }, graphfake.List[note]{Usual: 2, Most: 3,
		Oldest: c.Form.Get("oldest") == "true", ID: func(n note) string { return n.id },
		Shown: func(n note) (map[string]any, error) { return c.Picked(map[string]any{"id": n.id, "text": "x"}), nil }})
}

func (p *toy) stand() (n int) {
	p.Do(func() { n = len(p.notes) })
	return n
}

// TestStrict: what an operation does not name is refused, and so is a token at a wrong place.
func TestStrict(t *testing.T) {
	t.Parallel()
	p := open(t)
	for _, s := range []struct{ want, verb, to, params string }{
		{"100", "GET", "/nothing", ""}, {"100", "PUT", "/notes", ""}, {"100", "GET", "/notes", "fields=id,likes"},
		{"100", "GET", "/notes", "field=id"}, {"100", "GET", "/notes", "fields=id&fields=id"}, {"100", "POST", "/notes?text=x", ""},
		{"100", "POST", "/notes", "text=x&fields=id"}, {"100", "GET", "/notes", "limit=4"}, {"100", "GET", "/notes", "limit=x"},
		{"100 33", "GET", "/5", ""}, {"", "GET", "/notes", "fields=id,text&limit=3"},
	} {
		p.Gets(s.want, s.verb, s.to, s.params)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.Caller.URL+"/notes", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+first)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); !strings.Contains(string(body), `"code":190`) || !strings.Contains(string(body), `"fbtrace_id"`) {
		t.Errorf("in a header it is let in: %s", body)
	}
}

// TestToken: an unknown, revoked or ended one, and a permission that is missing. One that is a day
// old is renewed, and the old one holds as well.
func TestToken(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.Revoke()
	p.Gets("190", "GET", "/notes", "")
	p.Restore()
	const to, grant = "/refresh_access_token", "grant_type=toy_refresh"
	p.Gets("100", "GET", to, "grant_type=other")
	next := p.Gets("", "GET", to, grant)
	if next["expires_in"] != float64(60*24*3600) || next["token_type"] != "bearer" {
		t.Errorf("it gives %v", next)
	}
	p.Gets("", "GET", "/notes", "")
	p.Token = fmt.Sprint(next["access_token"])
	p.Gets("100", "GET", to, grant) // too young
	p.Pass(59 * 24 * time.Hour)
	p.Gets("", "GET", "/notes", "")
	p.Forbid("write")
	p.Gets("10", "POST", "/notes", "text=x")
	for _, p.Token = range []string{first, "x"} {
		p.Gets("190", "GET", "/notes", "")
	}
	p.Issue("y", 61*24*time.Hour)
	p.Token = "y"
	p.Gets("190", "GET", "/notes", "")
	if p.Calls("notes") != 2 {
		t.Errorf("%d calls were let in", p.Calls("notes"))
	}
}

// TestRate: calls in a day, with the headers that say how much is used, and for how long there is
// no more.
func TestRate(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.Rate(2)
	for i, want := range []string{`"call_count":50,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0`,
		`"call_count":100,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0`, `"estimated_time_to_regain_access":9`} {
		resp, err := p.Raw(t.Context(), "GET", "/notes", "")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := resp.Header.Get("X-Business-Use-Case-Usage"); !strings.Contains(got, want) || (resp.StatusCode == 400) != (i == 2) {
			t.Errorf("%d: %s with %s", i, resp.Status, got)
		}
	}
	p.Pass(24 * time.Hour)
	p.Gets("", "GET", "/notes", "")
}

// TestContainers: the states of one, and what may be published.
func TestContainers(t *testing.T) {
	t.Parallel()
	p := open(t)
	state := func(k string) string { return fmt.Sprint(p.Gets("", "GET", "/"+k, "fields=id,status,why")["status"]) }
	p.Prepare(30 * time.Second)
	k := p.Caller.Made("/notes", "text=x")
	p.Gets("100", "GET", "/"+k, "fields=text")
	p.Gets("24", "POST", "/publish", "id="+k)
	before := state(k)
	p.Pass(30 * time.Second)
	p.Unready(1)
	p.Gets("24", "POST", "/publish", "id="+k)
	finished, id := state(k), p.Caller.Made("/publish", "id="+k)
	got, want := []string{before, finished, state(k)}, []string{"IN_PROGRESS", "FINISHED", "PUBLISHED"}
	if !slices.Equal(got, want) || id == k || p.stand() != 1 {
		t.Errorf("it was %q, and is %s", got, id)
	}
	p.Gets("24", "POST", "/publish", "id="+k) // not twice
	p.Gets("24", "POST", "/publish", "id=5")
	p.Prepare(0)
	p.Containers.Fail()
	if got := state(p.Caller.Made("/notes", "text=x")); got != "ERROR" {
		t.Error(got)
	}
	k = p.Caller.Made("/notes", "text=x")
	p.Pass(24 * time.Hour)
	if got := state(k); got != "EXPIRED" || p.Containers.Made() != 3 {
		t.Error(got)
	}
	p.Gets("24", "POST", "/publish", "id="+k)
}

// TestLists: pages, the newest first, only so long after something was written; some repeat themselves.
func TestLists(t *testing.T) {
	t.Parallel()
	p := open(t)
	for range 5 {
		p.Pass(time.Second)
		p.Caller.Made("/publish", "id="+p.Caller.Made("/notes", "text=x"))
	}
	read := func(params string) (all []string) {
		for after := ""; len(all) < 10; {
			page, _ := p.Gets("", "GET", "/notes", params+"&after="+after)["paging"].(map[string]any)
			all = append(all, p.IDs("/notes", params+"&after="+after)...)
			if page["next"] == nil {
				break
			}
			after = fmt.Sprint(page["cursors"].(map[string]any)["after"])
		}
		return all
	}
	newest := read("limit=3")
	back := slices.Clone(newest)
	slices.Reverse(back)
	if oldest := read("oldest=true"); len(newest) != 5 || newest[0] < newest[4] || !slices.Equal(oldest, back) {
		t.Errorf("they are %q, backwards %q", newest, oldest)
	}
	p.Stutter(true)
	if got := read(""); len(got) != 10 || got[0] != got[2] {
		t.Errorf("it does not repeat itself: %q", got)
	}
	p.Stutter(false)
	p.Lag(time.Hour)
	if got := p.IDs("/notes", ""); len(got) != 0 {
		t.Errorf("too early there are %q", got)
	}
}

// TestFaults: did it and answered otherwise, did it and hung, did nothing and answered or hung.
func TestFaults(t *testing.T) {
	t.Parallel()
	p := open(t)
	publish := func(ctx context.Context) (*http.Response, error) {
		return p.Raw(ctx, "POST", "/publish", "id="+p.Caller.Made("/notes", "text=x"))
	}
	p.Answer("publish", 500, `{}`)
	p.Break("publish", 500, `{}`)
	for want := range 2 {
		resp, err := publish(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 500 || p.stand() != want {
			t.Errorf("%s with %d notes", resp.Status, p.stand())
		}
	}
	for i, fault := range []func(string){p.Stall, p.Hang} {
		fault("publish")
		ctx, giveUp := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			resp, err := publish(ctx)
			if err == nil {
				resp.Body.Close()
			}
			done <- err
		}()
		testenv.Until(t, "it is met", func() bool { return p.Waiting() == 0 })
		testenv.Until(t, "what it asks for is done", func() bool { return p.stand() == 1+i })
		giveUp()
		if err := <-done; err == nil {
			t.Error("it answers")
		}
	}
}
