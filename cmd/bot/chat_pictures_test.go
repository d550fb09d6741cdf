package main

import (
	"bytes"
	"fmt"
	"image"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/connector/telegram/telegramfake"
)

// TestPictureFromTelegram: the expert sends photos under the card, says in a form what they show, and
// the moderator who approves has them before them; the page shows them, drawn anew.
func TestPictureFromTelegram(t *testing.T) {
	t.Parallel()
	s := openSquare(t, "polling", "embedded", chatPublic+fmt.Sprintf(chatDesk, "1s"), telegramfake.Options{})
	s.openHour()
	s.ask("homes", "Where is the office?")
	s.press(1, s.anna, "Accept")
	card, photo := s.card(1, "Claim"), mapBytes(t)
	s.desk.Say(s.edgars, "See the map.", telegramfake.ReplyTo(card), telegramfake.Photo(photo), telegramfake.InAlbum("a"))
	s.desk.Say(s.edgars, "", telegramfake.ReplyTo(card), telegramfake.Document("law.png", "image/png", []byte("no picture")),
		telegramfake.InAlbum("a"))
	s.await(s.edgars.Chat(), "This file is no picture")
	s.submit(s.edgars, "say what it shows and who made it", "Describe the picture")
	s.await(s.edgars.Chat(), "Describe the picture #1", "▸ What the picture shows")
	s.edgars.Write("A map of the quarter.")
	s.submit(s.edgars, "A map of the quarter.", "Describe the picture")
	s.reads(1, "revision 1")
	s.approve(1, s.janis, "See the map.", "A map of the quarter.")
	seen := s.await(s.janis.Chat(), "#1 A map of the quarter.", "Picture: Edgars Ozols")
	if len(seen.Picture()) == 0 || bytes.Equal(seen.Picture(), photo) && bytes.Contains(photo, []byte("secret")) {
		s.Error("the moderator did not see the picture, or more than it")
	}
	s.reads(1, "Published")
	page := body(t, s.at.base+"/s/homes/q/1")
	if !strings.Contains(page, `alt="A map of the quarter."`) || !strings.Contains(page, "Edgars Ozols") {
		s.Errorf("the page: %s", page)
	}
	s.healthy()
}

// TestPictureFromSlack: as in Telegram; it is approved on the desk page, and the preview leads there.
func TestPictureFromSlack(t *testing.T) {
	t.Parallel()
	f := openOffice(t, "socket", "embedded", "1s", slackfake.Options{})
	f.open("homes")
	f.ask("homes", "Where is the office?")
	f.click(f.card(1, "Accept"), f.anna, "Accept")
	f.edgars.Share(f.desk, f.card(1, "Claim"), "See the map.", slackfake.File{Name: "map.png", Bytes: mapBytes(t)})
	told := f.ws.WaitPrivate(f.patient(), f.edgars, "say what it shows and who made it")
	f.must(told.Click(f.edgars, "Describe the picture"))
	v := f.modal(f.edgars, "What the picture shows")
	v.Fill("What the picture shows, for those who cannot see it", "A map of the quarter.")
	f.submit(v)
	f.reads(1, "revision 1")
	f.click(f.card(1, "Approve"), f.anna, "Approve")
	preview := f.modal(f.anna, "cannot be shown here").Text()
	if strings.Count(preview, "One picture is left out") != 1 { // of the pretend platform, and not of the page
		f.Errorf("the preview: %s", preview)
	}
	if !strings.Contains(preview, "A map of the quarter.") || !strings.Contains(preview, "[Desk page]") {
		f.Errorf("the preview: %s", preview)
	}
	f.answered("homes", 1, "")
	f.healthy()
}

// mapBytes is the picture that aMap writes.
func mapBytes(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(aMap(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := image.DecodeConfig(bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	return b
}

func body(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
