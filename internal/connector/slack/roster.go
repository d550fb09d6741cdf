package slack

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Roster = (*Slack)(nil)

// roll is a roster while it is put together.
type roll struct {
	s      *Slack
	people []session.Person
	found  []session.Person
	byMail map[string]int // position among the people, by address in lower case
	taken  map[session.UserRef]bool
	names  map[session.UserRef]string
}

// Roster asks Slack for the account of everybody on the list and for the members of
// the configured groups. An error leaves what is known as it is: a list that is short because
// Slack did not answer would take people their role.
func (s *Slack) Roster(ctx context.Context, people []session.Person) ([]session.Person, error) {
	r := &roll{s: s, people: people, byMail: map[string]int{}, taken: map[session.UserRef]bool{}, names: map[session.UserRef]string{}}
	for i, p := range people {
		if p.Email != "" {
			r.byMail[strings.ToLower(p.Email)] = i
		}
		if err := r.listed(ctx, p); err != nil {
			return nil, err
		}
	}
	for _, g := range ranked(s.opts.Groups) {
		if err := r.group(ctx, g, s.opts.Groups[g]); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names = r.names
	return r.found, nil
}

// ranked lists the groups with the most powerful role first: who is in two groups has
// that one.
func ranked(groups map[string]session.Role) []string {
	ranks := []session.Role{session.Moderator, session.ExpertRole, session.Observer}
	return slices.SortedFunc(maps.Keys(groups), func(a, b string) int {
		return cmp.Or(cmp.Compare(slices.Index(ranks, groups[a]), slices.Index(ranks, groups[b])), cmp.Compare(a, b))
	})
}

// listed finds the account of somebody on the list: the one that is configured, or
// the one with their address.
func (r *roll) listed(ctx context.Context, p session.Person) error {
	u, err := r.account(ctx, p)
	if err != nil || u == nil {
		return err
	}
	r.add(p, *u)
	return nil
}

func (r *roll) account(ctx context.Context, p session.Person) (*slack.User, error) {
	if id := p.Accounts[r.s.opts.ID]; id != "" {
		return r.s.user(ctx, id)
	}
	if p.Email == "" {
		return nil, nil
	}
	return r.s.userByEmail(ctx, p.Email)
}

// group adds the members of a group who are not on the list.
func (r *roll) group(ctx context.Context, id string, role session.Role) error {
	members, err := r.s.members(ctx, id)
	if err != nil {
		return err
	}
	for _, m := range members {
		if r.taken[session.UserRef(m)] {
			continue
		}
		u, err := r.s.user(ctx, session.UserRef(m))
		if err != nil {
			return err
		}
		if u == nil {
			continue
		}
		if err := r.member(ctx, *u, role); err != nil {
			return err
		}
	}
	return nil
}

// member adds an account of a group: as the person of the list who has its address,
// or as somebody new with the group's role.
func (r *roll) member(ctx context.Context, u slack.User, role session.Role) error {
	if u.Deleted || u.IsBot {
		return nil
	}
	if i, ok := r.byMail[strings.ToLower(u.Profile.Email)]; ok && u.Profile.Email != "" {
		if p := r.people[i]; p.Accounts[r.s.opts.ID] == "" {
			r.add(p, u)
		}
		return nil
	}
	name, err := r.called(ctx, u)
	if err != nil {
		return err
	}
	r.add(session.Person{Name: name, Role: role, Email: u.Profile.Email}, u)
	return nil
}

func (r *roll) add(p session.Person, u slack.User) {
	id := session.UserRef(u.ID)
	if u.Deleted || u.IsBot || r.taken[id] {
		return
	}
	r.taken[id] = true
	r.names[id] = string(p.Name)
	p.Accounts = maps.Clone(p.Accounts)
	if p.Accounts == nil {
		p.Accounts = map[session.ConnectorID]session.UserRef{}
	}
	p.Accounts[r.s.opts.ID] = id
	r.found = append(r.found, p)
}

// user is an account; nil when there is none, or it is no person's any more.
func (s *Slack) user(ctx context.Context, id session.UserRef) (u *slack.User, err error) {
	err = s.request(ctx, "users.info", func(ctx context.Context) error {
		u, err = s.api.GetUserInfoContext(ctx, string(id))
		return nobody(err, &u)
	})
	return u, err
}

func (s *Slack) userByEmail(ctx context.Context, email string) (u *slack.User, err error) {
	err = s.request(ctx, "users.lookupByEmail", func(ctx context.Context) error {
		u, err = s.api.GetUserByEmailContext(ctx, strings.ToLower(email))
		return nobody(err, &u)
	})
	return u, err
}

// nobody takes "there is no such account" for an answer.
func nobody(err error, u **slack.User) error {
	switch code(err) {
	case "users_not_found", "user_not_found", "user_not_visible":
		*u = nil
		return nil
	}
	if err == nil && (*u).ID == "" {
		return errEmpty
	}
	return err
}

// members are the accounts of a group. One that is not there has none: it must not
// keep everybody else from their roles.
func (s *Slack) members(ctx context.Context, group string) (ids []string, err error) {
	err = s.request(ctx, "usergroups.users.list", func(ctx context.Context) error {
		ids, err = s.api.GetUserGroupMembersContext(ctx, group)
		return err
	})
	switch code(err) {
	case "no_such_subteam", "subteam_not_found":
		s.troubles.Note("group "+group, "slack.group_unknown", "group", group)
		return nil, nil
	}
	if err == nil {
		s.troubles.Over("group " + group)
	}
	return ids, err
}
