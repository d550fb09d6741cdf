package session

import (
	"encoding/json"
	"errors"
	"fmt"
)

// migration leads documents from one schema to the next. A nil upgrade leaves its kind
// of document as it is.
type migration struct{ session, question upgrade }

// upgrade changes the fields of a document, by their names as stored. It is pure.
type upgrade func(doc map[string]json.RawMessage) error

// migrations lead from schema 1 upwards, a row for each schema. A row is needed when
// this version would read an older document wrongly, or an older version a newer one; a
// field that may be absent needs none. A row never changes: what it reads is stored.
var migrations = []migration{
	{}, // 2: entries of the record say what their commit wrote, and are signed
}

// Schema is the number of the documents that this version writes.
var Schema = len(migrations) + 1

// ReadSession reads a stored session of this schema or an older one. One of a newer
// schema is an *Error "schema_newer".
func ReadSession(doc []byte) (Session, error) {
	s, upgraded, err := read(doc, migrations, func(s Session) int { return s.Schema }, func(m migration) upgrade { return m.session })
	s.Upgraded = upgraded
	return s, err
}

// ReadQuestion is ReadSession for a question.
func ReadQuestion(doc []byte) (Question, error) {
	q, upgraded, err := read(doc, migrations, func(q Question) int { return q.Schema }, func(m migration) upgrade { return m.question })
	q.Upgraded = upgraded
	return q, err
}

var errNoSchema = errors.New("document without a schema")

// read reads a document by way of the upgrades that it needs. The usual one needs none and
// is read once.
func read[T any](doc []byte, all []migration, schema func(T) int, of func(migration) upgrade) (v T, upgraded bool, err error) {
	var none T
	newest := len(all) + 1
	err = json.Unmarshal(doc, &v)
	if err == nil && schema(v) == newest {
		return v, false, nil
	}
	var stored struct {
		Schema int `json:"schema"`
	}
	switch failed := json.Unmarshal(doc, &stored); {
	case failed != nil:
		return none, false, failed
	case stored.Schema < 1:
		return none, false, errNoSchema
	case stored.Schema == newest:
		return none, false, err
	case stored.Schema > newest:
		return none, false, Fail(Internal, "schema_newer", "schema", stored.Schema, "known", newest)
	}
	if doc, err = migrate(doc, stored.Schema, all, of); err != nil {
		return none, false, fmt.Errorf("document of schema %d: %w", stored.Schema, err)
	}
	v = none // the first attempt may have left something
	err = json.Unmarshal(doc, &v)
	return v, true, err
}

// migrate applies the upgrades from a schema on.
func migrate(doc []byte, from int, all []migration, of func(migration) upgrade) ([]byte, error) {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(doc, &fields); err != nil {
		return nil, err
	}
	for _, m := range all[from-1:] {
		if change := of(m); change != nil {
			if err := change(fields); err != nil {
				return nil, err
			}
		}
	}
	fields["schema"] = fmt.Append(nil, len(all)+1)
	return json.Marshal(fields)
}
