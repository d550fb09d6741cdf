package mastodonfake

import (
	"encoding/json"
	"net/http"
	"strings"
)

// MarshalJSON shows an account as the API does.
func (p Person) MarshalJSON() ([]byte, error) { return json.Marshal(p.shown()) }

// shown are all fields that an account has, most of them as of one that has done nothing yet.
func (p Person) shown() map[string]any {
	name, host, foreign := strings.Cut(p.Acct, "@")
	if !foreign {
		host = "institution.example"
	}
	home := "https://" + host
	return map[string]any{"id": p.ID, "username": name, "acct": p.Acct, "url": home + "/@" + name, "uri": home + "/users/" + name,
		"display_name": "", "note": "", "avatar": home + "/avatar.png", "avatar_static": home + "/avatar.png", "header": home + "/header.png",
		"header_static": home + "/header.png", "locked": false, "bot": false, "group": false, "indexable": false, "discoverable": nil,
		"created_at": "2024-01-01T00:00:00.000Z", "last_status_at": nil, "statuses_count": 0, "followers_count": 0, "following_count": 0,
		"emojis": []any{}, "fields": []any{}}
}

func (f *Fake) instance(w http.ResponseWriter, _ *http.Request) {
	streams := map[string]string{}
	if !f.polled {
		streams["streaming_api"] = "ws" + strings.TrimPrefix(f.URL, "http")
	}
	answer(w, http.StatusOK, map[string]any{"uri": "institution.example", "title": "Institution", "short_description": "", "description": "",
		"email": "office@institution.example", "version": "4.5.0", "urls": streams, "languages": []string{"lv"}, "rules": []any{},
		"stats":         map[string]int{"user_count": 1, "status_count": len(f.posts), "domain_count": 1},
		"registrations": false, "approval_required": false, "invites_enabled": false,
		"configuration": map[string]any{
			"statuses":          map[string]int{"max_characters": Most, "characters_reserved_per_url": 23, "max_media_attachments": f.most},
			"media_attachments": map[string]any{"image_size_limit": mostContent, "supported_mime_types": mediaTypes}}})
}
