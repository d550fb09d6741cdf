package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"experthour/internal/testenv"
)

// TestHourInTheBrowser is a whole expert hour as people live it: three of them in
// one browser, on the built program.
func TestHourInTheBrowser(t *testing.T) {
	t.Parallel()
	t.Run("embedded store", func(t *testing.T) {
		t.Parallel()
		wholeHour(t, found(t, "embedded"), nil)
	})
	t.Run("real Redis", func(t *testing.T) {
		t.Parallel()
		url := realRedis(t)
		wholeHour(t, found(t, url), found(t, url))
	})
}

// people of an hour, each at a page of their own.
type people struct {
	at                   *institution
	public, anna, edgars *tab
	elsewhere            *tab   // reads at another process on the same store
	pretend              []*tab // the posts of the pretend platform, which each process keeps for itself
	switches             []*tab // desks of a moderator; each process has a pretend platform of its own
	second               *tab   // another citizen
}

func wholeHour(t *testing.T, i, other *institution) {
	b := openBrowser(t)
	i.schedule("homes")
	p := &people{at: i, public: b.tab("citizen", i.base+"/s/homes"), anna: b.desk("moderator", i.link("Anna Bērziņa")),
		edgars: b.desk("expert", i.link("Edgars Ozols"))}
	p.pretend = append(p.pretend, b.tab("reader", i.base+"/pretend/sandbox"))
	p.second = b.tab("second citizen", "about:blank")
	p.anna.open(i.base + "/desk/anna-berzina/homes")
	p.edgars.open(i.base + "/desk/edgars-ozols/homes")
	p.switches = []*tab{p.anna}
	if other != nil {
		p.switches = append(p.switches, b.desk("moderator elsewhere", other.link("Anna Bērziņa")))
		p.switches[1].open(other.base + "/desk/anna-berzina/homes")
		p.elsewhere = b.tab("reader elsewhere", other.base+"/s/homes")
		p.pretend = append(p.pretend, b.tab("reader elsewhere", other.base+"/pretend/sandbox"))
	}
	p.askAndAnswer()
	p.correct()
	p.withdrawAnother()
	p.settleParked()
	p.close()
	p.files(t)
}

// ask sends a question and returns the path of its receipt.
func ask(p *tab, text string) string {
	p.t.Helper()
	p.write("#text", text)
	p.press("#ask-form button[type=submit]")
	receipt := p.path("/r/")
	p.see("main", text) // only here: nobody has accepted it
	return receipt
}

func (p *people) askAndAnswer() {
	ask(p.public, "May I begin before the decision?")
	p.public.open(p.at.base + "/s/homes")
	p.anna.see("#q1", "May I begin")
	p.anna.press(`form[action$="/q/1/accept"] button`)
	p.public.see("#waiting #q1", "May I begin")

	p.edgars.write("#q1-submit-text", "Yes.")
	p.edgars.press("#q1-submit button[type=submit]")
	p.anna.see("#q1 .copies", "Yes.")
	p.anna.write("#q1-send_back-comment", "Is that so?")
	p.anna.press("#q1-send_back button")
	p.edgars.see("#q1", "Is that so?")
	p.edgars.write("#q1-submit-text", "No: wait for the decision.")
	p.edgars.press("#q1-submit button[type=submit]")
	p.anna.see("#q1 .copies .copy:nth-child(2)", "No: wait for the decision.")
	p.anna.press(`form[action$="/q/1/approve"] button`)

	p.public.see("#answered #q1", "No: wait for the decision.")
	p.posted("No: wait for the decision.")
	p.anna.see("#q1 .outs", "Pretend platform")
	if p.elsewhere != nil {
		p.elsewhere.see("#answered #q1", "No: wait for the decision.")
	}
}

// posted waits until text stands on the pretend platform, whichever process posted it.
func (p *people) posted(text string) {
	p.at.t.Helper()
	testenv.Until(p.at.t, fmt.Sprintf("%q stands on the pretend platform", text), func() bool {
		return slices.ContainsFunc(p.pretend, func(reader *tab) bool { return reader.shows("#posts", text) })
	})
}

func (p *people) correct() {
	p.edgars.write("#q1-correct textarea", "No: wait for the decision, or the grant is lost.")
	p.edgars.press("#q1-correct button")
	p.anna.see("#q1 .copies", "the grant is lost")
	p.public.see("#answered #q1", "No: wait for the decision.")
	p.anna.press(`form[action$="/q/1/approve"] button`)
	p.public.see("#answered #q1", "the grant is lost")
	p.public.see("#answered #q1 .corrected", "")
	p.posted("the grant is lost")
}

func (p *people) withdrawAnother() {
	receipt := ask(p.second.visit(p.at), "My neighbour's name is Secret, may he?")
	p.anna.press(`form[action$="/q/2/accept"] button`)
	p.public.see("#waiting #q2", "Secret")
	p.second.press(`form[action="` + receipt + `/withdraw"] button`)
	p.public.gone("#waiting #q2")
	p.anna.until("the text is gone from the desk", `!document.body.innerText.includes("Secret")`)
}

func (p *people) settleParked() {
	ask(p.second.visit(p.at), "Is there a next round?")
	for _, desk := range p.switches {
		desk.press(`form[action$="/_switch"] input[value=silent]`)
		desk.press(`form[action$="/_switch"] button`)
		desk.until("the switch is set", `document.querySelector('form[action$="/_switch"] input[value=silent]')?.defaultChecked`)
	}
	p.anna.press(`form[action$="/q/3/accept"] button`)
	p.edgars.write("#q3-submit-text", "In spring.")
	p.edgars.press("#q3-submit button[type=submit]")
	p.anna.see("#q3 .copies", "In spring.")
	p.anna.press(`form[action$="/q/3/approve"] button`)
	p.public.see("#answered #q3", "In spring.") // a silent platform delays nobody
	p.anna.see("#q3 .look", "Pretend platform")
	p.anna.press(`form[action$="/q/3/is_out"] button`)
	p.anna.gone("#q3 .look")
}

func (p *people) close() {
	ask(p.second.visit(p.at), "Too late for an answer?")
	p.anna.see("#q4", "Too late")
	p.anna.press(`form[action$="/homes/stop"] button`)
	p.anna.press(`a[href$="/homes/close"]`)
	p.anna.path("/desk/anna-berzina/homes/close")
	p.anna.press(`form[action$="/settle"] button[type=submit]`)
	p.public.see("main", "transcript")
	p.public.open(p.at.base + "/s/homes/transcript")
	p.public.see("main", "the grant is lost")
}

// visit opens the public page.
func (p *tab) visit(i *institution) *tab {
	p.open(i.base + "/s/homes")
	return p
}

// files reads the transcript from the command line: what is public is in it, what
// was withdrawn is not.
func (p *people) files(t *testing.T) {
	i := p.at
	if out, errs, code := bot(t, i.dir, "transcript", "homes", "--from", i.base, "--token", i.token("Anna Bērziņa")); code != 0 {
		t.Fatalf("transcript: %s%s", out, errs)
	}
	for _, format := range []string{"html", "md", "json", "csv"} {
		b, err := os.ReadFile(filepath.Join(i.dir, "homes."+format))
		if err != nil {
			t.Fatal(err)
		}
		if text := string(b); !strings.Contains(text, "grant is lost") || strings.Contains(text, "Secret") {
			t.Errorf("transcript as %s: %s", format, text)
		}
	}
	out, errs, code := bot(t, i.dir, "session", "verify", "homes", "--from", i.base, "--token", i.token("Anna Bērziņa"))
	if code != 0 {
		t.Errorf("verify: %s%s", out, errs)
	}
}
