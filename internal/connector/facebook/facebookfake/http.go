package facebookfake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"experthour/internal/connector/faultfake"
	"experthour/internal/connector/graph/graphfake"
)

// call is one that was let in.
type call struct {
	node   *Node
	of     string // the kind of nodes whose fields are asked for
	params url.Values
	fields []string
	file   []byte // of a photo
	kind   string // its Content-Type
	to     string // the address of the call, for the next page
}

// everywhere are the parameters of every call; Meta's own client repeats the id of a node.
var everywhere = []string{"access_token", "appsecret_proof", "id"}

var versioned = regexp.MustCompile(`^/v\d+\.\d+/`)

// ServeHTTP answers one call.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<20)
	at := versioned.FindString(r.URL.Path)
	c := &call{to: "http://" + r.Host + r.URL.Path}
	err := c.read(r)
	if err == nil && at == "" {
		err = graphfake.Fail(2500, "Unknown path components: %s", r.URL.Path)
	}
	var out any
	var x faultfake.Fault
	faulty := false
	if err == nil {
		out, x, faulty, err = p.call(r, c, strings.Trim(strings.TrimPrefix(r.URL.Path, at), "/"))
	}
	if faulty {
		x.Write(w, r)
		return
	}
	p.say(w, out, err)
}

// read takes the parameters from wherever they may stand.
func (c *call) read(r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind == "multipart/form-data":
		if err := r.ParseMultipartForm(4 << 20); err != nil {
			return graphfake.Fail(100, "fake: no form")
		}
		for _, f := range r.MultipartForm.File["source"] {
			file, err := f.Open()
			if err != nil {
				return graphfake.Fail(100, "fake: no file")
			}
			c.file, _ = io.ReadAll(file)
			c.kind = f.Header.Get("Content-Type")
		}
	case kind == "application/json":
		if err := c.readJSON(r); err != nil {
			return err
		}
	case r.ParseForm() != nil:
		return graphfake.Fail(100, "fake: no form")
	}
	c.params = r.Form
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		c.params.Set("access_token", token)
	}
	return nil
}

// readJSON takes parameters that are the fields of an object, beside those of the address.
func (c *call) readJSON(r *http.Request) error {
	var body map[string]any
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		return graphfake.Fail(100, "fake: no JSON")
	}
	r.Form = r.URL.Query()
	for k, v := range body {
		r.Form.Add(k, fmt.Sprint(v))
	}
	return nil
}

// call does what one says; a fault comes in place of its answer.
func (p *Page) call(r *http.Request, c *call, path string) (out any, x faultfake.Fault, faulty bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, rest, _ := strings.Cut(path, "/")
	kind := p.find(c, id)
	name := strings.TrimSuffix(r.Method+" "+kind+"/"+rest, "/")
	x, faulty = p.Take(name)
	if faulty && !x.Done {
		return nil, x, true, nil
	}
	e, known := edges[name]
	switch {
	case kind == debug:
		err = c.app()
	default:
		err = p.let(c)
	}
	switch {
	case err != nil:
	case kind == "" || !known:
		err = graphfake.Gone(id)
	default:
		err = p.admit(r, c, e)
	}
	if err != nil {
		return nil, x, faulty, err
	}
	p.counts[name]++
	c.of = e.of
	out, err = e.do(p, c)
	return out, x, faulty, err
}

// find says of which kind a node is.
func (p *Page) find(c *call, id string) string {
	switch id {
	case debug:
		return debug
	case "me", Self:
		c.node = &Node{ID: Self, kind: page, From: Self, Name: SelfName}
	default:
		c.node = p.node(id)
	}
	if c.node == nil {
		return ""
	}
	return c.node.kind
}

func mac(secret, text string) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

// let looks at the token and at the proof, and counts the call.
func (p *Page) let(c *call) error {
	token := c.params.Get("access_token")
	switch {
	case token == "":
		return &graphfake.Failure{Status: 401, Code: 104, Text: "An access token is required to request this resource."}
	case token != Token:
		return graphfake.Fail(190, "Invalid OAuth access token - Cannot parse access token")
	case p.revoked:
		return &graphfake.Failure{Status: 401, Code: 190, Sub: 460, Text: "Error validating access token: The session has been invalidated " +
			"because the user " +
			"changed their password or Facebook has changed the session for security reasons."}
	case p.expired():
		return &graphfake.Failure{Status: 401, Code: 190, Sub: 463, Text: "Error validating access token: Session has expired"}
	case !hmac.Equal([]byte(c.params.Get("appsecret_proof")), []byte(mac(AppSecret, token))):
		return graphfake.Fail(100, "Invalid appsecret_proof provided in the API argument")
	case !p.counted():
		return &graphfake.Failure{Status: 403, Code: p.rateCode, Text: fmt.Sprintf("(#%d) request limit reached", p.rateCode)}
	}
	return nil
}

func (p *Page) expired() bool { return !p.expires.IsZero() && !p.now().Before(p.expires) }

// app lets nobody but the app itself look at a token.
func (c *call) app() error {
	if c.params.Get("access_token") != AppID+"|"+AppSecret {
		return graphfake.Fail(190, "Invalid OAuth access token signature.")
	}
	return nil
}

// admit refuses what an edge does not know, and who may not.
func (p *Page) admit(r *http.Request, c *call, e edge) error {
	for k, vs := range c.params {
		switch {
		case len(vs) != 1:
			return graphfake.Fail(100, "fake: given twice: %s", k)
		case !slices.Contains(everywhere, k) && !slices.Contains(strings.Fields(e.params), k):
			return graphfake.Fail(100, "fake: unknown parameter: %s", k)
		case r.Method == http.MethodPost && r.URL.Query().Has(k) && !slices.Contains(everywhere, k):
			return graphfake.Fail(100, "fake: what is written stands in the body, not in the address: %s", k)
		}
	}
	for _, s := range strings.Fields(e.scopes) {
		if !slices.Contains(p.scopes, s) {
			return &graphfake.Failure{Status: 403, Code: 10, Text: "(#10) This endpoint requires the '" + s + "' permission or the " +
				"feature to be granted"}
		}
	}
	c.fields = []string{"id"}
	if list := c.params.Get("fields"); list != "" {
		c.fields = fieldNames(list)
	}
	return nil
}

// counted counts a call, in any span of 24 hours.
func (p *Page) counted() bool {
	if p.calls.Used(p.now()) >= p.rate {
		return false
	}
	p.calls.Add(p.now())
	return true
}

// say answers, with how much of the calls is used.
func (p *Page) say(w http.ResponseWriter, out any, err error) {
	p.do(func() {
		used, wait := p.calls.Used(p.now()), 0
		if used >= p.rate {
			wait = 7
		}
		graphfake.Usage(w.Header(), Self, "pages", used, p.rate, wait)
	})
	graphfake.Say(w, out, err)
}
