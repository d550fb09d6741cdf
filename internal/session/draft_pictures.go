package session

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Described reports whether a picture has everything that the public is told with it.
func (p Picture) Described() bool { return p.Alt != "" && p.Author != "" }

// ready reports whether nothing of a message is still to be read or to be said.
func (s Said) ready() bool {
	return !s.Awaits && !slices.ContainsFunc(s.Pictures, func(p Picture) bool { return !p.Described() })
}

// shows gives a message the pictures that came with it. What was said of one of them stays.
func (s *Said) shows(ps []Picture) error {
	before := s.Pictures
	s.Pictures, s.Awaits = nil, false
	for _, p := range ps {
		if err := p.known(); err != nil {
			return err
		}
		p.Alt, p.Author = "", ""
		if i := within(before, p.Hash); i >= 0 {
			p = before[i]
		}
		if within(s.Pictures, p.Hash) < 0 {
			s.Pictures = append(s.Pictures, p)
		}
	}
	return nil
}

// within is where a picture is among others, -1 for nowhere.
func within(ps []Picture, h Hash) int {
	return slices.IndexFunc(ps, func(p Picture) bool { return p.Hash == h })
}

// drafted reports whether a message is part of the holder's draft.
func (q Question) drafted(s Said) bool {
	return q.State == Claimed && s.Use == Drafted && s.By == q.Holder
}

// picturesOf are the pictures of some messages, in the order of the platform.
func (q Question) picturesOf(which func(Said) bool) []Picture {
	var ps []Picture
	for _, s := range q.Said {
		for _, p := range s.Pictures {
			if which(s) && within(ps, p.Hash) < 0 {
				ps = append(ps, p)
			}
		}
	}
	return ps
}

// NextPictures are those of the answer as it would be submitted now: the draft's, and without any
// those of the newest revision.
func (q Question) NextPictures() []Picture {
	if ps := q.picturesOf(q.drafted); len(ps) > 0 {
		return ps
	}
	return q.Latest().Pictures
}

// MorePictures is how many more the holder's draft takes, or the answer to which a message of
// theirs is added.
func (q Question) MorePictures(m MessageID) int {
	have := q.picturesOf(func(s Said) bool { return s.Message != m && (q.drafted(s) || s.Use == Asking) })
	return max(0, MaxPictures-len(have))
}

// SentPictures are those of messages that are, or may become, parts of the answer.
func (q Question) SentPictures() []Picture {
	return q.picturesOf(func(s Said) bool { return s.Use == Drafted || s.Use == Asking })
}

// Undescribed is the first of SentPictures of which nobody has said what it shows and who made it,
// and who sent it; ok is false where there is none.
func (q Question) Undescribed() (p Picture, by PersonName, ok bool) {
	ps := q.SentPictures()
	i := slices.IndexFunc(ps, func(p Picture) bool { return !p.Described() })
	if i < 0 {
		return Picture{}, "", false
	}
	s, _ := q.saidWith(ps[i].Hash)
	return ps[i], q.Said[s].By, true
}

// DraftMark names the draft, so that a form that was opened before its last message does
// not swallow it; "" for none.
func (q Question) DraftMark() string {
	parts := []string{q.Draft()}
	for _, p := range q.picturesOf(q.drafted) {
		parts = append(parts, string(p.Hash))
	}
	return markOf(strings.Join(parts, "\n"))
}

// markOf names a text that somebody had before them; "" is that of none.
func markOf(text string) string {
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// drawn are the pictures of a command: those that it names, and without a word about them those of
// the draft. Nil leaves those that there are.
func (q Question) drawn(ps *[]Picture) *[]Picture {
	if of := q.picturesOf(q.drafted); ps == nil && len(of) > 0 {
		return &of
	}
	return ps
}

// redrawn are the pictures of the next revision of messages: those of the one before without some,
// and then those of the messages. Nil leaves those that there are.
func (q Question) redrawn(without []Picture) *[]Picture {
	before := q.Latest().Pictures
	ps := slices.DeleteFunc(slices.Clone(before), func(p Picture) bool { return within(without, p.Hash) >= 0 })
	for _, p := range q.picturesOf(used) {
		if within(ps, p.Hash) < 0 {
			ps = append(ps, p)
		}
	}
	if slices.Equal(ps, before) {
		return nil
	}
	return &ps
}

// DescribePicture says what a picture of a message shows, and who made it: without that it is in no
// answer.
type DescribePicture struct {
	On
	Picture Hash   `json:"picture"`
	Alt     string `json:"alt"`
	Author  string `json:"author"`
}

// Verb is Describe.
func (DescribePicture) Verb() Verb { return Describe }

// seen leaves the check out: it is about one picture, whatever happened beside it.
func (DescribePicture) seen() string { return "" }

func (c DescribePicture) already(q Question, _ Actor) bool {
	s, i := q.saidWith(c.Picture)
	return i >= 0 && q.Said[s].Pictures[i].Alt == CleanText(c.Alt) && q.Said[s].Pictures[i].Author == CleanLine(c.Author)
}

// saidWith finds the picture among those of messages that are, or may become, parts of an answer.
func (q Question) saidWith(h Hash) (said, picture int) {
	for i, s := range q.Said {
		if j := within(s.Pictures, h); j >= 0 && (s.Use == Drafted || s.Use == Asking) {
			return i, j
		}
	}
	return -1, -1
}

func (c DescribePicture) apply(q *Question, x Context) error {
	i, j := q.saidWith(c.Picture)
	if i < 0 {
		return Fail(NotFound, "picture_unknown")
	}
	s := q.Said[i]
	if x.By.Role != Moderator && x.By.Name != s.By {
		return Fail(Forbidden, "not_writer").Of(s.By)
	}
	p := s.Pictures[j]
	p.Alt, p.Author = c.Alt, c.Author
	if err := p.clean("alt", "author"); err != nil {
		return err
	}
	s.Pictures = slices.Clone(s.Pictures)
	s.Pictures[j] = p
	q.Said[i] = s
	if s.Use == Drafted {
		q.rest(x)
	}
	return nil
}
