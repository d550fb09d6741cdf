package youtube

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"experthour/internal/connector"
)

// list is one page.
type list struct {
	Items *[]json.RawMessage
	Next  string `json:"nextPageToken"`
}

// page reads one page of a method.
func (y *YouTube) page(ctx context.Context, method string, query url.Values) (items []json.RawMessage, next string, err error) {
	var l list
	if err := y.call(ctx, http.MethodGet, method, query, nil, &l); err != nil {
		return nil, "", err
	}
	if l.Items == nil {
		return nil, "", unusable(connector.Deferred)
	}
	return *l.Items, l.Next, nil
}

var errDeep = &connector.SendError{Outcome: connector.Deferred, Wait: fastWait, Detail: "there are too many comments to look through"}

// pages reads a list until each has enough. before is asked before every page.
func (y *YouTube) pages(ctx context.Context, method string, query url.Values, before func(page int) error,
	each func(items []json.RawMessage) (enough bool, err error)) error {
	query.Set("part", "snippet")
	query.Set("textFormat", "plainText")
	query.Set("maxResults", strconv.Itoa(perPage))
	for n := range mostPages {
		if err := before(n); err != nil {
			return err
		}
		items, next, err := y.page(ctx, method, query)
		if err != nil {
			return err
		}
		if enough, err := each(items); err != nil || enough || next == "" {
			return err
		}
		query.Set("pageToken", next)
	}
	return errDeep
}

// named reads comments by their ids. Where YouTube refuses all because one is not there, they are
// asked for in halves. What was deleted is not among them.
func (y *YouTube) named(ctx context.Context, before func(int) error, ids ...string) (found map[string]comment, err error) {
	found = map[string]comment{}
	if err := before(0); err != nil {
		return nil, err
	}
	items, _, err := y.page(ctx, "comments", url.Values{"part": {"snippet"}, "textFormat": {"plainText"}, "id": {strings.Join(ids, ",")}})
	if said(err, noComment) && len(ids) == 1 {
		return found, nil
	}
	if said(err, noComment) {
		return y.halves(ctx, before, ids)
	}
	for _, raw := range items {
		if c, ok := parse[comment](raw); ok {
			found[c.ID] = c
		}
	}
	return found, err
}

func (y *YouTube) halves(ctx context.Context, before func(int) error, ids []string) (found map[string]comment, err error) {
	found, err = y.named(ctx, before, ids[:len(ids)/2]...)
	if err != nil {
		return nil, err
	}
	more, err := y.named(ctx, before, ids[len(ids)/2:]...)
	for id, c := range more {
		found[id] = c
	}
	return found, err
}

// free is a page that is paid already.
func free(int) error { return nil }

// threads are those of comments at the top. Where YouTube refuses all because one is not there,
// each is asked for alone.
func (y *YouTube) threads(ctx context.Context, before func(int) error, ids ...string) (map[string]thread, error) {
	found := map[string]thread{}
	if err := before(0); err != nil {
		return nil, err
	}
	items, _, err := y.page(ctx, "commentThreads", url.Values{"part": {"snippet"}, "textFormat": {"plainText"},
		"id": {strings.Join(ids, ",")}})
	if said(err, noThread, noComment) {
		for _, id := range ids {
			if len(ids) == 1 {
				return found, nil
			}
			one, err := y.threads(ctx, before, id)
			if err != nil {
				return nil, err
			}
			for _, t := range one {
				found[t.ID] = t
			}
		}
		return found, nil
	}
	for _, raw := range items {
		if t, ok := parse[thread](raw); ok {
			t.ID = t.Snippet.Top.ID
			found[t.ID] = t
		}
	}
	return found, err
}

// replies reads what stands below a comment at the top. That it is not there is none.
func (y *YouTube) replies(ctx context.Context, top string, before func(int) error, each func([]comment) (bool, error)) error {
	err := y.pages(ctx, "comments", url.Values{"parentId": {top}}, before, func(items []json.RawMessage) (bool, error) {
		var all []comment
		for _, raw := range items {
			if c, ok := parse[comment](raw); ok {
				all = append(all, c)
			}
		}
		return each(all)
	})
	if said(err, noComment) {
		return nil
	}
	return err
}
