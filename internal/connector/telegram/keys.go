package telegram

import "strconv"

// What the connector keeps in its Memory.
const (
	memoryMoved = "telegram moved " // + chat: the supergroup that it became
	memoryCard  = "telegram card "  // + message: the buttons that were drawn on it
	memoryBatch = "telegram batch " // + name of a list: the cards that are left on it
	memoryCall  = "telegram call "  // + message: the card under which it calls somebody
	memorySure  = "telegram sure "  // + person, message, button: pressed once
	memoryMet   = "telegram met "   // + person: has pressed Start
	memoryTalk  = "telegram talk "  // + person: the forms that they are in
	memoryView  = "telegram view "  // + person: the messages that show them
	memoryTopic = "telegram topic " // + session: its topic

	memoryLong  = "telegram long "  // + place, person: their last question, if it nearly fills its message
	memoryAsked = "telegram asked " // + message in a topic: its place
)

// updateKey is the key of an update in the mailbox. Telegram's ids may begin anew
// after a week of silence, which is longer than the mailbox knows keys.
func updateKey(id int64) string { return "u:" + strconv.FormatInt(id, 10) }

func userKey(user int64) string { return strconv.FormatInt(user, 10) }
