package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/testenv"
)

// withPigeons is set for a run of the test binary that is the program, with one platform
// more.
const withPigeons = "BOT_TEST_PIGEONS"

// What is asked of it here. A real one says so in its own files.
var (
	_ connector.Placed    = (*pigeons)(nil)
	_ connector.Replier   = (*pigeons)(nil)
	_ connector.Editor    = (*pigeons)(nil)
	_ connector.Retractor = (*pigeons)(nil)
	_ connector.Keyed     = (*pigeons)(nil)
	_ connector.Troubled  = (*pigeons)(nil)
	_ receive.Fetcher     = (*pigeons)(nil)
)

// asProgram is the program where it is one.
func asProgram() {
	if os.Getenv(withPigeons) != "" {
		kinds = append(kinds, pigeonKind)
		main()
	}
}

// pigeonProgram makes a run of it.
func pigeonProgram(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, "run")
	c.Dir, c.Env = dir, append(os.Environ(), withPigeons+"=1")
	return c
}

// roof is an institution with its staff's tokens, and the pigeons.
type roof struct {
	*dovecote
	at     *institution
	tokens map[string]string
}

// openRoof starts the program. Links to the desk come from the program as it is, which needs
// no platform for them.
func openRoof(t *testing.T, d *dovecote) *roof {
	r := &roof{dovecote: d, at: &institution{t: t, dir: t.TempDir(), listen: free(t)}, tokens: map[string]string{}}
	r.at.base = "http://" + r.at.listen
	text := fmt.Sprintf(settings, "embedded", r.at.listen)
	writeConfig(t, r.at.dir, text)
	for _, name := range []string{"Anna Bērziņa", "Jānis Kalniņš", "Edgars Ozols"} {
		r.tokens[name] = r.at.token(name)
	}
	dir := t.TempDir()
	writeConfig(t, dir, text+fmt.Sprintf(pigeonSettings, d.URL))
	launch(t, pigeonProgram(t, dir))
	r.at.await()
	return r
}

const pigeonSettings = `
[pigeons]
api_url = %q
refresh_token = "first"
[[public]]
kind = "pigeons"
id = "coop"
loft = "roof"
`

// give gives a command about the only question.
func (r *roof) give(who, verb string, in map[string]any) {
	r.t.Helper()
	r.giveTo(1, who, verb, in)
}

// giveTo gives a command about a question.
func (r *roof) giveTo(n int, who, verb string, in map[string]any) {
	r.t.Helper()
	status, out := r.at.api(r.tokens[who], http.MethodPost, fmt.Sprintf("/api/v1/desk/sessions/homes/questions/%d/%s", n, verb), in)
	if status != http.StatusOK {
		r.t.Fatalf("%s by %s: %d %v", verb, who, status, out)
	}
}

// questions are those that the desk has.
func (r *roof) questions() []any {
	_, out := r.at.api(r.tokens["Anna Bērziņa"], http.MethodGet, "/api/v1/desk/sessions/homes/questions", nil)
	return out["questions"].([]any)
}

// approve approves what the answer of the only question is now.
func (r *roof) approve(who string) {
	r.t.Helper()
	q := r.questions()[0].(map[string]any)
	r.give(who, "approve", map[string]any{"revision": q["revision"], "digest": q["digest"]})
}

// dovecote is where the pigeons live: their API, and what they have.
type dovecote struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	posts   []pigeonPost
	edits   []int
	refresh string
	access  map[string]time.Time // until when
	asked   []string             // cursors
}

// accessFor is how long a token of theirs is good.
const accessFor = 2 * time.Second

func openDovecote(t *testing.T) *dovecote {
	d := &dovecote{t: t, refresh: "first", access: map[string]time.Time{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", d.renew)
	mux.HandleFunc("GET /lofts/roof", d.bearer(d.list))
	mux.HandleFunc("POST /lofts/roof", d.bearer(d.post))
	mux.HandleFunc("PUT /posts/{id}", d.bearer(d.edit))
	mux.HandleFunc("DELETE /posts/{id}", d.bearer(d.remove))
	d.Server = httptest.NewServer(mux)
	t.Cleanup(d.Close)
	return d
}

// renew gives each token once: the one before is worth nothing any more.
func (d *dovecote) renew(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var in struct{ Refresh string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Refresh != d.refresh {
		http.Error(w, "used", http.StatusBadRequest)
		return
	}
	n := strconv.Itoa(len(d.access))
	d.refresh = "refresh-" + n
	d.access["access-"+n] = time.Now().Add(accessFor)
	d.say(w, map[string]any{"access": "access-" + n, "refresh": d.refresh, "until": time.Now().Add(accessFor)})
}

func (d *dovecote) say(w http.ResponseWriter, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		d.t.Error(err)
	}
}

// bearer lets in whoever has a token that is good, one after the other.
func (d *dovecote) bearer(do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if time.Now().After(d.access[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]) {
			http.Error(w, "no token", http.StatusUnauthorized)
			return
		}
		do(w, r)
	}
}

func (d *dovecote) list(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.Atoi(cmp.Or(r.FormValue("after"), "0"))
	since, bad := time.Parse(time.RFC3339Nano, r.FormValue("since"))
	if err != nil || bad != nil {
		http.Error(w, "odd question", http.StatusBadRequest)
		return
	}
	d.asked = append(d.asked, r.FormValue("after"))
	fresh := []pigeonPost{}
	for _, p := range d.posts {
		if p.ID > after && (after > 0 || !p.At.Before(since)) && p.By != "the office" {
			fresh = append(fresh, p)
		}
	}
	d.say(w, map[string]any{"posts": fresh, "last": len(d.posts)})
}

// post knows a key again, and holds both limits.
func (d *dovecote) post(w http.ResponseWriter, r *http.Request) {
	var p pigeonPost
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil || p.Key == "" || tooLong(p.Text) {
		http.Error(w, "odd post", http.StatusUnprocessableEntity)
		return
	}
	i := slices.IndexFunc(d.posts, func(known pigeonPost) bool { return known.Key == p.Key })
	if i < 0 {
		p.ID, p.By, p.At, i = len(d.posts)+1, "the office", time.Now(), len(d.posts)
		d.posts = append(d.posts, p)
	}
	d.say(w, d.posts[i])
}

func tooLong(text string) bool { return len([]rune(text)) > 300 || len(text) > 1200 || text == "" }

// at finds the post of a request.
func (d *dovecote) at(w http.ResponseWriter, r *http.Request) *pigeonPost {
	for i := range d.posts {
		if strconv.Itoa(d.posts[i].ID) == r.PathValue("id") && d.posts[i].By == "the office" && d.posts[i].Text != "" {
			return &d.posts[i]
		}
	}
	http.Error(w, "no such post of yours", http.StatusNotFound)
	return nil
}

func (d *dovecote) edit(w http.ResponseWriter, r *http.Request) {
	var in pigeonPost
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || tooLong(in.Text) {
		http.Error(w, "odd edit", http.StatusUnprocessableEntity)
		return
	}
	if p := d.at(w, r); p != nil {
		p.Text = in.Text
		d.edits = append(d.edits, p.ID)
		d.say(w, p)
	}
}

func (d *dovecote) remove(w http.ResponseWriter, r *http.Request) {
	if p := d.at(w, r); p != nil {
		p.Text = ""
	}
}

// write is somebody's post; it gives its id.
func (d *dovecote) write(by, text string, at time.Time) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.posts = append(d.posts, pigeonPost{ID: len(d.posts) + 1, By: by, Text: text, At: at})
	return len(d.posts)
}

// under waits until a post with a text stands under another one, and gives its id.
func (d *dovecote) under(id int, text string) (post int) {
	d.t.Helper()
	testenv.Until(d.t, text+" under post "+strconv.Itoa(id), func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, p := range d.posts {
			if p.Under == id && strings.Contains(p.Text, text) {
				post = p.ID
			}
		}
		return post != 0
	})
	return post
}

// TestMadeUpPlatform is the proof of the seam: a platform that only this test knows is asked
// at and answered at, after triage, answer and approval, and nothing in the tree is
// different for it. Its tokens end every two seconds.
func TestMadeUpPlatform(t *testing.T) {
	t.Parallel()
	d := openDovecote(t)
	d.write("ilze", "Long before the hour.", time.Now().Add(-14*24*time.Hour))
	r := openRoof(t, d)
	r.at.schedule("homes")
	asked := d.write("ilze", "When is the next round?", time.Now())
	testenv.Until(t, "the question is here", func() bool { return len(r.questions()) == 1 })
	r.give("Anna Bērziņa", "accept", nil)
	r.give("Edgars Ozols", "submit", map[string]any{"text": "In spring."})
	r.approve("Jānis Kalniņš")
	answer := d.under(asked, "In spring.")
	testenv.Until(t, "it is known to be out", func() bool {
		return r.questions()[0].(map[string]any)["state"] == "published"
	})
	r.give("Edgars Ozols", "correct", map[string]any{"text": "In spring, in March."})
	r.approve("Anna Bērziņa")
	if at := d.under(asked, "in March."); at != answer {
		t.Errorf("post %d is the correction of post %d", at, answer)
	}
	r.give("Anna Bērziņa", "retract", map[string]any{"reason": "It is not decided."})
	testenv.Until(t, "the answer is gone", func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.posts[answer-1].Text == ""
	})
	testenv.Until(t, "another token", func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return len(d.access) > 1
	})
	d.check(asked, answer)
}

// check looks at what was done on the way.
func (d *dovecote) check(asked, answer int) {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	answers := 0
	for _, p := range d.posts {
		if p.Under == asked && p.Key == d.posts[answer-1].Key {
			answers++
		}
	}
	if answers != 1 || !slices.Contains(d.edits, answer) {
		d.t.Errorf("%d answers, edits %v", answers, d.edits)
	}
	if d.asked[0] != "" || slices.Contains(d.asked[1:], "") {
		d.t.Errorf("asked with cursors %q", d.asked)
	}
}
