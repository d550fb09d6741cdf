package redisstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"experthour/internal/session"
)

// KeepPicture is session.PictureStore's, for answers.
func (s *Store) KeepPicture(ctx context.Context, of session.QuestionRef, p session.Picture, b []byte) error {
	r := s.keys.of(of.Session)
	return s.keepPicture(ctx, []string{r.questions(), r.pictures()}, session.MostPictures, of, p, b)
}

// Picture is session.PictureStore's, for answers.
func (s *Store) Picture(ctx context.Context, of session.QuestionRef, h session.Hash) (session.Picture, []byte, error) {
	return s.picture(ctx, s.keys.of(of.Session).pictures(), of.Number, h)
}

// Enclosed keeps the pictures that came with questions. It keeps none for a question of which
// something was forgotten.
func (s *Store) Enclosed() session.PictureStore { return enclosed{s} }

type enclosed struct{ *Store }

func (e enclosed) KeepPicture(ctx context.Context, of session.QuestionRef, p session.Picture, b []byte) error {
	r := e.keys.of(of.Session)
	return e.keepPicture(ctx, []string{r.questions(), r.enclosed(), r.payloads()}, session.MostEnclosed, of, p, b)
}

func (e enclosed) Picture(ctx context.Context, of session.QuestionRef, h session.Hash) (session.Picture, []byte, error) {
	return e.picture(ctx, e.keys.of(of.Session).enclosed(), of.Number, h)
}

func (s *Store) keepPicture(ctx context.Context, keys []string, most int, of session.QuestionRef, p session.Picture, b []byte) error {
	value := append([]byte(p.Type+" "), b...)
	reply, err := s.commit(ctx, pictureScript, keys, of.Number, string(p.Hash), value, most)
	if err != nil {
		return err
	}
	switch reply {
	case "ok":
		return nil
	case "unknown":
		return noQuestion(of.Number)
	case "full":
		return session.Fail(session.TooMany, "pictures_kept", "limit", most>>20).At("pictures")
	}
	return fmt.Errorf("picture of %s: %w: %v", of, errReply, reply)
}

func (s *Store) picture(ctx context.Context, key string, n int, h session.Hash) (session.Picture, []byte, error) {
	unknown := session.Fail(session.NotFound, "picture_unknown")
	v, err := s.client.HGet(ctx, key, pictureField(n, h)).Bytes()
	if errors.Is(err, redis.Nil) {
		return session.Picture{}, nil, unknown
	}
	if err != nil {
		return session.Picture{}, nil, outcome(err)
	}
	kind, b, ok := bytes.Cut(v, []byte(" "))
	if !ok {
		return session.Picture{}, nil, unknown
	}
	return session.Picture{Hash: h, Type: string(kind), Size: len(b)}, b, nil
}

func pictureField(n int, h session.Hash) string { return fmt.Sprintf("%d:%s", n, h) }

// seen names, with spaces between, the pictures of a question that are not forgotten.
func seen(q session.Question) string { return words(q.Hashes()) }

func hashes(ps []session.Picture) string {
	var hs []session.Hash
	for _, p := range ps {
		hs = append(hs, p.Hash)
	}
	return words(hs)
}

func words(hs []session.Hash) string {
	var all []string
	for _, h := range hs {
		all = append(all, string(h))
	}
	return strings.Join(all, " ")
}
