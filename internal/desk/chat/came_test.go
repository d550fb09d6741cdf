package chat

import (
	"fmt"
	"strings"
	"testing"

	"experthour/internal/session"
)

// TestCameWithTheQuestion: the card says how many pictures there are, and everybody is led to them on
// a page of their own.
func TestCameWithTheQuestion(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("What is this?")
	for i, e := range []session.Enclosure{{Key: "1", Lack: session.LackMore}, {Key: "2"}, {Key: "3"}} {
		if e.Lack == "" {
			e.Picture = &session.Picture{Hash: session.Hash(strings.Repeat(fmt.Sprint(i), 64)), Type: "image/png", Size: 1}
		}
		on := session.On{Question: session.QuestionRef{Session: k.session().ID, Number: n}}
		_, err := k.svc.Do(t.Context(), session.Program, session.EnclosePicture{On: on, Enclosure: e})
		k.must(err)
	}
	if text := fmt.Sprint(k.card(n).Lines); !strings.Contains(text, "with 2 pictures") || !strings.Contains(text, "more pictures were sent") {
		t.Error(text)
	}
	a := k.press(janis, n, "Read all")
	if text := fmt.Sprint(a.Form.Lines); !strings.Contains(text, "/desk/janis/"+string(k.session().ID)+"/q/1/read") {
		t.Error(text)
	}
}
