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

// KeepPicture is session.PictureStore's.
func (s *Store) KeepPicture(ctx context.Context, of session.QuestionRef, p session.Picture, b []byte) error {
	r := s.keys.of(of.Session)
	value := append([]byte(p.Type+" "), b...)
	reply, err := s.commit(ctx, pictureScript, []string{r.questions(), r.pictures()}, of.Number, string(p.Hash), value, session.MostPictures)
	if err != nil {
		return err
	}
	switch reply {
	case "ok":
		return nil
	case "unknown":
		return noQuestion(of.Number)
	case "full":
		return session.Fail(session.TooMany, "pictures_kept", "limit", session.MostPictures>>20).At("pictures")
	}
	return fmt.Errorf("picture of %s: %w: %v", of, errReply, reply)
}

// Picture is session.PictureStore's.
func (s *Store) Picture(ctx context.Context, of session.QuestionRef, h session.Hash) (session.Picture, []byte, error) {
	unknown := session.Fail(session.NotFound, "picture_unknown")
	v, err := s.client.HGet(ctx, s.keys.of(of.Session).pictures(), pictureField(of.Number, h)).Bytes()
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
func seen(q session.Question) string {
	var hs []string
	for _, h := range q.Hashes() {
		hs = append(hs, string(h))
	}
	return strings.Join(hs, " ")
}
