package chat

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/picture"
	"experthour/internal/session"
)

const (
	// fetchFor is how long after a message it is tried to fetch its pictures.
	fetchFor = time.Minute
	// fetchWithin bounds one try: what is left of the time for a letter is for what comes of it.
	fetchWithin = 4 * time.Second
)

// fetch makes the pictures of a message, whose words are stored, a part of the question. missed
// says what is not taken, and why. An error is temporary: the message comes again.
func (c *Chat) fetch(ctx context.Context, by session.Actor, q session.Question, cmd session.WriteMessage, w connector.Written,
) (_ session.Question, missed string, err error) {
	m, known := q.SaidBy(w.Message)
	if !known || m.By != by.Name || m.Use != session.Drafted && m.Use != session.Asking {
		return q, "", nil
	}
	ps, whys, err := c.pictures(ctx, q, w)
	if err != nil {
		return q, "", err
	}
	cmd.Awaits = false
	if len(ps) > 0 || len(m.Pictures) == 0 { // what there was is not lost with a new version that cannot be read
		cmd.Pictures = &ps
	}
	r, err := c.Service.Do(ctx, by, cmd)
	if kind := session.KindOf(err); kind == session.Invalid || kind == session.TooMany { // others came in between
		whys, cmd.Pictures = append(whys, c.words.Error(err)), nil
		r, err = c.Service.Do(ctx, by, cmd)
	}
	return r.Question, lines(whys...), err
}

// mostFiles is how many files of a message are looked at.
const mostFiles = 10

// pictures reads those of a message, as many as the answer takes.
func (c *Chat) pictures(ctx context.Context, q session.Question, w connector.Written) (ps []session.Picture, whys []string, err error) {
	room := q.MorePictures(w.Message)
	in, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	for i, f := range w.Files {
		if len(ps) == room || i == mostFiles {
			return ps, append(whys, c.words.Error(session.Fail(session.TooMany, "pictures_full", "limit", session.MaxPictures))), nil
		}
		p, err := c.picture(in, q.Ref, f)
		switch why := final(err); {
		case err == nil:
			ps = append(ps, p)
		case why != nil:
			whys = append(whys, c.words.Error(why))
		case c.Now().Sub(later(w.At, w.Edited)) < fetchFor || session.KindOf(err) == session.Unavailable && in.Err() == nil:
			return nil, nil, session.Fail(session.Unavailable, "unavailable").Because(err)
		default:
			whys = append(whys, c.words.Error(session.Fail(session.Unavailable, "picture_unread")))
		}
	}
	return ps, slices.Compact(whys), nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// final is what a file is not taken for, however often it is tried; nil is that it may be.
func final(err error) error {
	if errors.Is(err, connector.ErrTooLarge) {
		return picture.TooLarge()
	}
	if kind := session.KindOf(err); kind == session.Invalid || kind == session.TooMany || kind == session.NotFound {
		return err
	}
	if e, ok := errors.AsType[*connector.SendError](err); ok && e.Outcome == connector.Refused {
		return session.Fail(session.Refused, "picture_refused", "detail", session.Shorten(e.Detail, 120))
	}
	return nil
}

// readFor is how long it is remembered that a file was read: longer than its message comes again.
const readFor = time.Hour

// picture makes one of a file and keeps it. What was read is not read again.
func (c *Chat) picture(ctx context.Context, of session.QuestionRef, f connector.File) (p session.Picture, err error) {
	if c.Files == nil || c.Pictures == nil {
		return p, session.Fail(session.Invalid, "picture_form")
	}
	memo := "file:" + string(connector.TagOf(f.ID+"\n"+of.String()))
	if b, ok, err := c.Memory.Recall(ctx, memo); err != nil || ok && json.Unmarshal(b, &p) == nil {
		return p, err
	}
	if f.Size > session.MostFile {
		return p, connector.ErrTooLarge
	}
	file, err := c.Files.File(ctx, f.ID)
	if err != nil {
		return p, err
	}
	p, b, err := picture.Clean(ctx, file)
	if err != nil {
		return p, err
	}
	if err := c.Pictures.KeepPicture(ctx, of, p, b); err != nil {
		return p, err
	}
	note, err := json.Marshal(p)
	if err != nil {
		return p, err
	}
	return p, c.Memory.Keep(ctx, memo, note, readFor)
}

// albumFor is how long the pictures of one album may take to arrive.
const albumFor = 10 * time.Minute

// askWords asks for what is to be said of a picture, once for all that were sent together.
func (c *Chat) askWords(ctx context.Context, s session.Session, q session.Question, w connector.Written, a connector.Answer,
) (connector.Answer, error) {
	m, known := q.SaidBy(w.Message)
	if !known || m.Use != session.Drafted && m.Use != session.Asking || !slices.ContainsFunc(m.Pictures, wordless) {
		return a, nil
	}
	if w.Album != "" {
		key := "album:" + string(connector.TagOf(string(w.By.ID)+"\n"+w.Album))
		if _, told, err := c.Memory.Recall(ctx, key); err != nil || told {
			return a, err
		}
		if err := c.Memory.Keep(ctx, key, nil, albumFor); err != nil {
			return a, err
		}
	}
	a.Say = lines(a.Say, c.text("describe", "number", q.Ref.Number))
	a.Buttons = append(a.Buttons, c.offered(s, q, session.Describe)...)
	return a, nil
}

func wordless(p session.Picture) bool { return !p.Described() }

// describeForm asks what a picture shows, and who made it.
func (c *Chat) describeForm(_ context.Context, p press) (*connector.Form, error) {
	first, _, ok := p.q.Undescribed()
	if !ok {
		return &connector.Form{Title: c.Views.Ref(p.Number), Lines: []connector.Line{say(c.words.Text("desk.nothing_waits"))}}, nil
	}
	f := c.plainForm(p, nil)
	if all := p.q.SentPictures(); len(all) > 1 {
		f.Lines = append(f.Lines, head(c.text("picture_of", "number", slices.Index(all, first)+1, "of", len(all))))
	}
	return f, nil
}

// describeNext asks about the next picture, until all have their words.
func (c *Chat) describeNext(ctx context.Context, p press) (connector.Answer, error) {
	if _, _, more := p.q.Undescribed(); !more {
		return connector.Answer{Close: true}, nil
	}
	f, err := c.describeForm(ctx, p)
	return connector.Answer{Form: f}, err
}

var errNotShown = errors.New("this desk shows no pictures")

// show sends the pictures of an answer to whoever looks at its preview; nil when they have all of
// them before them.
func (c *Chat) show(ctx context.Context, p press, ps []session.Picture) error {
	if len(ps) == 0 {
		return nil
	}
	person, ok := c.Staff.People().Find(p.by.Name)
	to := person.Accounts[c.Lane.Connector]
	if c.Shows == nil || c.Pictures == nil || !ok || to == "" {
		return errNotShown
	}
	var all []connector.Shown
	for _, of := range ps {
		kept, b, err := c.Pictures.Picture(ctx, p.q.Ref, of.Hash)
		if err != nil {
			return err
		}
		all = append(all, connector.Shown{Type: kept.Type, Bytes: b, Words: c.Views.Ref(p.Number) + " " + c.captioned(of)})
	}
	return c.Shows.Show(ctx, to, all)
}

// captioned is everything that the public reads with a picture.
func (c *Chat) captioned(p session.Picture) string {
	if p.Author == "" {
		return p.Alt
	}
	return p.Alt + "\n" + c.words.Text("transcript.picture_by", "author", p.Author)
}
