package xfake

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"
)

// picture is one as a body has it.
func picture(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func (c *caller) upload(media, category string) said {
	c.t.Helper()
	return c.call("POST /2/media/upload", nil, `{"media":"`+media+`","media_category":"`+category+`"}`)
}

func (c *caller) describe(id, text string) said {
	c.t.Helper()
	return c.call("POST /2/media/metadata", nil, `{"id":"`+id+`","metadata":{"alt_text":{"text":"`+text+`"}}}`)
}

func (c *caller) illustrated(text string, ids ...string) said {
	c.t.Helper()
	return c.call("POST /2/tweets", nil, `{"text":"`+text+`","media":{"media_ids":["`+strings.Join(ids, `","`)+`"]}}`)
}

// TestMedia: a picture is one, has words, which cost, and is of one post, within a day; a post has four at most.
func TestMedia(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	for name, s := range map[string]said{
		"no base64": c.upload("%", "tweet_image"), "no picture": c.upload("AAAA", "tweet_image"), "a film": c.upload(picture(t), "tweet_video"),
	} {
		c.wants(name, s, 400, "no picture")
	}
	large, _ := base64.StdEncoding.DecodeString(picture(t))
	large = append(large, make([]byte, mostPicture)...)
	c.wants("too large", c.upload(base64.StdEncoding.EncodeToString(large), "tweet_image"), 400, "too large")
	ids := make([]string, 6)
	for i := range ids {
		ids[i] = c.upload(picture(t), "tweet_image").one().ID
	}
	before := c.x.Spent()
	c.wants("no words", c.describe(ids[0], ""), 400, "no words")
	c.wants("too many", c.describe(ids[0], strings.Repeat("ž", 1001)), 400, "no words")
	c.wants("unknown", c.describe("1", "a"), 400, "no such picture")
	c.wants("words", c.describe(ids[0], strings.Repeat("ž", 1000)), 200, ids[0])
	if c.x.Spent() != before+priceAlt {
		t.Errorf("words cost %d", c.x.Spent()-before)
	}
	c.wants("five", c.illustrated("a", ids[:5]...), 400, "media IDs are invalid")
	c.wants("twice the same", c.illustrated("a", ids[0], ids[0]), 400, "media IDs are invalid")
	c.wants("unknown", c.illustrated("a", "1"), 400, "media IDs are invalid")
	c.wants("four", c.illustrated("a", ids[:4]...), 201, "https://t.co/")
	c.wants("again", c.illustrated("b", ids[0]), 400, "media IDs are invalid")
	c.wants("words of one that is posted", c.describe(ids[0], "a"), 400, "no such picture")
	c.clock.at = c.clock.at.Add(24 * time.Hour)
	c.wants("after a day", c.illustrated("b", ids[4]), 400, "media IDs are invalid")
	c.wants("its words", c.describe(ids[5], "a"), 400, "no such picture")
	s := c.get(timeline, vals{"post.fields": "attachments,entities", "expansions": "attachments.media_keys",
		"media.fields": "type,url,alt_text"})
	for _, want := range []string{`"media_keys":["3_` + ids[0] + `"`, `/photo/1"`, `"alt_text":"ž`,
		`"url":"https://pbs.twimg.com/media/` + ids[0]} {
		c.wants("listed", s, 200, want)
	}
	if s := c.get(timeline, vals{"post.fields": "attachments"}); strings.Contains(s.body, "includes") {
		t.Errorf("what was not asked for is %s", s.body)
	}
	c.x.Attach(c.x.Write(ilze, "@iestade a"), Medium{Key: "7_1", Type: "video"})
	c.wants("somebody's", c.get(mentions, vals{"expansions": "attachments.media_keys"}), 200, `"type":"video"`)
	c.x.ReadOnly(true)
	c.wants("read only", c.upload(picture(t), "tweet_image"), 403, "permissions")
	c = newLoginCaller(t)
	access := c.logIn().Access
	c.wants("no scope", c.as(access, "POST /2/media/upload", `{}`), 403, "media.write")
}
