package deskpage

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"experthour/internal/session"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares JSON with a file, both indented.
func golden(t *testing.T, name, raw string) {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, raw)
	}
	got, _ := json.MarshalIndent(v, "", "  ")
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || strings.TrimSpace(string(want)) != string(got) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

func TestAPIShapes(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	token := k.token(anna)
	call := func(name string, status int, method, path, body string) {
		t.Helper()
		got, raw := k.call(token, method, path, body)
		if got != status {
			t.Errorf("%s: %d, want %d", name, got, status)
		}
		golden(t, name, raw)
	}
	call("scheduled", 201, "POST", "", `{"slug":"tax","title":"Taxes","topic":"All","experts":["Jānis Kalniņš"],`+
		`"start":"2026-11-22T11:00:00Z","end":"2026-11-22T14:00:00Z"}`)
	call("started", 200, "POST", "/tax/start", "")
	call("started_again", 200, "POST", "/tax/start", "")
	n := k.ask("Who pays?")
	call("accepted", 200, "POST", "/tax/questions/1/accept", "")
	call("accepted_again", 200, "POST", "/tax/questions/1/accept", "{}")
	k.do(janis, session.SubmitAnswer{On: k.on(n), Text: "The buyer."})
	call("questions", 200, "GET", "/tax/questions", "")
	call("stale", 409, "POST", "/tax/questions/1/approve", `{"revision":1,"digest":"old"}`)
	call("own_reason", 422, "POST", "/tax/questions/1/decline", `{"reason":"none"}`)
	call("unknown_field", 422, "POST", "/tax/questions/1/decline", `{"reson":"x"}`)
	call("unknown_verb", 404, "POST", "/tax/questions/1/dance", "")
	call("unknown_question", 404, "POST", "/tax/questions/7/accept", "")
	call("unknown_session", 404, "GET", "/nope/questions", "")
	call("unknown_state", 422, "GET", "/tax/questions?state=asleep", "")
	call("session", 200, "GET", "/tax", "")
	call("sessions", 200, "GET", "", "")
	call("verify", 200, "GET", "/tax/verify", "")
	call("log_unknown_question", 404, "GET", "/tax/log?question=7", "")
	call("log_no_number", 422, "GET", "/tax/log?question=x", "")
	token = "x.y"
	call("forged", 401, "GET", "/tax/questions", "")
	token = ""
	call("no_token", 401, "GET", "/tax/questions", "")
	token = k.token(janis)
	call("forbidden", 403, "POST", "/tax/stop", "")
	call("forbidden_log", 403, "GET", "/tax/log", "")
}

func TestAPIApprovesOnce(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.reviewed("Who pays?", "The buyer.")
	_, list := k.api(anna, "GET", "/tax/questions?state=review", "")
	q := list["questions"].([]any)[0].(map[string]any)
	body := fmt.Sprintf(`{"revision":%v,"digest":%q}`, q["revision"], q["digest"])
	if status, a := k.api(anna, "POST", "/tax/questions/1/approve", body); status != 200 || a["state"] != "approved" || a["already"] != nil {
		t.Errorf("%d %v", status, a)
	}
	if status, a := k.api(olga, "POST", "/tax/questions/1/approve", body); status != 200 || a["already"] != true || a["by"] != string(anna) {
		t.Errorf("%d %v", status, a)
	}
	if status, a := k.api(olga, "POST", "/tax/questions/1/decline", `{"reason":"off_topic"}`); status != 409 ||
		a["by"] != string(anna) || !strings.Contains(a["detail"].(string), string(anna)) {
		t.Errorf("%d %v", status, a)
	}
}

func TestAPIPages(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	for range 5 {
		k.ask("Who pays?")
	}
	k.do(anna, session.AcceptQuestion{On: k.on(2)})
	for path, want := range map[string]string{"": "12345", "?after=3": "45", "?after=5": "", "?after=99": "", "?state=received": "1345",
		"?state=received&after=1": "345", "?state=queued": "2", "?find=%234": "4", "?find=PAYS": "54321"} {
		_, list := k.api(vilnis, "GET", "/tax/questions"+path, "")
		got := ""
		for _, q := range list["questions"].([]any) {
			got += fmt.Sprint(q.(map[string]any)["number"])
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if status, _ := k.api(anna, "GET", "/tax/questions?after=x", ""); status != 422 {
		t.Error(status)
	}
}

func TestAPISettlesParkedCopies(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.reviewed("Who pays?", "The buyer.")
	k.approve(n)
	k.park(n, session.Unsure)
	_, list := k.api(anna, "GET", "/tax/questions", "")
	p := list["questions"].([]any)[0].(map[string]any)["parked"].([]any)[0].(map[string]any)
	if status, a := k.api(anna, "POST", "/tax/questions/1/is_out",
		fmt.Sprintf(`{"copy":%q,"attempt":%v}`, p["copy"], p["attempt"])); status != 200 || a["parked"] != nil {
		t.Errorf("%d %v", status, a)
	}
}

func TestAPITargets(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.desk.Views.Places[0].Groups = []string{"news"}
	body := func(slug, start, targets string) string {
		return `{"slug":"` + slug + `","title":"T","experts":["Jānis Kalniņš"],"start":"2026-12-` + start + `T10:00:00Z","end":"2026-12-` +
			start + `T11:00:00Z"` + targets + `}`
	}
	for i, c := range []struct{ targets, want string }{
		{"", "[page sandbox]"}, {`,"targets":[]`, "[page]"}, {`,"targets":["page","sandbox"]`, "[page sandbox]"},
		{`,"targets":["news","sandbox"]`, "[page sandbox]"},
	} {
		day := fmt.Sprintf("%02d", i+1)
		if status, a := k.api(anna, "POST", "", body("s"+day, day, c.targets)); status != 201 || fmt.Sprint(a["targets"]) != c.want {
			t.Errorf("%s: %d %v", c.targets, status, a)
		}
	}
	if status, a := k.api(anna, "POST", "", body("x", "20", `,"targets":["mars"]`)); status != 422 {
		t.Errorf("%d %v", status, a)
	}
	if status, a := k.api(anna, "POST", "/s02/edit", `{"targets":["news"]}`); status != 200 || fmt.Sprint(a["targets"]) != "[page sandbox]" {
		t.Errorf("edited: %d %v", status, a)
	}
}
