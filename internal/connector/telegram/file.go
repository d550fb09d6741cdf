package telegram

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
)

var _ connector.Filer = (*Telegram)(nil)

// pictureFile is the file of a message that may be a picture, in the largest size that there
// is of it; ok is false where there is none. Whether it is one, its bytes say.
func pictureFile(m *models.Message) (f connector.File, ok bool) {
	switch {
	case len(m.Photo) > 0:
		largest := m.Photo[0]
		for _, p := range m.Photo {
			if p.Width*p.Height > largest.Width*largest.Height {
				largest = p
			}
		}
		return connector.File{ID: largest.FileID, Size: int64(largest.FileSize)}, true
	case m.Document != nil && m.Animation == nil && strings.HasPrefix(m.Document.MimeType, "image/"):
		return connector.File{ID: m.Document.FileID, Size: m.Document.FileSize}, true
	}
	return connector.File{}, false
}

// files downloads: the addresses have the token in them, and most bounds one file.
func (o Options) files() *httpapi.Client {
	return httpapi.New(httpapi.Options{Base: o.APIURL + "/file/bot" + o.Token, Secrets: []string{o.Token},
		Dialect: httpapi.Dialect{Words: []string{"description"}}, Timeout: requestTimeout, Most: session.MostFile})
}

// File downloads what somebody sent. Telegram gives a path that holds for an hour, of files of up
// to 20 MB.
func (t *Telegram) File(ctx context.Context, id string) ([]byte, error) {
	var f *models.File
	err := t.request(ctx, "getFile", place{}, func(ctx context.Context) (err error) {
		f, err = t.api.GetFile(ctx, &bot.GetFileParams{FileID: id})
		return err
	})
	switch {
	case says(err, "file is too big"):
		return nil, connector.ErrTooLarge
	case err != nil:
		return nil, err
	case f == nil || f.FilePath == "":
		return nil, errEmpty
	case f.FileSize > session.MostFile:
		return nil, connector.ErrTooLarge
	}
	a, err := t.download.Do(ctx, httpapi.Request{Method: http.MethodGet, To: (&url.URL{Path: "/" + f.FilePath}).EscapedPath()})
	return a.Body, err
}
