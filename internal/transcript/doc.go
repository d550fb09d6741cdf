// Package transcript turns an expert hour and its questions into documents: HTML,
// Markdown, JSON, CSV, Atom feeds, a calendar entry and JSON-LD.
//
// It is pure: values in, bytes out, no clock, no store, no platform. Build is the
// only door between the domain and the outside: it copies what the public may read
// into a Document, and the renderers see nothing else. So a remark, a note, an
// e-mail address, a user or message id or a text that nobody accepted cannot get
// into any format. Every renderer escapes for its own format: what a stranger wrote
// is text and never becomes markup, a link, a formula or a script. Addresses in answers,
// which somebody approved, are links (session.Pieces).
//
// Besides session it imports wording, because documents hold words for people.
package transcript
