package trying

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// office is a chat that notes what is done in it.
type office struct{ did []string }

func (o *office) People() []string { return []string{"Anna", "Edgars"} }

func (o *office) Rooms(who string) []Room {
	return []Room{{ID: "desk", Name: "Desk of " + who, Messages: []Message{
		{ID: "1", From: "Bot", Text: "<b>#1</b>", Buttons: []string{"Accept"}}}}}
}

func (o *office) note(format string, args ...any) string {
	o.did = append(o.did, fmt.Sprintf(format, args...))
	return "done: " + format
}

func (o *office) Say(who, room, message, text string) string {
	return o.note("say %s %s %s %s", who, room, message, text)
}

func (o *office) Press(who, room, message, button string) string {
	if button == "Gone" {
		panic("there is no such button")
	}
	return o.note("press %s %s %s %s", who, room, message, button)
}

func (o *office) Form(who string) *Form {
	return &Form{Title: "New", Submit: "Save", Fields: []Field{{Label: "Title", Kind: "area", Values: []string{"old"}},
		{Label: "Places", Options: []string{"Page", "Chat"}, Values: []string{"Chat"}, Many: true}}}
}

func (o *office) Submit(who string, fields map[string][]string) string {
	return o.note("submit %s %v", who, fields)
}

func (o *office) Dismiss(who string) { o.note("dismiss %s", who) }

// TestShow: everything that people can do is a form of the page, what they are told is shown, and text is never markup.
func TestShow(t *testing.T) {
	t.Parallel()
	o := &office{}
	s := httptest.NewServer(Show(o))
	t.Cleanup(s.Close)
	read := func(r *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Body.Close() }()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.Status + string(body)
	}
	p := read(http.Get(s.URL + "/?as=Edgars"))
	for _, want := range []string{"200", "Desk of Edgars", "&lt;b&gt;#1", `value="Accept"`, ">old</textarea>", `value="Chat" checked`,
		`value="Page">`} {
		if !strings.Contains(p, want) {
			t.Errorf("no %s in\n%s", want, p)
		}
	}
	for _, form := range []url.Values{{"as": {"Anna"}, "room": {"desk"}, "text": {"a\r\nb"}},
		{"as": {"Anna"}, "room": {"desk"}, "message": {"1"}, "press": {"Accept"}},
		{"as": {"Anna"}, "submit": {"1"}, "field Title": {"new"}, "field Places": {""}}, {"as": {"Anna"}, "dismiss": {"1"}}} {
		read(http.PostForm(s.URL, form))
	}
	want := "say Anna desk  a\nb|press Anna desk 1 Accept|submit Anna map[Places:[] Title:[new]]|dismiss Anna"
	if got := strings.Join(o.did, "|"); got != want {
		t.Errorf("did %s", got)
	}
	if p := read(http.PostForm(s.URL, url.Values{"as": {"Anna"}, "press": {"Gone"}})); !strings.Contains(p, "there is no such button") {
		t.Errorf("what cannot be pressed is not said:\n%s", p)
	}
}
