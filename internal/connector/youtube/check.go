package youtube

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"experthour/internal/connector"
)

var _ connector.Checker = (*YouTube)(nil)

func good(id string, args ...any) connector.Finding { return connector.Finding{ID: id, Args: args} }

func bad(id string, args ...any) connector.Finding {
	return connector.Finding{ID: id, Args: args, Bad: true}
}

// Check looks at the token, the channel and the video, for three units. It waits for no budget:
// whoever looks wants to know when there is nothing left.
func (y *YouTube) Check(ctx context.Context) []connector.Finding {
	c, err := y.mine(ctx)
	if err != nil {
		return []connector.Finding{refusal(err)}
	}
	found := []connector.Finding{good("youtube.works", "name", c.Snippet.Title), good("youtube.longest", "most", longest)}
	found = append(append(found, y.checkToken(ctx)), y.checkUnits(ctx)...)
	return append(found, y.checkVideo(ctx, c)...)
}

// refusal is why nothing can be asked.
func refusal(err error) connector.Finding {
	if id, is := unlet(err); is {
		return bad(id)
	}
	if said(err, usedUp, usedUpToo) {
		return bad("youtube.units_used")
	}
	return bad("youtube.no_answer", "detail", connector.OutcomeOf(err).Detail)
}

// checkToken says until when nobody has to log in again.
func (y *YouTube) checkToken(ctx context.Context) connector.Finding {
	t, err := y.token.Token(ctx)
	switch {
	case err != nil:
		return refusal(err)
	case t.Ends.IsZero():
		return good("youtube.testing_perhaps")
	}
	return bad("youtube.testing", "date", t.Ends.In(y.zone()).Format(time.DateOnly))
}

func (y *YouTube) zone() *time.Location {
	if y.env.Zone == nil {
		return time.UTC
	}
	return y.env.Zone
}

// checkUnits says what this program knows: others may use the same project.
func (y *YouTube) checkUnits(ctx context.Context) []connector.Finding {
	all, err := y.env.Left(ctx, y)
	if err != nil {
		return nil // a store that is away says so itself
	}
	left := all[units]
	f := good("youtube.units", "left", left, "most", y.account.Units, "answers", left/costPost)
	if left < y.account.Units/scarce {
		f = bad("youtube.units_low", "left", left, "answers", left/costPost)
	}
	return []connector.Finding{f}
}

// video is what is read of it.
type video struct {
	Snippet struct {
		Channel string `json:"channelId"`
		Title   string
	}
	Status struct {
		Privacy string `json:"privacyStatus"`
	}
}

func (y *YouTube) checkVideo(ctx context.Context, c channel) []connector.Finding {
	var answer struct{ Items []video }
	q := url.Values{"part": {"snippet,status"}, "id": {y.settings.Video}}
	if err := y.call(ctx, http.MethodGet, "videos", q, nil, &answer); err != nil {
		return []connector.Finding{refusal(err)}
	}
	if len(answer.Items) == 0 {
		return []connector.Finding{bad("youtube.video_gone")}
	}
	v := answer.Items[0]
	switch title := v.Snippet.Title; {
	case v.Snippet.Channel != c.ID:
		return []connector.Finding{bad("youtube.not_own", "title", title)}
	case v.Status.Privacy == "private":
		return []connector.Finding{bad("youtube.private", "title", title)}
	}
	_, _, err := y.page(ctx, "commentThreads", url.Values{"part": {"snippet"}, "videoId": {y.settings.Video}, "maxResults": {"1"}})
	switch {
	case said(err, closed):
		return []connector.Finding{bad("youtube.closed", "title", v.Snippet.Title)}
	case err != nil:
		return []connector.Finding{refusal(err)}
	}
	return []connector.Finding{good("youtube.video", "title", v.Snippet.Title)}
}
