package facebook

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"experthour/internal/connector/receive"
)

const (
	// fields are what is asked of a comment
	// (https://developers.facebook.com/docs/graph-api/reference/comment/).
	fields = "id,message,from{id},created_time,like_count,is_hidden,can_comment,permalink_url,parent{id,from{id}},attachment{type,target{id}}"
	// postFields are those of a post of the Page's.
	postFields = "id,message,from{id},created_time,permalink_url"
	perPage    = 100
	mostPages  = 100
	layout     = "2006-01-02T15:04:05-0700"
)

// author is who wrote something; without Advanced Access nobody is named.
type author struct{ ID string }

// node is what is read of a comment or a post.
type node struct {
	ID         string
	Message    string
	From       author
	Created    stamp  `json:"created_time"`
	Likes      int    `json:"like_count"`
	Hidden     bool   `json:"is_hidden"`
	CanComment *bool  `json:"can_comment"`
	Link       string `json:"permalink_url"`
	Parent     struct {
		ID   string
		From author
	}
	Attachment struct {
		Type   string
		Target struct{ ID string }
	}
}

// stamp is a time as the API writes it.
type stamp struct{ time.Time }

// UnmarshalJSON reads it.
func (s *stamp) UnmarshalJSON(b []byte) error {
	t, err := time.Parse(`"`+layout+`"`, string(b))
	s.Time = t.UTC()
	return err
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
		return node{}, unusable(http.MethodGet)
	}
	return n, nil
}

// page is one of a list.
type page struct {
	Data   []json.RawMessage
	Paging struct {
		Cursors struct{ After string }
		Next    string
	}
}

// list reads a list to its end. Some pages repeat for ever what was on those before
// (https://github.com/mobolic/facebook-sdk/issues/510): when one has nothing new, the list is begun
// once more where it had got to in time, and left when that brings nothing either.
func (f *Facebook) list(ctx context.Context, path string, q url.Values) (all []json.RawMessage, err error) {
	known, newest := map[string]bool{}, time.Time{}
	q.Set("limit", strconv.Itoa(perPage))
	for range mostPages {
		var p page
		if err := f.graph.get(ctx, path, q, &p); err != nil {
			return nil, err
		}
		if p.Data == nil {
			return nil, unusable(http.MethodGet)
		}
		before := len(all)
		for _, raw := range p.Data {
			n, ok := parse(raw)
			key := n.ID
			if !ok {
				key = receive.RawKey(raw)
			}
			if known[key] {
				continue
			}
			known[key], all = true, append(all, raw)
			if n.Created.After(newest) {
				newest = n.Created.Time
			}
		}
		fresh := len(all) > before
		switch {
		case p.Paging.Next == "" || p.Paging.Cursors.After == "", !fresh && q.Get("after") == "":
			return all, nil
		case fresh:
			q.Set("after", p.Paging.Cursors.After)
		default:
			q.Del("after")
			q.Set("since", strconv.FormatInt(newest.Unix(), 10))
		}
	}
	return all, nil
}

// comments are those under a post since a time, replies too, the oldest first
// (https://developers.facebook.com/docs/graph-api/reference/object/comments).
func (f *Facebook) comments(ctx context.Context, post string, since time.Time) ([]json.RawMessage, error) {
	return f.list(ctx, "/"+post+"/comments", url.Values{"fields": {fields}, "filter": {"stream"}, "order": {"chronological"},
		"since": {strconv.FormatInt(max(since.Unix(), 0), 10)}})
}
