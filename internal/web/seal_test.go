package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"experthour/internal/session"
	"experthour/internal/testenv"
)

// sealed is an hour with two answers and votes that was sealed, as JSON.
func sealed(t *testing.T) (w *world, doc []byte) {
	t.Helper()
	w = newWorld(t).open()
	first := w.answered("Kas maksā? 🏠\n<b>\"cik\"</b> & kāpēc\\?\u2028'x'", "Pārdevējs.\n\n1:2,")
	w.answered("And who pays the rest?", "The buyer.")
	w.ask(session.Asked{Text: "Never answered?"})
	n, _ := w.illustrated()
	w.publish(n)
	_, err := w.store.Vote(t.Context(), session.Vote{Question: on(first).Question, By: "v", Up: true})
	w.must(err)
	w.session(session.StopSession{})
	w.session(session.CloseSession{Force: true, Reason: "late"})
	for range 2 { // one for what is left, one for the seal
		ses, err := w.store.Session(t.Context(), hourID)
		w.must(err)
		w.must(w.service.Tick(t.Context(), ses))
	}
	w.service.Changed(hourID)
	res := w.get("/s/" + string(hourID) + "/transcript.json")
	if res.Code != http.StatusOK {
		t.Fatalf("%d: %s", res.Code, res.Body)
	}
	return w, res.Body.Bytes()
}

// recomputed is the public's seal as a reader computes it who knows the JSON alone.
func recomputed(t *testing.T, doc []byte) (said, got string) {
	t.Helper()
	var d struct {
		Slug, Title string
		Questions   []struct {
			Number, Votes int
			Asked         *struct{ Text string }
			Answer        *struct {
				Text     string
				Pictures []struct{ Hash, Alt, Author string }
			}
		}
		Seal struct{ Public string }
	}
	if err := json.Unmarshal(doc, &d); err != nil {
		t.Fatal(err)
	}
	texts := []string{d.Slug, d.Title}
	for _, q := range d.Questions {
		if q.Answer != nil {
			texts = append(texts, strconv.Itoa(q.Number), strconv.Itoa(q.Votes), q.Asked.Text, q.Answer.Text)
			for _, p := range q.Answer.Pictures {
				texts = append(texts, p.Hash, p.Alt, p.Author)
			}
		}
	}
	var b strings.Builder
	for _, text := range texts {
		b.WriteString(strconv.Itoa(len(text)) + ":" + text + ",")
	}
	sum := sha256.Sum256([]byte(b.String()))
	return d.Seal.Public, hex.EncodeToString(sum[:])
}

// TestAReaderRecomputesTheSeal from what is published, and finds one letter that was changed.
func TestAReaderRecomputesTheSeal(t *testing.T) {
	t.Parallel()
	w, doc := sealed(t)
	said, got := recomputed(t, doc)
	if said == "" || said != got {
		t.Errorf("the document says %q, and a reader finds %q", said, got)
	}
	for old, other := range map[string]string{"The buyer.": "The seller.", "Kas maks": "Kad maks", `"votes": 1`: `"votes": 9`,
		"Home insulation": "Home heating"} {
		if said, got := recomputed(t, []byte(strings.Replace(string(doc), old, other, 1))); said == got {
			t.Errorf("%q in place of %q is not found", other, old)
		}
	}
	for _, at := range []string{"", "/transcript", "/transcript.md"} {
		if body := w.get("/s/" + string(hourID) + at).Body.String(); !strings.Contains(body, said) {
			t.Errorf("the seal does not stand at %q", at)
		}
	}
	w.reseal(doc)
}

// reseal recomputes the seal itself: that of the public is a part of it.
func (w *world) reseal(doc []byte) {
	w.t.Helper()
	var d struct {
		Slug string
		Seal session.Seal
	}
	w.must(json.Unmarshal(doc, &d))
	s := d.Seal
	h := sha256.New()
	for _, p := range []any{"eh-seal-2", d.Slug, s.At.UnixMilli(), s.Heads, s.Prev, s.Version, s.Own, s.Public} {
		text := fmt.Sprint(p)
		h.Write([]byte{0, 0, 0, 0, 0, 0, byte(len(text) >> 8), byte(len(text))})
		h.Write([]byte(text))
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != string(s.Hash) {
		w.t.Errorf("the seal is %s, and a reader finds %s", s.Hash, got)
	}
}

// TestTheLineThatIsPrinted gives the hash that is printed beside it.
func TestTheLineThatIsPrinted(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"jq", "sha256sum", "sh"} {
		testenv.Need(t, program)
	}
	w, doc := sealed(t)
	said, _ := recomputed(t, doc)
	_, line, _ := strings.Cut(w.get("/s/"+string(hourID)+"/transcript.md").Body.String(), "`curl -s ")
	line, _, _ = strings.Cut(line, "`\n")
	address, filter, found := strings.Cut(line, " | ")
	if !found || address != "http://hour.example/s/"+string(hourID)+"/transcript.json" {
		t.Fatalf("the line reads %q", line)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", filter)
	cmd.Stdin = strings.NewReader(string(doc))
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), said) {
		t.Errorf("%s: %v, want %s", out, err, said)
	}
}
