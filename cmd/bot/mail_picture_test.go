package main

import (
	"encoding/base64"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"experthour/internal/testenv"
)

// TestMailPicture: a picture in a letter that asks is seen by a moderator at the desk.
func TestMailPicture(t *testing.T) {
	t.Parallel()
	h := openMailHour(t)
	h.write("ilze@example.test", "bot@example.test", "Message-ID: <p1@example.test>", "Subject: Question", "MIME-Version: 1.0",
		"Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/plain", "", "Is this roof sound?",
		"--b", "Content-Type: image/png", "Content-Disposition: attachment; filename=roof.png", "Content-Transfer-Encoding: base64", "",
		base64.StdEncoding.EncodeToString(aRoof(t)), "--b--")
	h.state(1, "received")
	h.awaitLetter("ilze", "Question #1 has arrived")
	client, link := &http.Client{Jar: cookies{}}, h.at.link("Anna Bērziņa")
	enter(t, client, link)
	at, _, _ := strings.Cut(link, "?")
	testenv.Until(t, "the picture of a letter is seen at the desk", func() bool {
		_, rest, found := strings.Cut(shown(t, client, at+"/homes/cards/1"), "/q/1/sent/")
		hash, _, _ := strings.Cut(rest, `"`)
		if !found {
			return false
		}
		if _, err := png.Decode(strings.NewReader(shown(t, client, at+"/homes/q/1/sent/"+hash))); err != nil {
			t.Fatalf("the picture at %s: %v", hash, err)
		}
		return true
	})
}
