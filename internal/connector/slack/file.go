package slack

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
)

var _ connector.Filer = (*Slack)(nil)

// file is one of a message. What is not there any more stays as a tombstone.
type file struct {
	ID       string `json:"id,omitempty"`
	Mimetype string `json:"mimetype,omitempty"`
	Mode     string `json:"mode,omitempty"`
	Size     int64  `json:"size,omitempty"`
}

// media are the kinds of files by the first word of their type.
var media = map[string]session.Media{"image": session.MediaPicture, "video": session.MediaVideo, "audio": session.MediaVoice}

func (f file) media() session.Media {
	kind, _, _ := strings.Cut(f.Mimetype, "/")
	return cmp.Or(media[kind], session.MediaFile)
}

// there are the files of a message that are not taken away.
func (m event) there() []file {
	return slices.DeleteFunc(slices.Clone(m.Files), func(f file) bool { return f.Mode == "tombstone" || f.Mode == "hidden_by_limit" })
}

// attached tells the pictures of a message from what else was sent besides words.
func (m event) attached() (pictures []connector.File, with session.Media) {
	for _, f := range m.there() {
		switch kind := f.media(); {
		case f.ID != "" && (kind == session.MediaPicture || f.Mimetype == ""): // of another workspace, which says no more
			pictures = append(pictures, connector.File{ID: f.ID, Size: f.Size})
		case with == "":
			with = kind
		}
	}
	return pictures, with
}

// File downloads what somebody sent. Slack serves it to the bot's token at an address of its own.
func (s *Slack) File(ctx context.Context, id string) ([]byte, error) {
	var f *slack.File
	err := s.request(ctx, "files.info", func(ctx context.Context) (err error) {
		f, _, _, err = s.api.GetFileInfoContext(ctx, id, 0, 0)
		return err
	})
	switch {
	case code(err) == "missing_scope":
		return nil, &connector.SendError{Outcome: connector.Refused, Detail: "missing_scope files:read", Cause: err}
	case err != nil:
		return nil, err
	case f.Size > session.MostFile:
		return nil, connector.ErrTooLarge
	}
	address := cmp.Or(f.URLPrivateDownload, f.URLPrivate)
	if !s.mayHaveToken(address) {
		return nil, &connector.SendError{Outcome: connector.Refused, Detail: "the file is not kept in Slack"}
	}
	a, err := s.download.Do(ctx, httpapi.Request{Method: http.MethodGet, To: address,
		Header: http.Header{"Authorization": {"Bearer " + s.opts.BotToken}}})
	if a.Status/100 == 3 { // to the page where people sign in
		return nil, &connector.SendError{Outcome: connector.Refused, Detail: "the app may not read the file", Cause: err}
	}
	return a.Body, err
}

// mayHaveToken reports whether an address is Slack's own: others must not get the token.
func (s *Slack) mayHaveToken(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	api, _ := url.Parse(s.opts.APIURL)
	host := strings.ToLower(u.Hostname())
	slacks := u.Scheme == "https" && (host == "slack.com" || strings.HasSuffix(host, ".slack.com"))
	return slacks || api != nil && api.Host != "" && u.Scheme == api.Scheme && u.Host == api.Host
}
