package telegram

import (
	"context"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// File downloads what somebody sent to the bot.
func (p *Public) File(ctx context.Context, id string) ([]byte, error) { return p.t.File(ctx, id) }

// encloses reports whether there is a picture in a message that is handed over.
func (p *Public) encloses(m *models.Message) bool {
	_, ok := pictureFile(m)
	return ok && p.opts.Enclose != nil
}

// withOf is what was sent with a message. A file that is a picture is one.
func (p *Public) withOf(m *models.Message) session.Media {
	if p.encloses(m) {
		return session.MediaPicture
	}
	return mediaOf(m)
}

// enclose hands the picture of a message over; what becomes of its words is known by then. o is
// where it stands.
func (p *Public) enclose(ctx context.Context, m *models.Message, o session.Origin) error {
	f, ok := pictureFile(m)
	if !ok || p.opts.Enclose == nil {
		return nil
	}
	return p.opts.Enclose(ctx, connector.Enclosed{At: o, Sent: sentAt(m), Key: string(o.Message), File: f.ID})
}
