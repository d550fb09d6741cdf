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

// netstrings are, for jq, what Seal.Public is the SHA-256 of; see session.PublicHash.
const netstrings = `[.slug,.title,(.questions[]|select(.answer)|.number,(.votes//0),.asked.text,.answer.text,` +
	`((.answer.pictures//[])[]|.hash,.alt,.author))]` +
	`|map(tostring)[]|"\(utf8bytelength):\(.),"`

// Recompute is the line for a shell by which a reader computes Seal.Public from the JSON format
// of the document: where it is published, or the file of its slug.
func (d Document) Recompute() string {
	read := "cat " + string(d.Slug) + ".json"
	if d.URL != "" {
		read = "curl -s " + d.URL + "/transcript.json"
	}
	return read + " | jq -j '" + netstrings + "' | sha256sum"
}
