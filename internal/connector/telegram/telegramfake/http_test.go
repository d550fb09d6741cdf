package telegramfake

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// Every form of a body means the same.
func TestBodies(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	s.User(1, "Anna").Start("")
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_ = w.WriteField("chat_id", "1")
	_ = w.WriteField("text", "hi & bye")
	_ = w.Close()
	for _, c := range []struct{ name, query, kind, body string }{
		{"multipart", "", w.FormDataContentType(), form.String()},
		{"JSON", "", "application/json", `{"chat_id":1,"text":"hi & bye","reply_markup":null}`},
		{"JSON with a charset", "", "application/json; charset=utf-8", `{"chat_id":"1","text":"hi & bye"}`},
		{"form", "", "application/x-www-form-urlencoded", "chat_id=1&text=hi+%26+bye"},
		{"query", "?chat_id=1&text=hi+%26+bye", "", ""},
		{"query before body", "?text=hi+%26+bye", "application/json", `{"chat_id":1,"text":"other"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := post(t, s.URL()+"/bot"+s.Token()+"/sendMessage"+c.query, c.kind, c.body)
			if !g.OK || decode[message](t, g.Result).Text != "hi & bye" || !strings.Contains(string(g.Result), "hi & bye") {
				t.Errorf("%d %s: %s", g.Status, g.Description, g.Result)
			}
		})
	}
}

func post(t *testing.T, url, kind, body string) got {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	g, err := do(r)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestBrokenBodies(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	url := s.URL() + "/bot" + s.Token() + "/getMe"
	want(t, post(t, url, "multipart/form-data; boundary=x", ""), 200, "")
	want(t, post(t, url, "application/json", `{"chat_id":`), 400, "Bad Request: can't parse JSON object")
	want(t, post(t, url, "multipart/form-data; boundary=x", "--x\r\nno end"), 400, "Bad Request: can't parse the multipart body")
}

func TestTokensAndMethods(t *testing.T) {
	t.Parallel()
	s := New(t, Options{Token: "77:abc"})
	for _, c := range []struct {
		path string
		code int
		text string
	}{
		{"/bot77:abc/getMe", 200, ""},
		{"/bot77:abc/GETME", 200, ""},
		{"/bot77:abd/getMe", 401, "Unauthorized"},
		{"/bot77/getMe", 404, "Not Found"},
		{"/botgetMe", 404, "Not Found"},
		{"/77:abc/getMe", 404, "Not Found"},
		{"/bot77:abc/getMeNot", 404, "Not Found: method not found"},
	} {
		want(t, post(t, s.URL()+c.path, "", ""), c.code, c.text)
	}
	me := decode[struct {
		ID       int64
		Username string
		Reads    *bool `json:"can_read_all_group_messages"`
	}](t, raw(t, s, "getMe").Result)
	if me.ID != 77 || me.Username != "desk_bot" || me.Reads == nil || *me.Reads {
		t.Errorf("getMe: %+v", me)
	}
}

func TestLogOut(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	want(t, raw(t, s, "logOut"), 200, "")
	want(t, raw(t, s, "getMe"), 400, "Bad Request: logged out")
}
