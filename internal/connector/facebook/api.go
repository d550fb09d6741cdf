package facebook

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"experthour/internal/connector/graph"
	"experthour/internal/connector/receive"
)

const (
	// fields are what is asked of a comment
	// (https://developers.facebook.com/docs/graph-api/reference/comment/, …/reference/story-attachment-media/).
	fields = "id,message,from{id},created_time,like_count,is_hidden,can_comment,permalink_url,parent{id,from{id}},attachment{" +
		"type,media{image{src}}}"
	// postFields are those of a post of the Page's.
	postFields = "id,message,from{id},created_time,permalink_url"
	perPage    = 100
	mostPages  = 100
)

// author is who wrote something; without Advanced Access nobody is named.
type author struct{ ID string }

// node is what is read of a comment or a post.
type node struct {
	ID         string
	Message    string
	From       author
	Created    graph.Stamp `json:"created_time"`
	Likes      int         `json:"like_count"`
	Hidden     bool        `json:"is_hidden"`
	CanComment *bool       `json:"can_comment"`
	Link       string      `json:"permalink_url"`
	Parent     struct {
		ID   string
		From author
	}
	Attachment struct {
		Type  string
		Media struct{ Image struct{ Src string } }
	}
}

// parse reads one of a list; ok is false for what is none.
func parse(raw []byte) (n node, ok bool) {
	err := json.Unmarshal(raw, &n)
	if !permalink.MatchString(n.Link) {
		n.Link = ""
	}
	return n, err == nil && nodeID.MatchString(n.ID) && !n.Created.IsZero()
}

// read asks for one comment.
func (f *Facebook) read(ctx context.Context, id string) (node, error) {
	var raw json.RawMessage
	if err := f.graph.get(ctx, "/"+id, url.Values{"fields": {fields}}, &raw); err != nil {
		return node{}, err
	}
	n, ok := parse(raw)
	if !ok || n.ID != id {
		return node{}, graph.Unusable(http.MethodGet)
	}
	return n, nil
}

// list reads a list to its end. When a page has nothing new, the list is begun once more where it
// had got to in time, and left when that brings nothing either.
func (f *Facebook) list(ctx context.Context, path string, q url.Values) (all []json.RawMessage, err error) {
	newest := time.Time{}
	list := graph.List[json.RawMessage]{Left: mostPages,
		Ask: func(ctx context.Context, q url.Values, p *graph.Page) error {
			err := f.graph.get(ctx, path, q, p)
			if err == nil && p.Data == nil {
				return graph.Unusable(http.MethodGet)
			}
			if p.Paging.Next == "" {
				p.Paging.Cursors.After = ""
			}
			return err
		},
		Take: func(raw json.RawMessage) (json.RawMessage, string) {
			n, ok := parse(raw)
			if !ok {
				return raw, receive.RawKey(raw)
			}
			if n.Created.After(newest) {
				newest = n.Created.Time
			}
			return raw, n.ID
		}}
	q.Set("limit", strconv.Itoa(perPage))
	for {
		some, end, err := list.Read(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if end != graph.Repeats || len(some) == 0 {
			return all, nil
		}
		q.Set("since", strconv.FormatInt(newest.Unix(), 10))
	}
}

// comments are those under a post since a time, replies too, the oldest first
// (https://developers.facebook.com/docs/graph-api/reference/object/comments).
func (f *Facebook) comments(ctx context.Context, post string, since time.Time) ([]json.RawMessage, error) {
	return f.list(ctx, "/"+post+"/comments", url.Values{"fields": {fields}, "filter": {"stream"}, "order": {"chronological"},
		"since": {strconv.FormatInt(max(since.Unix(), 0), 10)}})
}
