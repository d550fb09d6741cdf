package telegramfake

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Command is an entry of the bot's command menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// Scope says for whom a command menu is; the zero value is everybody.
type Scope struct {
	Type string // "default" when empty
	Chat int64
	User int64
}

var (
	commandForm  = regexp.MustCompile(`^[a-z0-9_]+$`)
	languageForm = regexp.MustCompile(`^[a-z]{2}$`)
)

// Commands are the menu that the bot set for exactly this scope and language.
func (s *Server) Commands(scope Scope, language string) []Command {
	defer s.lock()()
	return s.commands[menuKey(scope, language)]
}

func menuKey(s Scope, language string) string {
	if s.Type == "" {
		s.Type = "default"
	}
	return string(encode([]any{s.Type, s.Chat, s.User, language}))
}

func setMyCommands(s *Server, p params) (any, error) {
	key, err := s.menuOf(p)
	if err != nil {
		return nil, err
	}
	var list []Command
	if json.Unmarshal([]byte(p["commands"]), &list) != nil {
		return nil, badRequest("can't parse commands JSON object")
	}
	if len(list) > 100 {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for i := range list {
		if err := list[i].check(); err != nil {
			return nil, err
		}
	}
	s.commands[key] = list
	return true, nil
}

func (c *Command) check() error {
	c.Command = strings.TrimPrefix(strings.TrimSpace(c.Command), "/")
	c.Description = strings.TrimSpace(c.Description)
	switch {
	case c.Command == "":
		return badRequest("command must be non-empty")
	case utf8.RuneCountInString(c.Command) > 32:
		return badRequest("command length must not exceed 32")
	case !commandForm.MatchString(c.Command):
		return badRequest("BOT_COMMAND_INVALID")
	case c.Description == "":
		return badRequest("command description must be non-empty")
	case utf8.RuneCountInString(c.Description) > 256:
		return badRequest("command description length must not exceed 256")
	}
	return nil
}

func getMyCommands(s *Server, p params) (any, error) {
	key, err := s.menuOf(p)
	if err != nil {
		return nil, err
	}
	return append([]Command{}, s.commands[key]...), nil
}

func deleteMyCommands(s *Server, p params) (any, error) {
	key, err := s.menuOf(p)
	if err != nil {
		return nil, err
	}
	delete(s.commands, key)
	return true, nil
}

// menuOf checks whom a menu is for.
func (s *Server) menuOf(p params) (string, error) {
	language := p["language_code"]
	if language != "" && !languageForm.MatchString(language) {
		return "", badRequest("invalid language code specified")
	}
	if p["scope"] == "" {
		return menuKey(Scope{}, language), nil
	}
	var raw struct {
		Type string          `json:"type"`
		Chat json.RawMessage `json:"chat_id"`
		User int64           `json:"user_id"`
	}
	if json.Unmarshal([]byte(p["scope"]), &raw) != nil {
		return "", badRequest("can't parse BotCommandScope JSON object")
	}
	scope := Scope{Type: raw.Type}
	switch raw.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return menuKey(scope, language), nil
	case "chat", "chat_administrators", "chat_member":
	default:
		return "", badRequest("can't parse BotCommandScope: Unsupported type specified")
	}
	c, err := s.reach(strings.Trim(string(raw.Chat), `"`), toRead)
	if err != nil {
		return "", err
	}
	scope.Chat = c.id
	if raw.Type == "chat_member" {
		scope.User = raw.User
	}
	return menuKey(scope, language), nil
}
