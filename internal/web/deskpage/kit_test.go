package deskpage

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata"

	"experthour/internal/connector"
	"experthour/internal/connector/sandbox"
	"experthour/internal/desk/view"
	"experthour/internal/keyring"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

const (
	anna   = session.PersonName("Anna Bērziņa")
	olga   = session.PersonName("Olga Liepa")
	janis  = session.PersonName("Jānis Kalniņš")
	ilze   = session.PersonName("Ilze Ozola")
	vilnis = session.PersonName("Vilnis Vītols")
	slug   = session.ID("tax")
	place  = session.ConnectorID("sandbox")
)

var staff = session.Directory{
	{Name: anna, Role: session.Moderator},
	{Name: olga, Role: session.Moderator},
	{Name: janis, Role: session.ExpertRole, Office: "Tax Office"},
	{Name: ilze, Role: session.ExpertRole}, // answers in no hour here
	{Name: vilnis, Role: session.Observer},
}

// kit is a whole desk over a store of its own, with a clock that only the test moves.
type kit struct {
	t      testing.TB
	store  *redistest.Store
	svc    *session.Service
	desk   Options
	server *httptest.Server
	tokens Tokens
	clock  *atomic.Int64
	asked  int
}

var start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func (k *kit) now() time.Time                { return time.Unix(0, k.clock.Load()).UTC() }
func (k *kit) pass(d time.Duration)          { k.clock.Add(int64(d)) }
func (k *kit) ref(n int) session.QuestionRef { return session.QuestionRef{Session: slug, Number: n} }

func init() { wording.Add(sandbox.Kind.Words) }

// newKit opens an hour that began ten minutes ago.
func newKit(t testing.TB, change ...func(*Options)) *kit {
	t.Helper()
	k := &kit{t: t, clock: &atomic.Int64{}}
	k.clock.Store(start.UnixNano())
	k.store = redistest.New(t, k.now)
	pretend := sandbox.New(sandbox.Options{ID: place, Place: "p", Now: k.now})
	limits := func(id session.ConnectorID) (connector.Limits, bool) { return pretend.Limits(), id == place }
	hides := func(id session.ConnectorID) bool { return id == place }
	k.svc = &session.Service{Store: k.store, Hides: hides,
		Keys: keyring.Ring{"a secret of the tests"}.For(keyring.Record), Staff: staff, Now: k.now,
		Typed:   k.store,
		Places:  []session.Target{{Connector: place, Place: "p"}},
		Planner: routing.Planner{Limits: limits, PublicURL: "http://localhost"}}
	s, err := site.New(site.Config{Institution: "Tax Office", Language: session.English, PublicURL: "http://localhost",
		Log: slog.New(slog.DiscardHandler), Now: k.now})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	k.tokens = NewTokens(keyring.Ring{"a secret of the tests"}, k.now)
	reasons := []view.Reason{reason("off_topic", "Not about the topic."), reason("offensive", "Offensive words."),
		reason(session.NotReached, "There was not enough time.")}
	k.desk = Options{Service: k.svc, Store: k.store, Staff: staff, Site: s, Hub: s.NewHub(ctx, k.store), Tokens: k.tokens,
		Logins: k.store.Logins(), Leases: k.store.Leases(),
		Views: &view.Desk{Store: k.store, Preview: k.svc.Preview, Alike: k.svc.Alike, Guide: guide(k.svc), Hides: hides, Leases: k.store.Leases(),
			Words: wording.In(session.English), Reasons: func() []view.Reason { return reasons },
			Places:    []view.Place{{Target: session.Target{Connector: place, Place: "p"}, Name: "Sandbox place"}},
			PublicURL: "http://localhost", Sign: "Q", Now: k.now},
		Connectors: []connector.Connector{pretend}, Now: k.now,
		Hour: hourly(session.Hour{Language: session.English, Zone: "Europe/Riga", Desk: session.Desk{Connector: session.DeskPage},
			Reasons: []string{"off_topic", "offensive", session.NotReached}})}
	for _, c := range change {
		c(&k.desk)
	}
	k.serve()
	return k
}

func hourly(h session.Hour) func() session.Hour { return func() session.Hour { return h } }

func reason(id, text string) view.Reason {
	return view.Reason{ID: id, Texts: map[session.Language]string{session.English: text, session.Latvian: text}}
}

// open schedules and starts the hour.
func (k *kit) open() *kit {
	k.t.Helper()
	h := k.desk.Hour()
	h.Slug, h.Title, h.Experts = slug, "Taxes & you", []session.Expert{{Name: janis}}
	h.Targets = []session.Target{k.desk.Views.Places[0].Target}
	h.Start, h.End = k.now(), k.now().Add(time.Hour)
	if _, err := k.svc.Schedule(k.t.Context(), session.Actor{Name: anna, Role: session.Moderator}, h); err != nil {
		k.t.Fatal(err)
	}
	k.session(session.StartSession{})
	return k
}

func (k *kit) serve() {
	k.t.Helper()
	h, err := Handler(k.desk)
	if err != nil {
		k.t.Fatal(err)
	}
	k.server = httptest.NewServer(k.desk.Site.Wrap(h))
	k.t.Cleanup(k.server.Close)
}

func (k *kit) session(cmd session.SessionCommand) {
	k.t.Helper()
	if _, err := k.svc.DoSession(k.t.Context(), session.Actor{Name: anna, Role: session.Moderator}, slug, cmd); err != nil {
		k.t.Fatal(err)
	}
}

// ask stores a question and returns its number.
func (k *kit) ask(text string) int {
	k.t.Helper()
	k.asked++
	q, _, err := k.svc.Ask(k.t.Context(), session.Asked{Session: slug, Key: fmt.Sprint(k.asked), Text: text, Language: session.English,
		Origin: session.Origin{Connector: place, Place: "p", Message: session.MessageID(fmt.Sprint("m", k.asked)),
			URL: "https://sandbox.example/" + fmt.Sprint(k.asked)}})
	if err != nil {
		k.t.Fatal(err)
	}
	return q.Ref.Number
}

func as(name session.PersonName) session.Actor {
	p, _ := staff.Find(name)
	return p.Actor()
}

// do gives a command directly.
func (k *kit) do(name session.PersonName, cmd session.Command) session.Question {
	k.t.Helper()
	r, err := k.svc.Do(k.t.Context(), as(name), cmd)
	if err != nil {
		k.t.Fatalf("%s %s: %v", name, cmd.Verb(), err)
	}
	return r.Question
}

func (k *kit) on(n int) session.On { return session.On{Question: k.ref(n)} }

func (k *kit) question(n int) session.Question {
	k.t.Helper()
	qs, err := k.store.Questions(k.t.Context(), slug, n)
	if err != nil {
		k.t.Fatal(err)
	}
	return qs[0]
}

// reviewed asks, accepts and answers a question.
func (k *kit) reviewed(text, answer string) int {
	n := k.ask(text)
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	k.do(janis, session.SubmitAnswer{On: k.on(n), Text: answer})
	return n
}

// approve approves the newest revision.
func (k *kit) approve(n int) {
	k.t.Helper()
	q := k.question(n)
	ses, err := k.store.Session(k.t.Context(), slug)
	if err != nil {
		k.t.Fatal(err)
	}
	_, digest := k.svc.Preview(ses, q)
	k.do(anna, session.ApproveAnswer{On: k.on(n), Revision: q.Latest().Number, Digest: digest})
}

// published approves and sends every copy.
func (k *kit) published(text, answer string) int {
	n := k.reviewed(text, answer)
	k.approve(n)
	for _, c := range k.question(n).Copies {
		if c.Due() {
			k.record(session.RecordSent{On: k.on(n), Copy: c.Key(), Brought: c.Wanted, Message: "x"})
		}
	}
	return n
}

func (k *kit) record(cmd session.Command) {
	k.t.Helper()
	if _, err := k.svc.Do(k.t.Context(), session.Program, cmd); err != nil {
		k.t.Fatal(err)
	}
}

// park makes the copy at the sandbox wait for a person.
func (k *kit) park(n int, p session.Problem) string {
	k.t.Helper()
	for _, c := range k.question(n).Copies {
		if c.Connector == place && c.Kind == session.KindAnswer {
			k.record(session.RecordParked{On: k.on(n), Copy: c.Key(), Trying: c.Wanted, Problem: p, Detail: "no answer"})
			return c.Key()
		}
	}
	k.t.Fatal("no copy at the sandbox")
	return ""
}

// A browser keeps cookies and follows redirects.
type browser struct {
	t      testing.TB
	k      *kit
	client *http.Client
	home   string
	loads  int
}

// shown is an answer as a browser has it.
type shown struct {
	status int
	body   string
	url    *url.URL
	header http.Header
}

func (k *kit) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return &browser{t: k.t, k: k, client: &http.Client{Jar: jar}}
}

// login follows a link of a person, and presses the button behind it.
func (b *browser) login(name session.PersonName) *browser {
	b.t.Helper()
	b.home = home(name)
	if p := b.follow(b.k.link(name)); p.status != http.StatusOK || p.url.Path != b.home || p.url.RawQuery != "" {
		b.t.Fatalf("login of %s: %d at %s", name, p.status, p.url)
	}
	return b
}

// link is the path of a link for a person, who stays logged in elsewhere.
func (k *kit) link(name session.PersonName) string {
	k.t.Helper()
	since, err := k.desk.Logins.Since(k.t.Context(), name)
	if err != nil {
		k.t.Fatal(err)
	}
	return k.tokens.Link("", name, since)
}

// token is a token of the API.
func (k *kit) token(name session.PersonName) string {
	k.t.Helper()
	since, err := k.desk.Logins.Since(k.t.Context(), name)
	if err != nil {
		k.t.Fatal(err)
	}
	return k.tokens.API(name, since, Life)
}

// follow opens a link and presses the button behind it.
func (b *browser) follow(path string) shown {
	b.t.Helper()
	page := b.get(path)
	action := strings.TrimSuffix(page.url.Path, "/"+string(slug)) + "/_login"
	return b.post(action, page.form(b.t, action))
}

func (k *kit) as(name session.PersonName) *browser { return k.browser().login(name) }

func (b *browser) get(path string) shown {
	b.t.Helper()
	r, err := b.client.Get(b.k.server.URL + path)
	return b.read(r, err)
}

func (b *browser) post(path string, form url.Values) shown {
	b.t.Helper()
	r, err := b.client.PostForm(b.k.server.URL+path, form)
	return b.read(r, err)
}

func (b *browser) read(r *http.Response, err error) shown {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.loads++
	return shown{r.StatusCode, string(body), r.Request.URL, r.Header}
}

// at is the path of the session's desk.
func (b *browser) at() string { return b.home + "/" + string(slug) }

// press posts a verb on question n.
func (b *browser) press(n int, verb session.Verb, form url.Values) shown {
	b.t.Helper()
	return b.post(fmt.Sprintf("%s/q/%d/%s", b.at(), n, verb), form)
}

func (p shown) want(t testing.TB, status int, parts ...string) shown {
	t.Helper()
	if p.status != status {
		t.Fatalf("%s: status %d, want %d\n%s", p.url, p.status, status, p.text())
	}
	for _, part := range parts {
		if !strings.Contains(p.body, part) && !strings.Contains(p.text(), part) {
			t.Errorf("%s: no %q in:\n%s", p.url, part, p.text())
		}
	}
	return p
}

func (p shown) without(t testing.TB, parts ...string) shown {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(p.body, part) {
			t.Errorf("%s: %q stands in:\n%s", p.url, part, p.text())
		}
	}
	return p
}

var field = regexp.MustCompile(`<input type="hidden" name="([a-z0-9]+)" value="([^"]*)"`)

// text is what a person reads, without the markup. It is asked for on every page, and expressions for
// it took half of all the memory that these tests use.
func (p shown) text() string {
	_, main, _ := strings.Cut(p.body, "<main")
	var b strings.Builder
	for main != "" {
		var read string
		read, main, _ = strings.Cut(main, "<")
		for word := range strings.FieldsSeq(read) {
			b.WriteString(word + " ")
		}
		_, main, _ = strings.Cut(main, ">")
	}
	return unescape.Replace(b.String())
}

var unescape = strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&amp;", "&", "&lt;", "<", "&gt;", ">")

// form reads the hidden fields of the form with that action.
func (p shown) form(t testing.TB, action string) url.Values {
	t.Helper()
	_, rest, ok := strings.Cut(p.body, `action="`+action+`"`)
	if !ok {
		t.Fatalf("no form for %s in:\n%s", action, p.text())
	}
	rest, _, _ = strings.Cut(rest, "</form>")
	values := url.Values{}
	for _, m := range field.FindAllStringSubmatch(rest, -1) {
		values.Set(m[1], unescape.Replace(m[2]))
	}
	return values
}

// api calls the JSON API with a person's token.
func (k *kit) api(name session.PersonName, method, path, body string) (int, map[string]any) {
	k.t.Helper()
	status, raw := k.call(k.token(name), method, path, body)
	var v map[string]any
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		k.t.Fatalf("%s %s: %d %s: %v", method, path, status, raw, err)
	}
	return status, v
}

func (k *kit) call(token, method, path, body string) (int, string) {
	k.t.Helper()
	r, err := http.NewRequest(method, k.server.URL+"/api/v1/desk/sessions"+path, strings.NewReader(body))
	if err != nil {
		k.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		k.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func itoa(n int) string { return strconv.Itoa(n) }

// guide checks answers as the program does, with hints only.
func guide(s *session.Service) routing.Guide {
	return routing.Guide{Planner: func() routing.Planner {
		p, _ := s.Planner.(routing.Planner) // some tests have a planner of their own
		return p
	}}
}
