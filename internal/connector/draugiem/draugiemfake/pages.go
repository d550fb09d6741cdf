package draugiemfake

import (
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// zone is that of the times that are told as local ones.
var zone = time.FixedZone("EET", 2*60*60)

func ok() map[string]any { return map[string]any{"status": "OK"} }

// visible reports whether a list shows what was written then.
func (d *Draugiem) visible(at time.Time) bool { return d.now().Sub(at) >= d.lag }

// shown is a text as it comes back.
func (d *Draugiem) shown(text string) string {
	if !d.markup {
		return text
	}
	return strings.ReplaceAll(html.EscapeString(text), "\n", "<br />\n")
}

// dated adds a time in the way that is switched on.
func (d *Draugiem) dated(fields map[string]any, at time.Time) map[string]any {
	switch d.dates {
	case Unix:
		fields["created"] = strconv.FormatInt(at.Unix(), 10)
	case Local:
		fields["created"] = at.In(zone).Format(time.DateTime)
	}
	return fields
}

// list is one as PHP writes it: an object keyed by id, or an array; an empty one is always that.
func (d *Draugiem) list(fields []map[string]any) any {
	if len(fields) == 0 || d.arrays {
		return append([]map[string]any{}, fields...)
	}
	keyed := map[string]any{}
	for _, f := range fields {
		id, _ := f["id"].(string)
		keyed[id] = f
	}
	return keyed
}

func (d *Draugiem) dashboard(url.Values) (map[string]any, error) {
	answered := 0
	for _, q := range d.questions {
		if q.Answer != "" {
			answered++
		}
	}
	return map[string]any{"pageviews": "1", "fans": 2, "fansdelta_week": nil, "oldest_unanswered_faq": false,
		"answered_faq": strconv.Itoa(answered), "unanswered_faq": strconv.Itoa(len(d.questions) - answered)}, nil
}

func (d *Draugiem) faqList(url.Values) (map[string]any, error) {
	var all []map[string]any
	for _, q := range d.questions {
		if !d.visible(q.At) {
			continue
		}
		f := d.dated(map[string]any{"id": q.ID, "question": d.shown(q.Text), "answer": nil}, q.At)
		if q.Answer != "" && d.visible(q.Answered) {
			f["answer"] = d.shown(q.Answer)
		}
		if !d.nameless {
			f["uid"], f["name"] = q.Author, q.Name
		}
		all = append(all, f)
	}
	return map[string]any{"faq": d.list(all)}, nil
}

func (d *Draugiem) faqAnswer(form url.Values) (map[string]any, error) {
	q := d.question(form.Get("question_id"))
	switch {
	case q == nil:
		return nil, fail(920, "there is no such question")
	case q.Answer != "" && d.again == Refuses:
		return nil, fail(921, "it has an answer")
	case q.Answer == "" || d.again == Overwrites:
		q.Answer, q.Answered = form.Get("answer"), d.now()
	}
	return ok(), nil
}

func (d *Draugiem) faqDelete(form url.Values) (map[string]any, error) {
	id := form.Get("question_id")
	if d.question(id) == nil {
		return nil, fail(920, "there is no such question")
	}
	d.remove(id)
	return ok(), nil
}

func (d *Draugiem) piece(n *News) map[string]any {
	return d.dated(map[string]any{"id": n.ID, "title": d.shown(n.Title), "text": d.shown(n.Text), "draft": flag(n.Draft)}, n.At)
}

func flag(is bool) string {
	if is {
		return "1"
	}
	return "0"
}

func (d *Draugiem) newsList(url.Values) (map[string]any, error) {
	var all []map[string]any
	for _, n := range d.news {
		if !d.visible(n.At) {
			continue
		}
		shown := d.piece(n)
		if d.titles {
			delete(shown, "text")
		}
		all = append(all, shown)
	}
	return map[string]any{"posts": d.list(all)}, nil
}

// named looks for the piece of news that a call names.
func (d *Draugiem) named(form url.Values) (*News, error) {
	i := slices.IndexFunc(d.news, func(n *News) bool { return n.ID == form.Get("id") })
	if i < 0 {
		return nil, fail(930, "there is no such news")
	}
	return d.news[i], nil
}

func (d *Draugiem) newsGet(form url.Values) (map[string]any, error) {
	n, err := d.named(form)
	if err != nil {
		return nil, err
	}
	return map[string]any{"posts": d.list([]map[string]any{d.piece(n)})}, nil
}

func (d *Draugiem) newsAdd(form url.Values) (map[string]any, error) {
	n := d.publish(form.Get("title"), form.Get("text"), form.Get("draft") == "1")
	out := ok()
	if d.newsID != "" {
		out[d.newsID] = n.ID
	}
	return out, nil
}

func (d *Draugiem) newsEdit(form url.Values) (map[string]any, error) {
	n, err := d.named(form)
	if err != nil {
		return nil, err
	}
	n.Title, n.Text, n.Draft = form.Get("title"), form.Get("text"), form.Get("draft") == "1"
	return ok(), nil
}

func (d *Draugiem) newsDelete(form url.Values) (map[string]any, error) {
	n, err := d.named(form)
	if err != nil {
		return nil, err
	}
	d.news = slices.DeleteFunc(d.news, func(o *News) bool { return o == n })
	return ok(), nil
}
