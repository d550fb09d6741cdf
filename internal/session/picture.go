package session

import (
	"context"
	"regexp"
	"slices"
)

// Picture is one that belongs to an answer or came with a question, without its bytes: those are
// named by their hash.
type Picture struct {
	Hash   Hash   `json:"hash"`             // SHA-256 of the bytes, in hexadecimal
	Type   string `json:"type"`             // image/jpeg, image/png or image/webp
	Size   int    `json:"size"`             // bytes
	Alt    string `json:"alt"`              // what it shows, for whoever cannot see it
	Author string `json:"author,omitempty"` // who is to be named; empty only in answers of earlier versions
}

// PictureStore keeps the bytes of pictures, for the question to which they belong. They are
// forgotten with its texts. Those of answers and those that came with questions have one each, so
// that nothing of the latter can be published.
type PictureStore interface {
	// KeepPicture keeps bytes under their hash; the same ones again are a success. TooMany says
	// that the hour has no room for more.
	KeepPicture(ctx context.Context, of QuestionRef, p Picture, bytes []byte) error
	// Picture gives what was kept, without Alt and Author; NotFound "picture_unknown" if nothing was.
	Picture(ctx context.Context, of QuestionRef, h Hash) (Picture, []byte, error)
}

// What pictures are bounded by.
const (
	MaxPictures  = 4        // of an answer
	MostFile     = 10 << 20 // bytes of a file that may become one
	MostPicture  = 950_000  // bytes of one that is kept: platforms take as many
	MostPictures = 64 << 20 // bytes of all that are kept for an hour
	MaxAlt       = 1_000
	MaxAuthor    = maxName
)

// Picture finds one of a revision's by its hash.
func (r Revision) Picture(h Hash) (Picture, bool) {
	i := within(r.Pictures, h)
	if i < 0 {
		return Picture{}, false
	}
	return r.Pictures[i], true
}

// Hashes names the pictures of all revisions and of all messages at the desk, in no order.
func (q Question) Hashes() []Hash {
	var hs []Hash
	for _, r := range q.Revisions {
		for _, p := range r.Pictures {
			hs = append(hs, p.Hash)
		}
	}
	for _, s := range q.Said {
		for _, p := range s.Pictures {
			hs = append(hs, p.Hash)
		}
	}
	return hs
}

// illustrated is a command that may bring pictures.
type illustrated interface{ pictures() *[]Picture }

func (c SubmitAnswer) pictures() *[]Picture  { return c.Pictures }
func (c CorrectAnswer) pictures() *[]Picture { return c.Pictures }
func (c WriteMessage) pictures() *[]Picture  { return c.Pictures }

// see refuses pictures that are not kept for the question: what nobody could be shown is not
// approved.
func (s *Service) see(ctx context.Context, cmd Command) error {
	c, ok := cmd.(illustrated)
	if !ok || s.Pictures == nil || c.pictures() == nil {
		return nil
	}
	ps := *c.pictures()
	for _, p := range ps[:min(len(ps), MaxPictures)] {
		kept, _, err := s.Pictures.Picture(ctx, cmd.Target(), p.Hash)
		switch {
		case KindOf(err) == NotFound || err == nil && (kept.Type != p.Type || kept.Size != p.Size):
			return Fail(Invalid, "picture_wrong").At("pictures")
		case err != nil:
			return err
		}
	}
	return nil
}

var (
	pictureHash  = regexp.MustCompile(`^[0-9a-f]{64}$`)
	pictureTypes = []string{"image/jpeg", "image/png", "image/webp"}
)

// illustrate gives the newest revision other pictures; nil leaves those that it has from the
// one before.
func (q *Question) illustrate(ps *[]Picture) error {
	if ps == nil {
		return nil
	}
	last := &q.Revisions[len(q.Revisions)-1]
	if len(*ps) > MaxPictures {
		return Fail(TooMany, "pictures_full", "limit", MaxPictures).At("pictures")
	}
	last.Pictures = slices.Clone(*ps)
	for i := range last.Pictures {
		if err := last.Pictures[i].clean("pictures", "pictures"); err != nil {
			return err
		}
	}
	return nil
}

// known refuses what is no picture that was kept.
func (p Picture) known() error {
	switch {
	case !pictureHash.MatchString(string(p.Hash)) || !slices.Contains(pictureTypes, p.Type) || p.Size < 1:
		return Fail(Invalid, "picture_wrong").At("pictures")
	case p.Size > MostFile:
		return Fail(Invalid, "picture_too_large", "limit", MostFile>>20).At("pictures")
	}
	return nil
}

// clean makes the words about a picture safe to store, and wants all of them. alt and author are the
// fields in which they were given.
func (p *Picture) clean(alt, author Field) error {
	p.Alt, p.Author = CleanText(p.Alt), CleanLine(p.Author)
	switch {
	case p.known() != nil:
		return p.known()
	case p.Alt == "":
		return Fail(Invalid, "picture_alt").At(alt)
	case p.Author == "":
		return Fail(Invalid, "picture_author").At(author)
	}
	if err := tooLong(alt, p.Alt, MaxAlt); err != nil {
		return err
	}
	return tooLong(author, p.Author, MaxAuthor)
}

// showsOther reports whether pictures are given that are not those of a revision.
func (r Revision) showsOther(ps *[]Picture) bool { return ps != nil && !slices.Equal(*ps, r.Pictures) }
