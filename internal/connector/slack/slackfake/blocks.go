package slackfake

import (
	"fmt"
	"slices"
)

// Block Kit's limits on a surface and on the parts of blocks.
const (
	messageBlocks = 50
	viewBlocks    = 100
	idMax         = 255
	sectionText   = 3000
	sectionFields = 10
	fieldText     = 2000
	headerText    = 150
	actionsMax    = 25
	contextMax    = 10
	markdownText  = 12000
	labelText     = 2000
	altText       = 2000
)

func checkMessage(blocks []any) *checker { return checkBlocks(inMessage, "", blocks, messageBlocks) }

func checkBlocks(on surface, path string, blocks []any, most int) *checker {
	c := &checker{surface: on, blockIDs: map[string]bool{}}
	c.blocks(path, blocks, most)
	return c
}

func (c *checker) blocks(path string, blocks []any, most int) {
	if len(blocks) > most {
		c.fail(path+"/blocks", "no more than %d items allowed", most)
	}
	for i, v := range blocks {
		at := fmt.Sprintf("%s/blocks/%d", path, i)
		if b := c.asObject(at, v); b != nil {
			c.block(at, b)
		}
	}
	if c.markdown > markdownText {
		c.fail(path+"/blocks", "markdown text must be less than %d characters in total", markdownText+1)
	}
}

func (c *checker) block(path string, b obj) {
	c.str(path, b, "block_id", 0, idMax)
	if id := str(b, "block_id"); id != "" {
		if c.blockIDs[id] {
			c.fail(path+"/block_id", "`block_id` %s already exists", id)
		}
		c.blockIDs[id] = true
	}
	kind := str(b, "type")
	check, known := blockChecks[kind]
	if !known || !slices.Contains(check.on, c.surface) {
		c.fail(path+"/type", "unsupported type: %s", kind)
		return
	}
	c.only(path, b, append([]string{"type", "block_id"}, check.fields...)...)
	check.run(c, path, b)
}

type blockCheck struct {
	run    func(*checker, string, obj)
	fields []string
	on     []surface
}

var everySurface = []surface{inMessage, inModal, inHome}

// blockChecks lists the blocks that exist, with the fields that each may have.
var blockChecks = map[string]blockCheck{
	"section":   {(*checker).section, []string{"text", "fields", "accessory", "expand"}, everySurface},
	"header":    {(*checker).header, []string{"text"}, everySurface},
	"divider":   {func(*checker, string, obj) {}, nil, everySurface},
	"context":   {(*checker).context, []string{"elements"}, everySurface},
	"actions":   {(*checker).actions, []string{"elements"}, everySurface},
	"input":     {(*checker).input, []string{"label", "element", "hint", "optional", "dispatch_action"}, everySurface},
	"image":     {(*checker).image, []string{"image_url", "slack_file", "alt_text", "title"}, everySurface},
	"markdown":  {(*checker).markdownBlock, []string{"text"}, []surface{inMessage}},
	"rich_text": {(*checker).richText, []string{"elements"}, everySurface},
}

func (c *checker) section(path string, b obj) {
	_, hasText := b["text"]
	_, hasFields := b["fields"]
	if !hasText && !hasFields {
		c.fail(path, "missing required field: text")
	}
	c.optText(path, b, "text", false, sectionText)
	c.flags(path, b, "expand")
	if hasFields {
		for i, f := range c.array(path, b, "fields", 1, sectionFields) {
			c.text(fmt.Sprintf("%s/fields/%d", path, i), f, false, fieldText)
		}
	}
	if v, given := b["accessory"]; given {
		at := path + "/accessory"
		c.element(at, c.asObject(at, v), placeSection, map[string]bool{})
	}
}

func (c *checker) header(path string, b obj) { c.needText(path, b, "text", true, headerText) }

func (c *checker) context(path string, b obj) {
	for i, e := range c.array(path, b, "elements", 1, contextMax) {
		at := fmt.Sprintf("%s/elements/%d", path, i)
		switch str(e, "type") {
		case "plain_text", "mrkdwn":
			c.text(at, e, false, 0)
		case "image":
			c.only(at, e, "type", "image_url", "slack_file", "alt_text")
			c.image(at, e)
		default:
			c.fail(at+"/type", "unsupported type: %s", str(e, "type"))
		}
	}
}

func (c *checker) actions(path string, b obj) {
	ids := map[string]bool{}
	for i, e := range c.array(path, b, "elements", 1, actionsMax) {
		c.element(fmt.Sprintf("%s/elements/%d", path, i), e, placeActions, ids)
	}
}

func (c *checker) input(path string, b obj) {
	c.inputs++
	c.needText(path, b, "label", true, labelText)
	c.optText(path, b, "hint", true, labelText)
	c.flags(path, b, "optional", "dispatch_action")
	if e := c.object(path, b, "element"); e != nil {
		c.element(path+"/element", e, placeInput, map[string]bool{})
	}
}

func (c *checker) image(path string, b obj) {
	c.str(path, b, "alt_text", 1, altText)
	_, hasFile := b["slack_file"]
	if !hasFile {
		c.str(path, b, "image_url", 1, sectionText)
	}
	c.optText(path, b, "title", true, fieldText)
}

func (c *checker) markdownBlock(path string, b obj) {
	c.str(path, b, "text", 1, 0)
	c.markdown += characters(str(b, "text"))
}

func (c *checker) richText(path string, b obj) {
	for i, e := range c.array(path, b, "elements", 1, 1000) {
		at := fmt.Sprintf("%s/elements/%d", path, i)
		switch kind := str(e, "type"); kind {
		case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
			c.richParts(at, e)
		case "rich_text_list":
			if style := str(e, "style"); style != "bullet" && style != "ordered" {
				c.fail(at+"/style", "unsupported style: %s", style)
			}
			for j, item := range c.array(at, e, "elements", 1, 1000) {
				c.richParts(fmt.Sprintf("%s/elements/%d", at, j), item)
			}
		default:
			c.fail(at+"/type", "unsupported type: %s", kind)
		}
	}
}

// richNeeds names the field without which a part of rich text is refused.
var richNeeds = map[string]string{"text": "text", "link": "url", "user": "user_id", "usergroup": "usergroup_id",
	"channel": "channel_id", "emoji": "name", "broadcast": "range", "color": "value"}

func (c *checker) richParts(path string, o obj) {
	for i, e := range c.array(path, o, "elements", 0, 1000) {
		at := fmt.Sprintf("%s/elements/%d", path, i)
		kind := str(e, "type")
		if kind == "date" {
			continue
		}
		need, known := richNeeds[kind]
		if !known {
			c.fail(at+"/type", "unsupported type: %s", kind)
			continue
		}
		c.str(at, e, need, 1, 0)
	}
}
