package sessiontest

import (
	"bytes"
	"strings"
	"testing"

	"experthour/internal/session"
)

// enclosedOf is where a store keeps what came with questions, if it does.
func enclosedOf(t *testing.T, store session.Store) session.PictureStore {
	t.Helper()
	s, ok := store.(interface{ Enclosed() session.PictureStore })
	if !ok {
		t.Skip("this store keeps no pictures")
	}
	return s.Enclosed()
}

func hashOf(letter string) session.Hash { return session.Hash(strings.Repeat(letter, 64)) }

// testEnclosed: what came with a question is no picture of its answer, and goes when the question
// has it no more. After something of the question was forgotten nothing is kept for it.
func testEnclosed(t *testing.T, store session.Store) {
	ps, s := enclosedOf(t, store), NewScene(t, store)
	q, other := s.To(s.Ask("a"), session.Queued), s.Ask("b")
	content := []byte("\x00 bytes\r\n\xff with spaces")
	keep := func(of session.QuestionRef, letter string) error {
		return ps.KeepPicture(t.Context(), of, session.Picture{Hash: hashOf(letter), Type: "image/png"}, content)
	}
	there := func(of session.QuestionRef, letter string, want bool) {
		t.Helper()
		_, b, err := ps.Picture(t.Context(), of, hashOf(letter))
		if got := err == nil && bytes.Equal(b, content); got != want || !got && session.KindOf(err) != session.NotFound {
			t.Errorf("%s of %s: there %t, %v", letter, of, got, err)
		}
	}
	for _, letter := range []string{"a", "b", "c"} {
		is(t, keep(q.Ref, letter), nil)
		is(t, keep(q.Ref, letter), nil)
		is(t, keep(other.Ref, letter), nil)
	}
	_, _, err := pictures(t, store).Picture(t.Context(), q.Ref, hashOf("a"))
	isKind(t, err, session.NotFound, "picture_unknown")

	p := session.Picture{Hash: hashOf("a"), Type: "image/png", Size: len(content)}
	reword := s.Stored(q, session.Reword, func(q *session.Question) { q.Enclosed = []session.Enclosure{{Key: "1", Picture: &p}} })
	reword.Dropped = []session.Hash{hashOf("b")}
	s.Commit(s.Change(reword))
	there(q.Ref, "a", true)
	there(q.Ref, "b", false)
	there(q.Ref, "c", true) // it may be on its way into the document

	forget := s.Stored(s.Read(q.Ref.Number), session.Forget, func(*session.Question) {})
	forget.Erase = true
	s.Commit(s.Change(forget))
	there(q.Ref, "a", true)
	there(q.Ref, "c", false)
	isKind(t, keep(q.Ref, "d"), session.NotFound, "question_unknown")
	withdraw := s.Stored(s.Read(q.Ref.Number), session.Withdraw, func(q *session.Question) { q.Enclosed = nil })
	withdraw.Erase = true
	s.Commit(s.Change(withdraw))
	there(q.Ref, "a", false)
	for _, letter := range []string{"a", "b", "c"} {
		there(other.Ref, letter, true)
	}
}

// testEnclosedFull: what came with questions takes no room of the answers.
func testEnclosedFull(t *testing.T, store session.Store) {
	ps, s := enclosedOf(t, store), NewScene(t, store)
	q := s.To(s.Ask("a"), session.Queued)
	half := bytes.Repeat([]byte("x"), session.MostEnclosed/2-100)
	keep := func(ps session.PictureStore, letter string) error {
		return ps.KeepPicture(t.Context(), q.Ref, session.Picture{Hash: hashOf(letter), Type: "image/png"}, half)
	}
	is(t, keep(ps, "a"), nil)
	is(t, keep(ps, "b"), nil)
	isKind(t, keep(ps, "c"), session.TooMany, "pictures_kept")
	is(t, keep(pictures(t, store), "c"), nil)
	dropped := s.Stored(q, session.Reword, func(*session.Question) {})
	dropped.Dropped = []session.Hash{hashOf("a")}
	s.Commit(s.Change(dropped))
	is(t, keep(ps, "c"), nil)
}
