package config

import (
	"slices"
	"strings"
	"unicode"

	"experthour/internal/connector"
	"experthour/internal/wording"
)

// Slug is the name in addresses. No two people share one.
func (p Person) Slug() string { return wording.Slug(p.Name, "person") }

func (r *report) people(people []Person, kinds connector.Kinds) {
	slugs := unique{report: r, what: "name like"}
	for i, p := range people {
		key := entry("people", i+1)
		r.person(key, p)
		slugs.add(member(key, "name"), p.Slug())
	}
	if !slices.ContainsFunc(people, func(p Person) bool { return p.Role == Moderator }) {
		r.add("people", "nobody is a moderator; add [[people]] with a name and role = %q", Moderator)
	}
	for _, k := range kinds.Desks() {
		r.members(people, k)
	}
}

// members checks the accounts of people at one kind of desk.
func (r *report) members(people []Person, k connector.Kind) {
	accounts := unique{report: r, what: "person with"}
	for i, p := range people {
		key, account := member(entry("people", i+1), k.Name), string(p.Accounts[k.Name])
		if account != "" && k.Member != nil {
			if err := k.Member(account); err != nil {
				r.add(key, "%v", err)
			}
		}
		accounts.add(key, account)
	}
}

func (r *report) person(key string, p Person) {
	if !strings.ContainsFunc(p.Name, unicode.IsLetter) {
		r.add(member(key, "name"), "is missing; write first name and surname")
	}
	r.line(member(key, "name"), p.Name, 80)
	r.Choice(member(key, "role"), string(p.Role), string(Moderator), string(Expert), string(Observer))
	r.line(member(key, "office"), p.Office, 120)
	r.email(member(key, "email"), p.Email)
}
