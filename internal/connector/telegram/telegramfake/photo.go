package telegramfake

import (
	"bytes"
	"encoding/json"
	"image"
	_ "image/jpeg" // photos
	_ "image/png"
	"strings"
	"unicode/utf8"
)

const (
	longestCaption = 1024     // UTF-16 units, after parsing
	largestPhoto   = 10 << 20 // bytes
	longestSides   = 10_000   // width and height together
	steepest       = 20       // width to height, or height to width
)

// readCaption parses what stands below a picture; it may be empty.
func readCaption(p params) (string, []Entity, error) {
	raw := p["caption"]
	if !utf8.ValidString(raw) {
		return "", nil, badRequest("strings must be encoded in UTF-8")
	}
	text, marked, err := parse(raw, params{"parse_mode": p["parse_mode"], "entities": p["caption_entities"]})
	if err != nil {
		return "", nil, err
	}
	text, marked = trim(text, marked)
	if units(text) > longestCaption {
		return "", nil, badRequest("message caption is too long")
	}
	return text, marked, nil
}

// readPhoto is the picture that came with a call.
func (s *Server) readPhoto(p params, name string) (*file, error) {
	b, ok := p[uploaded+name]
	if !ok {
		return nil, badRequest("there is no photo in the request")
	}
	if len(b) > largestPhoto {
		return nil, badRequest("file is too big")
	}
	c, _, err := image.DecodeConfig(bytes.NewReader([]byte(b)))
	switch {
	case err != nil:
		return nil, badRequest("IMAGE_PROCESS_FAILED")
	case c.Width+c.Height > longestSides, c.Width > steepest*c.Height, c.Height > steepest*c.Width:
		return nil, badRequest("PHOTO_INVALID_DIMENSIONS")
	}
	return s.newFile("", "image/jpeg", []byte(b)), nil
}

func sendPhoto(s *Server, p params) (any, error) {
	text, marked, err := readCaption(p)
	if err != nil {
		return nil, err
	}
	k, err := readMarkup(p, false)
	if err != nil {
		return nil, err
	}
	c, err := s.chatFor(p, toWrite)
	if err != nil {
		return nil, err
	}
	f, err := s.readPhoto(p, "photo")
	if err != nil {
		return nil, err
	}
	m := &Message{chat: c, from: s.bot, text: text, entities: marked, markup: k, media: "photo", file: f}
	return s.sendDraft(m, p, "sendPhoto")
}

func editMessageCaption(s *Server, p params) (any, error) {
	text, marked, err := readCaption(p)
	if err != nil {
		return nil, err
	}
	return s.edit(p, "editMessageCaption", func(m *Message) error {
		if m.media == "" {
			return badRequest("there is no caption in the message to edit")
		}
		m.text, m.entities = text, detect(text, marked)
		return nil
	})
}

// editMessageMedia gives a message of the bot a photo that comes with the call, in place of another one or of a text.
// Other media are not known here (https://core.telegram.org/bots/api#editmessagemedia).
func editMessageMedia(s *Server, p params) (any, error) {
	if p["media"] == "" {
		return nil, badRequest(`parameter "media" is required`)
	}
	var in struct {
		Type    string `json:"type"`
		Media   string `json:"media"`
		Caption string `json:"caption"`
		Mode    string `json:"parse_mode"`
	}
	err := json.Unmarshal([]byte(p["media"]), &in)
	name, comes := strings.CutPrefix(in.Media, "attach://")
	switch {
	case err != nil:
		return nil, badRequest("can't parse InputMedia: expected an Object")
	case in.Type != "photo":
		return nil, badRequest("can't parse InputMedia: type %q is unsupported", in.Type)
	case !comes:
		return nil, badRequest("can't parse InputMedia: media not found")
	}
	text, marked, err := readCaption(params{"caption": in.Caption, "parse_mode": in.Mode})
	if err != nil {
		return nil, err
	}
	f, err := s.readPhoto(p, name)
	if err != nil {
		return nil, err
	}
	return s.edit(p, "editMessageMedia", func(m *Message) error {
		m.text, m.entities, m.media, m.file = text, detect(text, marked), "photo", f
		return nil
	})
}

// Picture is the bytes of the photo that the message shows, nil for none.
func (m *Message) Picture() []byte {
	defer m.chat.srv.lock()()
	if m.media != "photo" || m.file == nil {
		return nil
	}
	return m.file.bytes
}
