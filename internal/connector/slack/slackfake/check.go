package slackfake

import (
	"fmt"
	"maps"
	"slices"
)

// surface is where blocks are shown.
type surface int

const (
	inMessage surface = iota
	inModal
	inHome
)

// checker collects what is wrong with blocks, in the words of Slack: a problem and a JSON pointer.
type checker struct {
	surface  surface
	problems []string
	blockIDs map[string]bool
	markdown int
	inputs   int
}

func (c *checker) fail(path, format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf("[ERROR] %s [json-pointer:%s]", fmt.Sprintf(format, args...), path))
}

// only refuses fields that Slack does not know.
func (c *checker) only(path string, o obj, known ...string) {
	for _, key := range slices.Sorted(maps.Keys(o)) {
		if !slices.Contains(known, key) {
			c.fail(path, "invalid additional property: %s", key)
		}
	}
}

// str checks a string field; most 0 means no limit.
func (c *checker) str(path string, o obj, key string, least, most int) {
	v, given := o[key]
	if !given {
		if least > 0 {
			c.fail(path, "missing required field: %s", key)
		}
		return
	}
	s, ok := v.(string)
	switch {
	case !ok:
		c.fail(path+"/"+key, "must provide a string")
	case characters(s) < least:
		c.fail(path+"/"+key, "must be more than %d characters", least-1)
	case most > 0 && characters(s) > most:
		c.fail(path+"/"+key, "must be less than %d characters", most+1)
	}
}

func (c *checker) flags(path string, o obj, keys ...string) {
	for _, key := range keys {
		if v, given := o[key]; given {
			if _, ok := v.(bool); !ok {
				c.fail(path+"/"+key, "must provide a boolean")
			}
		}
	}
}

// number checks an integer field and gives it back; missing is what it is when absent.
func (c *checker) number(path string, o obj, key string, least, most, missing int) int {
	v, given := o[key]
	if !given {
		return missing
	}
	n, ok := v.(float64)
	if !ok || n != float64(int(n)) || int(n) < least || int(n) > most {
		c.fail(path+"/"+key, "must be an integer from %d to %d", least, most)
		return missing
	}
	return int(n)
}

// object gives a required object.
func (c *checker) object(path string, o obj, key string) obj {
	v, given := o[key]
	if !given {
		c.fail(path, "missing required field: %s", key)
		return nil
	}
	return c.asObject(path+"/"+key, v)
}

func (c *checker) asObject(path string, v any) obj {
	m, ok := v.(obj)
	if !ok {
		c.fail(path, "must provide an object")
	}
	return m
}

// array gives a list of objects with from least to most items.
func (c *checker) array(path string, o obj, key string, least, most int) []obj {
	v, given := o[key]
	items, ok := v.([]any)
	switch {
	case !given && least == 0:
		return nil
	case !given:
		c.fail(path, "missing required field: %s", key)
		return nil
	case !ok:
		c.fail(path+"/"+key, "must provide an array")
		return nil
	case len(items) < least:
		c.fail(path+"/"+key, "no fewer than %d items allowed", least)
	case len(items) > most:
		c.fail(path+"/"+key, "no more than %d items allowed", most)
	}
	out := make([]obj, 0, len(items))
	for i, item := range items {
		if m := c.asObject(fmt.Sprintf("%s/%s/%d", path, key, i), item); m != nil {
			out = append(out, m)
		}
	}
	return out
}

// text checks a text object; plain says that mrkdwn is not allowed.
func (c *checker) text(path string, o obj, plain bool, most int) {
	if o == nil {
		return
	}
	kind := str(o, "type")
	if kind != "plain_text" && (plain || kind != "mrkdwn") {
		c.fail(path+"/type", "unsupported type of text: %s", kind)
	}
	c.only(path, o, "type", "text", "emoji", "verbatim")
	c.flags(path, o, "emoji", "verbatim")
	if _, ok := o["emoji"]; ok && kind == "mrkdwn" {
		c.fail(path, "invalid additional property: emoji")
	}
	if _, ok := o["verbatim"]; ok && kind == "plain_text" {
		c.fail(path, "invalid additional property: verbatim")
	}
	c.str(path, o, "text", 1, most)
}

// needText checks a required text field of o, optText one that may be absent.
func (c *checker) needText(path string, o obj, key string, plain bool, most int) {
	c.text(path+"/"+key, c.object(path, o, key), plain, most)
}

func (c *checker) optText(path string, o obj, key string, plain bool, most int) {
	if _, given := o[key]; given {
		c.needText(path, o, key, plain, most)
	}
}
