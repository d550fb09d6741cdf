package sessiontest

import (
	"bytes"
	"strings"
	"testing"

	"experthour/internal/session"
)

// pictures is the store's other side, where it has one.
func pictures(t *testing.T, store session.Store) session.PictureStore {
	t.Helper()
	ps, ok := store.(session.PictureStore)
	if !ok {
		t.Skip("this store keeps no pictures")
	}
	return ps
}

func testPictures(t *testing.T, store session.Store) {
	ps, s := pictures(t, store), NewScene(t, store)
	q, other := s.To(s.Ask("a"), session.Queued), s.Ask("b")
	kept, gone := session.Hash(strings.Repeat("a", 64)), session.Hash(strings.Repeat("b", 64))
	content := []byte("\x00 bytes\r\n\xff with spaces")
	keep := func(of session.QuestionRef, h session.Hash) {
		t.Helper()
		is(t, ps.KeepPicture(t.Context(), of, session.Picture{Hash: h, Type: "image/png"}, content), nil)
	}
	for _, of := range []session.QuestionRef{q.Ref, other.Ref} {
		keep(of, kept)
		keep(of, gone)
		keep(of, gone)
	}
	p, b, err := ps.Picture(t.Context(), q.Ref, kept)
	is(t, err, nil)
	equal(t, "picture", p, session.Picture{Hash: kept, Type: "image/png", Size: len(content)})
	equal(t, "bytes", b, content)
	unknown := session.QuestionRef{Session: q.Ref.Session, Number: 9}
	isKind(t, ps.KeepPicture(t.Context(), unknown, p, content), session.NotFound, "question_unknown")
	_, _, err = ps.Picture(t.Context(), unknown, kept)
	isKind(t, err, session.NotFound, "picture_unknown")

	forget := s.Stored(q, session.Forget, func(q *session.Question) {
		q.Revisions = []session.Revision{{Number: 1, Text: "See.", Pictures: []session.Picture{p}}}
	})
	forget.Erase = true
	s.Commit(s.Change(forget))
	_, _, err = ps.Picture(t.Context(), q.Ref, gone)
	isKind(t, err, session.NotFound, "picture_unknown")
	for _, of := range []session.QuestionRef{q.Ref, other.Ref} {
		_, _, err = ps.Picture(t.Context(), of, kept)
		is(t, err, nil)
	}
	_, _, err = ps.Picture(t.Context(), other.Ref, gone)
	is(t, err, nil)
}

func testPicturesFull(t *testing.T, store session.Store) {
	ps, s := pictures(t, store), NewScene(t, store)
	q := s.To(s.Ask("a"), session.Queued)
	quarter := bytes.Repeat([]byte("x"), session.MostPictures/4)
	keep := func(letter string) error {
		h := session.Hash(strings.Repeat(letter, 64))
		return ps.KeepPicture(t.Context(), q.Ref, session.Picture{Hash: h, Type: "image/png"}, quarter)
	}
	for _, letter := range []string{"a", "b", "c"} {
		is(t, keep(letter), nil)
	}
	isKind(t, keep("d"), session.TooMany, "pictures_kept")
	is(t, keep("a"), nil) // it is there
	withdraw := s.Stored(q, session.Withdraw, func(q *session.Question) { q.State, q.Text = session.Withdrawn, "" })
	withdraw.Erase = true
	s.Commit(s.Change(withdraw))
	is(t, keep("d"), nil)
}
