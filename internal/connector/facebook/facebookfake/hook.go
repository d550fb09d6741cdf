package facebookfake

import (
	"encoding/json"
	"time"
)

// Change is one of the webhook "feed", as https://github.com/restfb/restfb/issues/749 shows them.
type Change map[string]any

// Happened is what Facebook tells of a comment: the verb is add, edited, remove, hide or unhide.
func (p *Page) Happened(id, verb string) Change {
	value := map[string]any{"item": "comment", "verb": verb, "comment_id": id}
	p.change(id, func(n *Node) {
		parent := n.Parent
		if parent == "" {
			parent = n.Post
		}
		value["post_id"], value["parent_id"], value["created_time"], value["message"] = n.Post, parent, n.At.Unix(), n.Text
		value["from"] = person(n.From, n.Name)
	})
	return Change{"field": "feed", "value": value}
}

// Call is the body of a call of the webhook with these changes, and the signature that stands in
// X-Hub-Signature-256 beside it.
func (p *Page) Call(changes ...Change) (body []byte, signature string) {
	body, _ = json.Marshal(map[string]any{"object": "page", // of texts and numbers
		"entry": []any{map[string]any{"id": Self, "time": p.now().Truncate(time.Second).Unix(), "changes": changes}}})
	return body, "sha256=" + mac(AppSecret, string(body))
}
