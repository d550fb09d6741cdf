package session

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// Digest128 is the first half of a SHA-256 in lower-case hex: nobody finds another text
// that has the same one, and every entry of the record holds several.
type Digest128 string

// Fields are digests of a stored document: of each field by its name in JSON, of each copy
// by "copies." and its place from 1, and of all its bytes under Whole.
type Fields map[string]Digest128

// Whole names the digest of all bytes of a document.
const Whole = ""

// FieldsOf takes a stored document apart. What is no JSON object is an error.
func FieldsOf(doc []byte) (Fields, error) {
	doc = bytes.ReplaceAll(doc, []byte(`\ufffd`), []byte("\uFFFD")) // which of the two was written depends on what was read
	raw := map[string]json.RawMessage{}
	if err := json.Unmarshal(doc, &raw); err != nil {
		return nil, err
	}
	var copies []json.RawMessage
	if list, ok := raw["copies"]; ok && json.Unmarshal(list, &copies) == nil {
		delete(raw, "copies")
	}
	for i, c := range copies {
		raw["copies."+strconv.Itoa(i+1)] = c
	}
	fs := Fields{Whole: digest128(doc)}
	for name, text := range raw {
		fs[name] = digest128(text)
	}
	return fs, nil
}

func digest128(text []byte) Digest128 {
	sum := sha256.Sum256(text)
	return Digest128(hex.EncodeToString(sum[:16]))
}

// Written is what an entry of the record says about the document that its commit wrote: what
// it was read as and written as, and the digests of the fields that differ, before and after.
// A field that is not there has none. Without Was it is a beginning: all fields, none before.
type Written struct {
	Schema int                     `json:"schema"`
	Was    Digest128               `json:"was,omitempty"`
	Is     Digest128               `json:"is"`
	Fields map[string][2]Digest128 `json:"fields,omitempty"`
}

// written compares a document with what it becomes; without a before it begins.
func written(before, after any) (*Written, error) {
	var was Fields
	var err error
	if before != nil {
		if was, err = fieldsOf(before); err != nil {
			return nil, err
		}
	}
	is, err := fieldsOf(after)
	if err != nil {
		return nil, err
	}
	w := &Written{Schema: Schema, Was: was[Whole], Is: is[Whole], Fields: map[string][2]Digest128{}}
	for _, name := range was.differing(is) {
		w.Fields[name] = [2]Digest128{was[name], is[name]}
	}
	return w, nil
}

func fieldsOf(document any) (Fields, error) {
	doc, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	return FieldsOf(doc)
}

// differing names the fields in which two documents differ, without Whole.
func (fs Fields) differing(others Fields) []string {
	all := maps.Clone(others)
	if all == nil {
		all = Fields{}
	}
	maps.Copy(all, fs)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		return name == Whole || fs[name] == others[name]
	})
}
