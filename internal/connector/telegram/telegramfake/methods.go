package telegramfake

// methods are what the bot can call, by name in lower case. getUpdates is apart,
// since it waits. The lock is held.
var methods = map[string]func(*Server, params) (any, error){
	"getme":                  getMe,
	"sendmessage":            sendMessage,
	"sendphoto":              sendPhoto,
	"editmessagecaption":     editMessageCaption,
	"editmessagemedia":       editMessageMedia,
	"editmessagetext":        editMessageText,
	"editmessagereplymarkup": editMessageReplyMarkup,
	"deletemessage":          deleteMessage,
	"deletemessages":         deleteMessages,
	"answercallbackquery":    answerCallbackQuery,
	"getchat":                getChat,
	"getchatmember":          getChatMember,
	"getchatmembercount":     getChatMemberCount,
	"getchatadministrators":  getChatAdministrators,
	"pinchatmessage":         pinChatMessage,
	"unpinchatmessage":       unpinChatMessage,
	"unpinallchatmessages":   unpinAllChatMessages,
	"createforumtopic":       createForumTopic,
	"editforumtopic":         editForumTopic,
	"closeforumtopic":        closeForumTopic,
	"reopenforumtopic":       reopenForumTopic,
	"deleteforumtopic":       deleteForumTopic,
	"setmycommands":          setMyCommands,
	"getmycommands":          getMyCommands,
	"deletemycommands":       deleteMyCommands,
	"setmessagereaction":     setMessageReaction,
	"sendchataction":         sendChatAction,
	"leavechat":              leaveChat,
	"setwebhook":             setWebhook,
	"deletewebhook":          deleteWebhook,
	"getwebhookinfo":         getWebhookInfo,
	"getfile":                getFile,
	"logout":                 logOut,
	"close":                  closeBot,
}

func getMe(s *Server, _ params) (any, error) {
	me := s.bot.json()
	me["can_join_groups"] = true
	me["can_read_all_group_messages"] = s.o.PrivacyOff
	me["supports_inline_queries"] = false
	me["can_connect_to_business"] = false
	me["has_main_web_app"] = false
	return me, nil
}

// logOut ends the bot's session here; every later call is refused.
func logOut(s *Server, _ params) (any, error) {
	s.out = true
	return true, nil
}

func closeBot(*Server, params) (any, error) { return true, nil }
