package session

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// past is a history of made-up documents: schema 2 calls the title by its name now,
// schema 3 changes questions alone.
var past = []migration{
	{session: func(doc map[string]json.RawMessage) error {
		doc["title"] = doc["name"]
		delete(doc, "name")
		return nil
	}},
	{question: func(doc map[string]json.RawMessage) error {
		if doc["state"] == nil {
			return errors.New("no state")
		}
		doc["state"] = json.RawMessage(`"` + string(Queued) + `"`)
		return nil
	}},
}

func readPast(doc string) (Session, error) {
	s, _, err := read([]byte(doc), past, func(s Session) int { return s.Schema }, func(m migration) upgrade { return m.session })
	return s, err
}

func readPastQuestion(doc string) (Question, error) {
	q, _, err := read([]byte(doc), past, func(q Question) int { return q.Schema }, func(m migration) upgrade { return m.question })
	return q, err
}

// TestOlderDocuments: each takes the steps that are left to it, and is of this schema then.
func TestOlderDocuments(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]string{
		`{"schema":1,"id":"a","name":"Old","title":{"not":"text then"}}`: "Old",
		`{"schema":2,"id":"a","name":"ignored","title":"New"}`:           "New",
		`{"schema":3,"id":"a","title":"Newest"}`:                         "Newest",
	} {
		s, err := readPast(doc)
		if err != nil || s.Title != want || s.Schema != 3 || s.ID != "a" {
			t.Errorf("%s reads %+v, %v", doc, s, err)
		}
	}
	q, err := readPastQuestion(`{"schema":1,"state":"waiting","text":"Why?","acts":{}}`)
	if err != nil || q.State != Queued || q.Text != "Why?" || q.Schema != 3 {
		t.Errorf("read %+v, %v", q, err)
	}
}

// TestUnreadableDocuments says what is wrong, and never half a document.
func TestUnreadableDocuments(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]string{
		`{"schema":2,"text":"Why?"}`:           "schema 2: no state",
		`{"text":"Why?"}`:                      "without a schema",
		`{"schema":3,"text":7}`:                "Question.text",
		`{"schema":1,"state":"x","text":7}`:    "Question.text",
		`{"schema":4,"text":{"not":"a text"}}`: "schema_newer",
		`no document`:                          "invalid character",
	} {
		q, err := readPastQuestion(doc)
		if err == nil || !strings.Contains(err.Error(), want) || q.Text != "" {
			t.Errorf("%s reads %+v, %v; want %q", doc, q, err, want)
		}
	}
	_, err := ReadQuestion([]byte(`{"schema":99}`))
	if e, ok := errors.AsType[*Error](err); !ok || e.ID != "schema_newer" || e.Args[1] != 99 || e.Args[3] != Schema {
		t.Errorf("a newer document: %v", err)
	}
}
