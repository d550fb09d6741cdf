package draugiem

import (
	"context"
	"net/url"
	"slices"

	"experthour/internal/connector"
	"experthour/internal/wording"
)

// pieceOf is news as they are sent: a title that says what it is, and the text. Comments under it are
// off, for nobody would read them.
func pieceOf(p connector.Post) url.Values {
	title := wording.In(p.Language).Text("draugiem.title")
	return url.Values{"title": {title}, "text": {p.Text}, "draft": {"0"}, "comments": {"0"}}
}

// none is kept where there was no news before.
const none = "0"

// publish notes what was the newest before it publishes, so that what comes after it and has the
// same text is this.
func (d *Draugiem) publish(ctx context.Context, p connector.Post) (connector.Sent, error) {
	all, err := d.news(ctx)
	if err != nil {
		return connector.Sent{}, err
	}
	if p.Note == "" {
		p.Note = none
		if len(all) > 0 {
			p.Note = all[len(all)-1].ID
		}
		if err := p.Keep(ctx, p.Note); err != nil {
			return connector.Sent{}, err
		}
	} else if n, ok, err := d.newer(ctx, all, p); ok || err != nil {
		if err != nil {
			return connector.Sent{}, err
		}
		return sent(news, n.ID), nil
	}
	said, err := d.write(ctx, newsAction, "add", pieceOf(p))
	if id := said.text("id", "pid", "news_id"); err == nil && number.MatchString(id) {
		return sent(news, id), nil
	}
	if err != nil && !saysNo(err) {
		return connector.Sent{}, err
	}
	return d.orElse(ctx, p, err)
}

// orElse looks for news of which Draugiem.lv did not say the id, or to which it said no.
func (d *Draugiem) orElse(ctx context.Context, p connector.Post, no error) (connector.Sent, error) {
	all, err := d.news(ctx)
	if err == nil {
		if n, ok, err := d.newer(ctx, all, p); err == nil && ok {
			return sent(news, n.ID), nil
		}
	}
	if no != nil {
		return connector.Sent{}, no
	}
	return connector.Sent{}, &connector.SendError{Outcome: connector.Unsure, Detail: "it says that it took the news, and does not show them"}
}

// mostPieces bounds how many news are read one by one, where their list has no texts.
const mostPieces = 20

// newer looks for news that came after the note and have the text of a post.
func (d *Draugiem) newer(ctx context.Context, all []thing, p connector.Post) (n thing, ok bool, err error) {
	late := slices.DeleteFunc(slices.Clone(all), func(n thing) bool { return order(n.ID, p.Note) <= 0 })
	late = late[:min(len(late), mostPieces)]
	for i := range late {
		if late[i].Text != "" {
			continue
		}
		if late[i], err = d.piece(ctx, late[i].ID); err != nil {
			return thing{}, false, err
		}
	}
	for _, is := range []func(stands, sent string) bool{same, alike} {
		if i := slices.IndexFunc(late, func(n thing) bool { return is(n.Text, p.Text) }); i >= 0 {
			return late[i], true, nil
		}
	}
	return thing{}, false, nil
}

// findNews finds nothing where nothing was noted: it was not sent then. That a list lacks what may
// have been sent is no proof, for nobody knows whether it is late or cut; a person is asked.
func (d *Draugiem) findNews(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	if p.KeepNote != nil && p.Note == "" {
		return connector.Sent{}, false, nil
	}
	all, err := d.news(ctx)
	if err != nil {
		return connector.Sent{}, false, err
	}
	n, ok, err := d.newer(ctx, all, p)
	switch {
	case err != nil:
		return connector.Sent{}, false, err
	case ok:
		return sent(news, n.ID), true, nil
	case p.Note == "":
		return connector.Sent{}, false, nil
	}
	return connector.Sent{}, false, &connector.SendError{Outcome: connector.Deferred,
		Detail: "the list of news does not have it: please look at the page"}
}

func (d *Draugiem) rewrite(ctx context.Context, id string, p connector.Post) (connector.Sent, error) {
	form := pieceOf(p)
	form.Set("id", id)
	if _, err := d.write(ctx, newsAction, "edit", form); err != nil {
		return connector.Sent{}, err
	}
	return sent(news, id), nil
}

// deleteNews takes a no for a success only when the news are not there.
func (d *Draugiem) deleteNews(ctx context.Context, id string) error {
	_, err := d.write(ctx, newsAction, "delete", url.Values{"id": {id}})
	if saysNo(err) {
		if there, looked := d.newsStands(ctx, id); looked == nil && !there {
			return nil
		}
	}
	return err
}

// newsStands looks in the list, which may be cut, and asks for what is not in it.
func (d *Draugiem) newsStands(ctx context.Context, id string) (bool, error) {
	all, err := d.news(ctx)
	if err != nil || slices.ContainsFunc(all, func(n thing) bool { return n.ID == id }) {
		return err == nil, err
	}
	if _, err = d.piece(ctx, id); saysNo(err) {
		return false, nil
	}
	return err == nil, err
}
