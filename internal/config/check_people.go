package config

import (
	"slices"
	"strings"
	"unicode"

	"experthour/internal/wording"
)

// Slug is the name in addresses. No two people share one.
func (p Person) Slug() string { return wording.Slug(p.Name) }

func (r *report) people(people []Person) {
	slugs, slacks, telegrams := unique{report: r, what: "name like"}, unique{report: r, what: "member"}, unique{report: r, what: "user"}
	for i, p := range people {
		key := entry("people", i+1)
		r.person(key, p)
		slugs.add(member(key, "name"), p.Slug())
		slacks.add(member(key, "slack"), p.Slack)
		telegrams.add(member(key, "telegram"), string(p.Telegram))
	}
	if !slices.ContainsFunc(people, func(p Person) bool { return p.Role == Moderator }) {
		r.add("people", "nobody is a moderator; add [[people]] with a name and role = %q", Moderator)
	}
}

func (r *report) person(key string, p Person) {
	if !strings.ContainsFunc(p.Name, unicode.IsLetter) {
		r.add(member(key, "name"), "is missing; write first name and surname")
	}
	r.line(member(key, "name"), p.Name, 80)
	r.Choice(member(key, "role"), string(p.Role), string(Moderator), string(Expert), string(Observer))
	r.line(member(key, "office"), p.Office, 120)
	if strings.ContainsAny(p.Slack, "@ ") {
		r.add(member(key, "slack"), "%q is a name; write the member id, such as \"U012AB3CD\", from the person's profile", p.Slack)
	}
	r.telegramID(member(key, "telegram"), p.Telegram)
	r.email(member(key, "email"), p.Email)
}
