package slackfake

import "maps"

// method is one method of the Web API.
type method struct {
	run    func(*Workspace, *call) (obj, error)
	scopes []string // one of them is needed
	app    bool     // called with the app token instead of the bot token
	form   bool     // arguments are read from a form or the query only
	tier   int      // calls a minute; 0 is the special limit of posting
}

// Slack's rate limit tiers, in calls a minute.
const (
	tier1 = 1
	tier2 = 20
	tier3 = 50
	tier4 = 100
	tierX = 600 // "special": several hundred
)

// methods lists everything that this Slack understands.
var methods = merge(map[string]method{
	"auth.test":             {run: (*Workspace).authTest, tier: tierX},
	"apps.connections.open": {run: (*Workspace).connectionsOpen, scopes: []string{"connections:write"}, app: true, tier: tier1 * 10},
	"bots.info":             {run: (*Workspace).botsInfo, scopes: []string{"users:read"}, form: true, tier: tier3},
	"files.info":            {run: (*Workspace).filesInfo, scopes: []string{"files:read"}, form: true, tier: tier4},
}, chatMethods(), conversationMethods(), markMethods(), peopleMethods(), viewMethods())

func merge(parts ...map[string]method) map[string]method {
	out := map[string]method{}
	for _, part := range parts {
		maps.Copy(out, part)
	}
	return out
}

func chatMethods() map[string]method {
	write := []string{"chat:write"}
	return map[string]method{
		"chat.postMessage":     {run: (*Workspace).postMessage, scopes: write},
		"chat.postEphemeral":   {run: (*Workspace).postEphemeral, scopes: write, tier: tier4},
		"chat.update":          {run: (*Workspace).updateMessage, scopes: write, tier: tier3},
		"chat.delete":          {run: (*Workspace).deleteMessage, scopes: write, tier: tier3},
		"chat.scheduleMessage": {run: (*Workspace).scheduleMessage, scopes: write, tier: tier3},
		"chat.getPermalink":    {run: (*Workspace).getPermalink, form: true, tier: tierX},
	}
}

func conversationMethods() map[string]method {
	read := []string{"channels:read", "groups:read", "im:read", "mpim:read"}
	history := []string{"channels:history", "groups:history", "im:history", "mpim:history"}
	return map[string]method{
		"conversations.info":    {run: (*Workspace).conversationsInfo, scopes: read, form: true, tier: tier3},
		"conversations.list":    {run: (*Workspace).conversationsList, scopes: read, form: true, tier: tier2},
		"conversations.members": {run: (*Workspace).conversationsMembers, scopes: read, form: true, tier: tier4},
		"conversations.history": {run: (*Workspace).conversationsHistory, scopes: history, form: true, tier: tier3},
		"conversations.replies": {run: (*Workspace).conversationsReplies, scopes: history, form: true, tier: tier3},
		"conversations.join":    {run: (*Workspace).conversationsJoin, scopes: []string{"channels:join"}, tier: tier3},
		"conversations.open":    {run: (*Workspace).conversationsOpen, scopes: []string{"im:write"}, tier: tier3},
	}
}

func markMethods() map[string]method {
	return map[string]method{
		"pins.add":         {run: (*Workspace).pinsAdd, scopes: []string{"pins:write"}, tier: tier2},
		"pins.remove":      {run: (*Workspace).pinsRemove, scopes: []string{"pins:write"}, tier: tier2},
		"pins.list":        {run: (*Workspace).pinsList, scopes: []string{"pins:read"}, form: true, tier: tier2},
		"reactions.add":    {run: (*Workspace).reactionsAdd, scopes: []string{"reactions:write"}, tier: tier3},
		"reactions.remove": {run: (*Workspace).reactionsRemove, scopes: []string{"reactions:write"}, tier: tier2},
		"reactions.get":    {run: (*Workspace).reactionsGet, scopes: []string{"reactions:read"}, form: true, tier: tier3},
	}
}

func peopleMethods() map[string]method {
	read := []string{"users:read"}
	groups := []string{"usergroups:read"}
	return map[string]method{
		"users.info":            {run: (*Workspace).usersInfo, scopes: read, form: true, tier: tier4},
		"users.list":            {run: (*Workspace).usersList, scopes: read, form: true, tier: tier2},
		"users.lookupByEmail":   {run: (*Workspace).usersLookup, scopes: []string{"users:read.email"}, form: true, tier: tier3},
		"usergroups.list":       {run: (*Workspace).groupsList, scopes: groups, form: true, tier: tier2},
		"usergroups.users.list": {run: (*Workspace).groupUsers, scopes: groups, form: true, tier: tier2},
	}
}

func viewMethods() map[string]method {
	return map[string]method{
		"views.open":    {run: (*Workspace).viewsOpen, tier: tier4},
		"views.push":    {run: (*Workspace).viewsPush, tier: tier4},
		"views.update":  {run: (*Workspace).viewsUpdate, tier: tier4},
		"views.publish": {run: (*Workspace).viewsPublish, tier: tier4},
	}
}
