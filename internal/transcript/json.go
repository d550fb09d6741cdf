package transcript

import "encoding/json"

// JSON is the Document as it is declared, indented. "<", ">" and "&" are written
// as escapes, so the bytes are safe inside HTML too.
func (d Document) JSON() []byte { return append(must(json.MarshalIndent(d, "", "  ")), '\n') }

// must is for encoders that cannot fail on our types: an error is a mistake in
// this package that every test run shows.
func must(b []byte, err error) []byte {
	if err != nil {
		panic("transcript: " + err.Error())
	}
	return b
}
