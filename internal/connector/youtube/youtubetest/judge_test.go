package youtubetest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// record is a test that is only written down.
type record struct {
	testing.TB
	wrong []string
}

func (r *record) Errorf(format string, args ...any) { r.wrong = append(r.wrong, format) }

// TestJudge: each thing that is not described is found, and what is right passes.
func TestJudge(t *testing.T) {
	t.Parallel()
	const list, good = "GET /youtube/v3/comments?part=id&id=a&id=b", `{"items":[{"id":"x","snippet":{"likeCount":3}}]}`
	for name, x := range map[string]struct {
		call, body, answer string
		wrong              int
	}{
		"right":            {list, "", good, 0},
		"a token":          {"POST /token?x=y", "a=b", `{}`, 0},
		"a body":           {"POST /youtube/v3/comments?part=snippet", `{"snippet":{"parentId":"x"}}`, good[10 : len(good)-2], 0},
		"no such method":   {"GET /youtube/v3/comment", "", good, 1},
		"parameter":        {list + "&page=2", "", good, 1},
		"missing":          {"DELETE /youtube/v3/comments", "", good, 1},
		"twice":            {list + "&parentId=a&parentId=b", "", good, 1},
		"too many":         {list + "&maxResults=101", "", good, 1},
		"no number":        {list + "&maxResults=x", "", good, 1},
		"enum":             {list + "&textFormat=plain", "", good, 1},
		"boolean":          {"GET /youtube/v3/channels?part=id&mine=1", "", "no", 1},
		"body where none":  {list, "{}", good, 1},
		"field":            {"PUT /youtube/v3/comments?part=id", `{"text":"x"}`, "no", 1},
		"kind of a field":  {"PUT /youtube/v3/comments?part=id", `{"id":7}`, "no", 1},
		"no JSON":          {"PUT /youtube/v3/comments?part=id", `id=7`, "no", 1},
		"answer":           {list, "", `{"items":[{"text":"x"}]}`, 1},
		"kind of answer":   {list, "", `{"items":[{"snippet":{"likeCount":"3"}}]}`, 1},
		"null":             {list, "", `{"items":null}`, 1},
		"enum of answer":   {list, "", `{"items":[{"snippet":{"moderationStatus":"held"}}]}`, 1},
		"list of a number": {list, "", `{"items":7}`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(x.answer)) }))
			t.Cleanup(s.Close)
			r := &record{TB: t}
			verb, path, _ := strings.Cut(x.call, " ")
			req, err := http.NewRequest(verb, Judge(r, s.URL)+path, strings.NewReader(x.body))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if len(r.wrong) != x.wrong {
				t.Errorf("found %q", r.wrong)
			}
		})
	}
}
