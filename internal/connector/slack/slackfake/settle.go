package slackfake

import "fmt"

// settleBlocks is what Slack does to accepted blocks: every block gets an id, and texts are escaped where the app left
// control characters bare. The caller holds w.mu.
func (w *Workspace) settleBlocks(blocks []any) []any {
	out := clone(blocks)
	for _, b := range objects(out) {
		if str(b, "block_id") == "" {
			w.sequence++
			b["block_id"] = fmt.Sprintf("auto%d", w.sequence)
		}
		if str(b, "type") != "rich_text" {
			escapeTexts(b)
		}
	}
	return out
}

// escapeTexts normalizes every text object below v.
func escapeTexts(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			escapeTexts(item)
		}
	case obj:
		switch text := str(v, "text"); str(v, "type") {
		case "mrkdwn":
			v["text"] = normalize(text)
		case "plain_text":
			v["text"] = normalizePlain(text)
		}
		for _, item := range v {
			escapeTexts(item)
		}
	}
}
