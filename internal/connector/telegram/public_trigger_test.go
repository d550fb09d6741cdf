package telegram

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

var testReader = reader{bot: "desk_bot", self: 4242, hashtag: "#jautā"}

func entity(kind models.MessageEntityType, text, part string) models.MessageEntity {
	before, _, _ := strings.Cut(text, part)
	return models.MessageEntity{Type: kind, Offset: units(before), Length: units(part)}
}

func TestRead(t *testing.T) {
	t.Parallel()
	mention, hashtag := models.MessageEntityTypeMention, models.MessageEntityTypeHashtag
	for _, c := range []struct {
		text     string
		entities func(text string) []models.MessageEntity
		want     reading
	}{
		{"Why?", nil, reading{text: "Why?"}},
		{"👍🏽 @desk_bot, why?", func(s string) []models.MessageEntity {
			return []models.MessageEntity{entity(mention, s, "@desk_bot")}
		}, reading{text: "👍🏽 why?", mention: true}},
		{"Desk Bot, kāpēc?", func(s string) []models.MessageEntity {
			e := entity(models.MessageEntityTypeTextMention, s, "Desk Bot")
			e.User = &models.User{ID: 4242}
			return []models.MessageEntity{e}
		}, reading{text: "kāpēc?", mention: true}},
		{"one #JAUTĀ two\n#jautā", func(s string) []models.MessageEntity {
			last := entity(hashtag, s, "#jautā")
			return []models.MessageEntity{entity(hashtag, s, "#JAUTĀ"), last}
		}, reading{text: "one two", hashtag: true}},
		{"@desk_bot and @other", func(s string) []models.MessageEntity {
			return []models.MessageEntity{entity(mention, s, "@other")}
		}, reading{text: "@desk_bot and @other"}},
		{"/ask@Desk_Bot  Cik\nmaksā?", nil, reading{text: "Cik\nmaksā?", command: true}},
		{"/ask@other Cik?", nil, reading{text: "Cik?", foreign: true}},
		{"/help", nil, reading{foreign: true}},
		{"/", nil, reading{text: "/"}},
		{"see this page", func(s string) []models.MessageEntity {
			e := entity(models.MessageEntityTypeTextLink, s, "this")
			e.URL = "https://x.example"
			return []models.MessageEntity{e}
		}, reading{text: "see this (https://x.example) page"}},
		{"https://x.example why", func(s string) []models.MessageEntity {
			e := entity(models.MessageEntityTypeTextLink, s, "https://x.example")
			e.URL = "https://x.example"
			return []models.MessageEntity{e}
		}, reading{text: "https://x.example why"}},
		{"broken", func(string) []models.MessageEntity {
			return []models.MessageEntity{{Type: mention, Offset: -1, Length: 3}, {Type: mention, Offset: 3, Length: 99},
				{Type: mention, Offset: 1 << 62, Length: 1 << 62}}
		}, reading{text: "broken"}},
	} {
		m := &models.Message{Text: c.text}
		if c.entities != nil {
			m.Entities = c.entities(c.text)
		}
		if r := testReader.read(m); r != c.want {
			t.Errorf("%q is read as %+v, want %+v", c.text, r, c.want)
		}
	}
}

// FuzzRead: whatever entities come with a text, what is read of it is a part of it, and
// a trigger is found only where it stands.
func FuzzRead(f *testing.F) {
	f.Add("@desk_bot why?", 0, 9, true)
	f.Add("👍 /ask@desk_bot #jautā", 3, 4, false)
	f.Add("/ask \xff\x00", -1, 1<<62, true)
	f.Fuzz(func(t *testing.T, text string, offset, length int, mention bool) {
		e := models.MessageEntity{Type: models.MessageEntityTypeHashtag, Offset: offset, Length: length}
		if mention {
			e.Type = models.MessageEntityTypeMention
		}
		m := &models.Message{Text: text, Entities: []models.MessageEntity{e, {Type: models.MessageEntityTypeMention, Offset: 2, Length: 3}, e}}
		r := testReader.read(m)
		if !utf8.ValidString(r.text) || units(r.text) > units(string([]rune(text))) {
			t.Errorf("%q is read as %q", text, r.text)
		}
		if r.mention && !strings.Contains(strings.ToLower(text), "desk_bot") ||
			r.command && !strings.HasPrefix(text, "/") || r.command && r.foreign {
			t.Errorf("%q is read as %+v", text, r)
		}
	})
}

// FuzzLiteral: what is sent for a text is the text, and its length is what Telegram
// counts.
func FuzzLiteral(f *testing.F) {
	for _, s := range []string{"<b>&amp;", "👩‍👩‍👧‍👦\r\n\x00", "\xff\"'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sent := literal(text)
		if strings.ContainsAny(sent, "<>\"") || !utf8.ValidString(sent) {
			t.Errorf("%q is sent as %q", text, sent)
		}
		if n := len(utf16.Encode([]rune(clean(text)))); n > units(text) || n != units(clean(text)) {
			t.Errorf("%q has %d units, counted %d", text, n, units(text))
		}
	})
}
