package slackfake

import (
	"slices"
	"strings"
)

// User is a person in the workspace.
type User struct {
	w               *Workspace
	id, name, email string
	deactivated     bool
}

// User gives the person with that id; the first call creates them, later ones may leave name and email empty.
func (w *Workspace) User(id, name, email string) *User {
	w.mu.Lock()
	defer w.mu.Unlock()
	u := w.user(id)
	if u == nil {
		u = &User{w: w, id: id}
		w.users = append(w.users, u)
	}
	if name != "" && name != u.name { // nobody is renamed by being looked up
		u.name = name
	}
	if email != "" && email != u.email {
		u.email = email
	}
	return u
}

// user finds a person by id. The caller holds w.mu.
func (w *Workspace) user(id string) *User {
	for _, u := range w.users {
		if u.id == id {
			return u
		}
	}
	return nil
}

// ID is Slack's id of the person.
func (u *User) ID() string { return u.id }

// Name is what the person is called.
func (u *User) Name() string { return locked(u.w, func() string { return u.name }) }

// Deactivate ends the person's account: they can do nothing any more, and calls that name them are refused.
func (u *User) Deactivate() { u.setDeactivated(true) }

// Reactivate gives the person the account back.
func (u *User) Reactivate() { u.setDeactivated(false) }

func (u *User) setDeactivated(off bool) {
	u.w.mu.Lock()
	defer u.w.mu.Unlock()
	u.deactivated = off
	u.w.emit("user_change", nil, obj{"type": "user_change", "user": u.json(true), "cache_ts": u.w.opts.Now().Unix()})
	u.w.touch()
}

// handle is the short name in payloads.
func (u *User) handle() string { return strings.ReplaceAll(strings.ToLower(u.name), " ", ".") }

func (u *User) json(email bool) obj {
	profile := obj{"real_name": u.name, "display_name": u.name, "real_name_normalized": u.name, "team": u.w.opts.TeamID}
	if email {
		profile["email"] = u.email
	}
	return obj{"id": u.id, "team_id": u.w.opts.TeamID, "name": u.handle(), "real_name": u.name, "deleted": u.deactivated,
		"is_bot": false, "is_app_user": false, "tz": "Europe/Riga", "tz_label": "Eastern European Time",
		"tz_offset": 7200, "profile": profile}
}

// brief is the person as interaction payloads name them.
func (u *User) brief() obj {
	return obj{"id": u.id, "username": u.handle(), "name": u.handle(), "team_id": u.w.opts.TeamID}
}

func (w *Workspace) botUser() obj {
	return obj{"id": w.opts.BotUserID, "team_id": w.opts.TeamID, "name": "bot", "real_name": "bot", "deleted": false,
		"is_bot": true, "profile": obj{"real_name": "bot", "bot_id": w.opts.BotID, "api_app_id": w.opts.AppID}}
}

func (w *Workspace) authTest(*call) (obj, error) {
	return obj{"url": "https://fake.slack.test/", "team": "Fake", "user": "bot", "team_id": w.opts.TeamID,
		"user_id": w.opts.BotUserID, "bot_id": w.opts.BotID, "is_enterprise_install": false}, nil
}

func (w *Workspace) botsInfo(c *call) (obj, error) {
	if id, err := c.str("bot"); err != nil || id != "" && id != w.opts.BotID {
		return nil, refuse("bot_not_found")
	}
	return obj{"bot": obj{"id": w.opts.BotID, "app_id": w.opts.AppID, "user_id": w.opts.BotUserID, "name": "bot", "deleted": false}}, nil
}

func (w *Workspace) usersInfo(c *call) (obj, error) {
	id, err := c.need("user")
	if err != nil {
		return nil, err
	}
	if id == w.opts.BotUserID {
		return obj{"user": w.botUser()}, nil
	}
	u := w.user(id)
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return obj{"user": u.json(c.has("users:read.email"))}, nil
}

func (w *Workspace) usersList(c *call) (obj, error) {
	ids := []string{w.opts.BotUserID}
	for _, u := range w.users {
		ids = append(ids, u.id)
	}
	ids, next, err := c.pageOf(ids)
	members := []any{}
	for _, id := range ids {
		if u := w.user(id); u != nil {
			members = append(members, u.json(c.has("users:read.email")))
		} else {
			members = append(members, w.botUser())
		}
	}
	return obj{"members": members, "response_metadata": obj{"next_cursor": next}}, err
}

func (w *Workspace) usersLookup(c *call) (obj, error) {
	email, err := c.need("email")
	if err != nil {
		return nil, err
	}
	for _, u := range w.users {
		if strings.EqualFold(u.email, email) && !u.deactivated {
			return obj{"user": u.json(true)}, nil
		}
	}
	return nil, refuse("users_not_found")
}

// Group is a user group such as @editors.
type Group struct {
	w          *Workspace
	id, handle string
	members    []*User
}

// Group gives the user group with that id; the first call creates it.
func (w *Workspace) Group(id, handle string, members ...*User) *Group {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, g := range w.groups {
		if g.id == id {
			return g
		}
	}
	g := &Group{w: w, id: id, handle: handle, members: members}
	w.groups = append(w.groups, g)
	return g
}

// Set changes who is in the group.
func (g *Group) Set(members ...*User) {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	g.members = members
	g.w.emit("subteam_updated", nil, obj{"type": "subteam_updated", "subteam": g.json()})
	g.w.touch()
}

func (g *Group) ids() []any {
	out := []any{}
	for _, u := range g.members {
		if !u.deactivated {
			out = append(out, u.id)
		}
	}
	return out
}

func (g *Group) json() obj {
	return obj{"id": g.id, "team_id": g.w.opts.TeamID, "is_usergroup": true, "name": g.handle, "handle": g.handle,
		"date_delete": 0, "user_count": len(g.ids()), "users": g.ids()}
}

func (w *Workspace) groupsList(c *call) (obj, error) {
	withUsers, err := c.flag("include_users")
	out := []any{}
	for _, g := range w.groups {
		entry := g.json()
		if !withUsers {
			delete(entry, "users")
		}
		out = append(out, entry)
	}
	return obj{"usergroups": out}, err
}

func (w *Workspace) groupUsers(c *call) (obj, error) {
	id, err := c.need("usergroup")
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(w.groups, func(g *Group) bool { return g.id == id })
	if at < 0 {
		return nil, refuse("no_such_subteam")
	}
	return obj{"users": w.groups[at].ids()}, nil
}

// holds tells whether a person is a member of the channel.
func (c *Channel) holds(u *User) bool { return slices.Contains(c.members, u) }
