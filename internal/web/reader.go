package web

import (
	"net/http"
	"net/url"

	"experthour/internal/session"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

// A reader is an hour as somebody reads it: in the language that the address names, or in the
// hour's own where it names none. No cookie remembers it, so every address within the hour
// names it again.
type reader struct {
	session.Session
	lang session.Language
}

// own reads an hour in its own language.
func own(ses session.Session) reader { return reader{ses, wording.In(ses.Language).Language()} }

func readerOf(r *http.Request, ses session.Session) reader {
	if l := session.Language(r.URL.Query().Get("lang")); l.Known() {
		return reader{ses, l}
	}
	return own(ses)
}

func (rd reader) words() wording.Words { return wording.In(rd.lang) }

// foreign reports whether the reader chose another language than the hour's.
func (rd reader) foreign() bool { return rd.lang != own(rd.Session).lang }

// link is an address of this site for the same reader. query are names and values; those
// without a value are left out.
func (rd reader) link(path string, query ...string) string {
	return linked(rd.chosen(), path, query...)
}

// chosen is the language as an address names it; "" where it need not.
func (rd reader) chosen() session.Language {
	if rd.foreign() {
		return rd.lang
	}
	return ""
}

func linked(lang session.Language, path string, query ...string) string {
	q := url.Values{}
	for i := 0; i < len(query); i += 2 {
		if query[i+1] != "" {
			q.Set(query[i], query[i+1])
		}
	}
	if lang != "" {
		q.Set("lang", string(lang))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// page is the frame of a page of the hour, which also stands at path in the other language.
func (rd reader) page(path string, query ...string) site.Page {
	base := "/s/" + string(rd.ID)
	p := site.Page{Language: rd.lang, Chosen: rd.chosen(), Feed: base + "/feed", Scripts: []string{"site.js"}}
	if other := site.OtherThan(rd.lang); other != rd.lang {
		p.Other = reader{rd.Session, other}.link(path, query...)
	}
	return p
}
