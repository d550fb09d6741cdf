package mastodonfake

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// routes are what there is, what a token must allow for it, and which parameters each takes.
var routes = []struct {
	pattern, scope string
	params         []string
	serve          func(*Fake, http.ResponseWriter, *http.Request)
}{
	{"GET /api/v1/instance", "", nil, (*Fake).instance},
	{"GET /api/v1/accounts/verify_credentials", "read:accounts", nil, (*Fake).account},
	{"GET /api/v1/accounts/{id}/statuses", "read:statuses", []string{"limit", "exclude_replies", "exclude_reblogs"}, (*Fake).timeline},
	{"GET /api/v1/notifications", "read:notifications", []string{"types[]", "exclude_types[]", "min_id", "max_id", "limit"},
		(*Fake).notifications},
	{"GET /api/v1/timelines/tag/{tag}", "read:statuses", []string{"local", "min_id", "max_id", "limit"}, (*Fake).tag},
	{"GET /api/v2/notifications/policy", "read:notifications", nil, (*Fake).showPolicy},
	{"POST /api/v1/statuses", "write:statuses", nil, (*Fake).post},
	{"GET /api/v1/statuses/{id}", "read:statuses", nil, (*Fake).show},
	{"PUT /api/v1/statuses/{id}", "write:statuses", nil, (*Fake).edit},
	{"DELETE /api/v1/statuses/{id}", "write:statuses", nil, (*Fake).remove},
	{"POST /api/v2/media", "write:media", nil, (*Fake).upload},
	{"GET /api/v1/media/{id}", "write:media", nil, (*Fake).media},
	{"POST /api/v1/statuses/{id}/pin", "write:accounts", nil, (*Fake).pin},
	{"POST /api/v1/statuses/{id}/unpin", "write:accounts", nil, (*Fake).unpin},
	{"GET /api/v1/statuses/{id}/context", "read:statuses", nil, (*Fake).context},
}

// ServeHTTP answers one call after another, and streams beside them.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api/v1/streaming/") {
		f.stream(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, filesAt) {
		f.file(w, r)
		return
	}
	if f.enter(w, r) {
		return
	}
	scopes, ok := f.scopes(r)
	if !ok && r.URL.Path != "/api/v1/instance" { // which is for everybody
		fail(w, http.StatusUnauthorized, "The access token is invalid")
		return
	}
	if f.told(w, r, f.mux(scopes)) {
		<-r.Context().Done() // what was asked for is done, and nobody hears of it
	}
}

// mux serves what a token with those scopes may do.
func (f *Fake) mux(scopes []string) http.Handler {
	mux := http.NewServeMux()
	for _, route := range routes {
		mux.HandleFunc(route.pattern, func(w http.ResponseWriter, r *http.Request) {
			if !allows(scopes, route.scope) {
				fail(w, http.StatusForbidden, "This action is outside the authorized scopes")
				return
			}
			for name := range r.URL.Query() {
				if !slices.Contains(route.params, name) {
					fail(w, http.StatusBadRequest, "unknown parameter "+name)
					return
				}
			}
			route.serve(f, w, r)
		})
	}
	return mux
}

// told serves one call, and reports whether to say nothing of it.
func (f *Fake) told(w http.ResponseWriter, r *http.Request, mux http.Handler) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Method == http.MethodGet {
		mux.ServeHTTP(w, r)
		return false
	}
	refuse, silent := f.refuse, f.silent
	f.refuse, f.silent = false, false
	switch {
	case refuse:
		fail(w, http.StatusForbidden, "This action is not allowed")
	case silent:
		mux.ServeHTTP(nobody{}, r)
	default:
		mux.ServeHTTP(w, r)
	}
	return silent
}

type nobody struct{}

func (nobody) Header() http.Header         { return http.Header{} }
func (nobody) Write(p []byte) (int, error) { return len(p), nil }
func (nobody) WriteHeader(int)             {}

func (f *Fake) account(w http.ResponseWriter, _ *http.Request) {
	said := Bot.shown()
	said["source"], said["role"] = map[string]any{"note": ""}, map[string]any{"id": "-99"}
	answer(w, http.StatusOK, said)
}

func (f *Fake) showPolicy(w http.ResponseWriter, _ *http.Request) {
	said := map[string]any{"for_not_following": f.policy, "summary": map[string]int{"pending_requests_count": 0,
		"pending_notifications_count": 0}}
	for _, who := range []string{"for_not_followers", "for_new_accounts", "for_private_mentions", "for_limited_accounts"} {
		said[who] = "accept"
	}
	answer(w, http.StatusOK, said)
}

// draft is all that a post may have.
type draft struct {
	Status     string   `json:"status"`
	ReplyTo    string   `json:"in_reply_to_id"`
	Visibility string   `json:"visibility"`
	Language   string   `json:"language"`
	Warning    string   `json:"spoiler_text"`
	Sensitive  bool     `json:"sensitive"`
	Media      []string `json:"media_ids"`
}

func read(w http.ResponseWriter, r *http.Request) (d draft, ok bool) {
	strict := json.NewDecoder(r.Body)
	strict.DisallowUnknownFields()
	if err := strict.Decode(&d); err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return d, false
	}
	if d.Status == "" || length(d.Status)+length(d.Warning) > Most {
		fail(w, http.StatusUnprocessableEntity, "Validation failed: Text character limit exceeded")
		return d, false
	}
	return d, true
}

func (f *Fake) post(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	d, ok := read(w, r)
	switch known := f.keys[key]; {
	case !ok:
		return
	case key == "":
		fail(w, http.StatusBadRequest, "no key")
		return
	case known != nil:
		answer(w, http.StatusOK, known)
		return
	case d.ReplyTo != "" && f.find(d.ReplyTo) == nil:
		fail(w, http.StatusNotFound, "The post you are trying to reply to does not appear to exist.")
		return
	}
	media, ok := f.attachable(w, d.Media, nil)
	if !ok {
		return
	}
	s := f.add(Bot, d.Status, d.ReplyTo)
	s.attach(media)
	s.Visibility, s.Language, s.Warning, s.Sensitive = d.Visibility, d.Language, d.Warning, d.Sensitive
	f.keys[key] = s
	f.wrote(s)
	answer(w, http.StatusOK, s)
}

// own finds the bot's post of a call, or says that there is none.
func (f *Fake) own(w http.ResponseWriter, r *http.Request) *Status {
	s := f.find(r.PathValue("id"))
	if s == nil || s.Account != Bot {
		fail(w, http.StatusNotFound, "Record not found")
		return nil
	}
	return s
}

func (f *Fake) edit(w http.ResponseWriter, r *http.Request) {
	s := f.own(w, r)
	if s == nil {
		return
	}
	d, ok := read(w, r)
	if !ok {
		return
	}
	if d.Visibility != "" || d.ReplyTo != "" {
		fail(w, http.StatusBadRequest, "an edit changes no visibility and no parent")
		return
	}
	media, ok := f.attachable(w, d.Media, s)
	if !ok {
		return
	}
	s.attach(media) // what is not named goes
	s.Content, s.EditedAt = page(d.Status), new(f.now().UTC().Format(stamp))
	f.changed(s)
	answer(w, http.StatusOK, s)
}

func (f *Fake) remove(w http.ResponseWriter, r *http.Request) {
	if s := f.own(w, r); s != nil {
		f.drop(s)
		answer(w, http.StatusOK, s)
	}
}

func (f *Fake) show(w http.ResponseWriter, r *http.Request) {
	if s := f.find(r.PathValue("id")); s != nil {
		answer(w, http.StatusOK, s)
		return
	}
	fail(w, http.StatusNotFound, "Record not found")
}

func (f *Fake) context(w http.ResponseWriter, r *http.Request) {
	under := f.that(func(s *Status) bool { return s.ReplyTo != nil && *s.ReplyTo == r.PathValue("id") })
	answer(w, http.StatusOK, map[string][]*Status{"ancestors": {}, "descendants": under})
}

func (f *Fake) timeline(w http.ResponseWriter, r *http.Request) {
	all := f.that(func(s *Status) bool { return s.Account.ID == r.PathValue("id") && s.ReplyTo == nil })
	slices.Reverse(all)
	answer(w, http.StatusOK, all[:min(len(all), 40)])
}

func (f *Fake) tag(w http.ResponseWriter, r *http.Request) {
	name, local := r.PathValue("tag"), r.FormValue("local") == "true"
	answer(w, http.StatusOK, paged(r, f.that(func(s *Status) bool {
		return s.Visibility == "public" && s.has(name) && (!local || !strings.Contains(s.Account.Acct, "@"))
	})))
}

func (f *Fake) notifications(w http.ResponseWriter, r *http.Request) {
	all := []map[string]any{}
	for _, s := range paged(r, f.that(f.notifies)) {
		if !slices.Contains(r.Form["exclude_types[]"], "mention") { // all of them are
			all = append(all, notification(s))
		}
	}
	answer(w, http.StatusOK, all)
}

func (f *Fake) that(is func(*Status) bool) []*Status {
	all := []*Status{}
	for _, s := range f.posts {
		if is(s) {
			all = append(all, s)
		}
	}
	return all
}

// paged gives the page next to min_id, or the newest before max_id, the newest first.
func paged(r *http.Request, all []*Status) []*Status {
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	limit = min(max(limit, 1), 80)
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	least, most := number(r.FormValue("min_id")), number(r.FormValue("max_id"))
	all = slices.DeleteFunc(all, func(s *Status) bool { n := number(s.ID); return n <= least || most > 0 && n >= most })
	if least > 0 {
		all = all[:min(len(all), limit)]
	} else {
		all = all[max(len(all)-limit, 0):]
	}
	slices.Reverse(all)
	return all
}
