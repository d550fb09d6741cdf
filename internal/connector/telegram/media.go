package telegram

import (
	"github.com/go-telegram/bot/models"

	"experthour/internal/session"
)

// media says by the parts of a message what was sent besides words, the telling ones first: a
// moving picture comes as a file, too.
var media = []struct {
	in   func(m *models.Message) bool
	kind session.Media
}{
	{func(m *models.Message) bool { return m.Photo != nil }, session.MediaPicture},
	{func(m *models.Message) bool { return m.Video != nil || m.VideoNote != nil || m.Animation != nil }, session.MediaVideo},
	{func(m *models.Message) bool { return m.Voice != nil || m.Audio != nil }, session.MediaVoice},
	{func(m *models.Message) bool { return m.Sticker != nil }, session.MediaSticker},
	{func(m *models.Message) bool { return m.Document != nil }, session.MediaFile},
	{func(m *models.Message) bool {
		return m.Contact != nil || m.Location != nil || m.Poll != nil || m.Dice != nil || m.Game != nil || m.Story != nil
	}, session.MediaThing},
}

// mediaOf is what somebody sent besides words; "" is nothing.
func mediaOf(m *models.Message) session.Media {
	for _, k := range media {
		if k.in(m) {
			return k.kind
		}
	}
	return ""
}
