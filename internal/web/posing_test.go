package web

import (
	"strings"
	"testing"

	"experthour/internal/screening"
	"experthour/internal/session"
)

// TestNobodyPosesAsStaff: a name that looks like a member of staff stands on no page, feed or
// transcript, also after that person has left, until a moderator lets it stand; anybody else's does.
func TestNobodyPosesAsStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.service.Poses = screening.Officials{Institution: "Housing Agency", People: []string{"Ilze Kalniņa"}}.Pose
	names := []string{"ILZE KALNINA", "\u0406lze Kalni\u0146a", "Housing Agency (support)", "Līga Ozola"}
	for _, name := range names {
		n := w.ask(session.Asked{Text: "May I ask?", Key: name, Name: name})
		w.accept(n)
		w.submit(n, "Answer.")
		w.publish(n)
	}
	w.service.Poses = nil
	look := func(from int) {
		t.Helper()
		shown := map[string]bool{}
		for _, path := range addresses(len(names)) {
			body := w.get(path).Body.String()
			for _, name := range names {
				shown[name] = shown[name] || strings.Contains(body, name)
			}
		}
		for i, name := range names {
			if shown[name] != (i >= from) {
				t.Errorf("%q is shown: %t", name, shown[name])
			}
		}
	}
	look(3)
	w.do(anna, session.AllowNameOf{On: on(3)}) // an office that is called so, of a private person
	look(2)
}
