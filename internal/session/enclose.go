package session

import (
	"context"
	"slices"
)

// Enclosure is a picture that came with a question, or why there is none. Staff see it, and
// nobody else: nothing that is published has it.
type Enclosure struct {
	Key     string    `json:"key"`               // names it among those of the question; a repeat changes nothing
	Message MessageID `json:"message,omitempty"` // the part that it came with; empty is the whole question
	Picture *Picture  `json:"picture,omitempty"` // its Alt is the asker's, and may be empty; it has no author
	Lack    Lack      `json:"lack,omitempty"`    // why there is no Picture
}

// Lack is why a picture that was sent with a question is not there.
type Lack string

// What may be wrong with a picture.
const (
	LackLost  Lack = "lost"  // it could not be fetched
	LackMore  Lack = "more"  // the question has MaxPictures already
	LackFull  Lack = "full"  // the hour has no room for more
	LackLarge Lack = "large" // the file is too large, or has too many pixels
	LackForm  Lack = "form"  // it is no picture that can be read
)

const (
	// MostEnclosed bounds the bytes of all pictures that are kept for the questions of an hour. Those
	// of answers have room of their own: see MostPictures.
	MostEnclosed = 32 << 20
	// mostEnclosures bounds what is remembered about the pictures of a question.
	mostEnclosures = 3 * MaxPictures
)

// EnclosePicture adds a picture to the question with which it came. It may come long after the
// words, which wait for no picture.
type EnclosePicture struct {
	On
	Enclosure Enclosure `json:"enclosure"`
}

// Verb is Enclose.
func (EnclosePicture) Verb() Verb { return Enclose }

func (c EnclosePicture) already(q Question, _ Actor) bool {
	return q.Encloses(c.Enclosure.Key) || len(q.Enclosed) >= mostEnclosures
}

func (c EnclosePicture) apply(q *Question, _ Context) error {
	e := c.Enclosure
	if p, known := q.PartOf(e.Message); known && p.Text == "" || len(q.Forgot) > 0 {
		return Fail(Refused, "not_now", "verb", Enclose, "state", q.State)
	}
	if e.Picture != nil {
		p, err := e.Picture.enclosed()
		if err != nil {
			return err
		}
		e.Picture, e.Lack = &p, ""
		if len(q.Sent()) >= MaxPictures {
			return Fail(TooMany, "pictures_full", "limit", MaxPictures).At("pictures")
		}
	}
	q.Enclosed = append(q.Enclosed, e)
	return nil
}

// enclosed is the picture as it belongs to a question.
func (p Picture) enclosed() (Picture, error) {
	alt := Shorten(CleanText(p.Alt), MaxAlt)
	if err := p.known(); err != nil {
		return p, err
	}
	return Picture{Hash: p.Hash, Type: p.Type, Size: p.Size, Alt: alt}, nil
}

// Encloses reports whether it is known what became of a picture.
func (q Question) Encloses(key string) bool {
	return slices.ContainsFunc(q.Enclosed, func(e Enclosure) bool { return e.Key == key })
}

// Sent are the pictures that came with the question.
func (q Question) Sent() []Picture {
	var ps []Picture
	for _, e := range q.Enclosed {
		if e.Picture != nil {
			ps = append(ps, *e.Picture)
		}
	}
	return ps
}

// Lacking is why pictures that came with the question are not there, each reason once.
func (q Question) Lacking() []Lack {
	var ls []Lack
	for _, e := range q.Enclosed {
		if e.Lack != "" && !slices.Contains(ls, e.Lack) {
			ls = append(ls, e.Lack)
		}
	}
	return ls
}

// dropped names the pictures that a question had before and has no more.
func (q Question) dropped(before Question) []Hash {
	var hs []Hash
	for _, p := range before.Sent() {
		if !slices.ContainsFunc(q.Sent(), func(o Picture) bool { return o.Hash == p.Hash }) {
			hs = append(hs, p.Hash)
		}
	}
	return hs
}

// Enclose keeps a picture and adds it to its question, or notes there why it is not kept: so many
// that there is no room is no error. bytes are those of e.Picture.
func (s *Service) Enclose(ctx context.Context, of QuestionRef, e Enclosure, bytes []byte) error {
	if e.Picture != nil {
		switch err := s.Enclosed.KeepPicture(ctx, of, *e.Picture, bytes); {
		case KindOf(err) == TooMany && err != nil:
			e.Picture, e.Lack = nil, LackFull
		case err != nil:
			return err
		}
	}
	_, err := s.Do(ctx, Program, EnclosePicture{On: On{Question: of}, Enclosure: e})
	if err != nil && KindOf(err) == TooMany {
		e.Picture, e.Lack = nil, LackMore
		_, err = s.Do(ctx, Program, EnclosePicture{On: On{Question: of}, Enclosure: e})
	}
	return err
}
