// Package telegram is the desk in a Telegram group, and the receiver of a bot's token:
// it draws cards, boards and calls as messages with keyboards, leads people through
// forms as a conversation in private, and hands what staff press, write and type to a
// connector.DeskInbox. The same bot may have a public side, Public, whose files begin
// with public.
//
// It knows Telegram: its limits, its escaping, its errors, what may be lost and what
// comes twice. It must not know what a card means, who somebody is among the staff or
// what they may do, and it words no sentence for people but for the few in lv and en. It
// decides nothing.
//
// How an update travels: polling.go or webhook.go puts its raw bytes into the Mailbox
// before Telegram is told that it arrived; inbound.go decodes what the Mailroom hands
// out; dispatch.go gives it to the desk (files desk_*.go and talk_*.go) or to the
// public side. What the desk committed is answered at once; what is slow, sending and
// editing, goes on in the order in which each person acted (receive.Runner.After).
//
// Of the library only its types and its send methods are used: its own ways to receive
// lose updates when the process dies.
package telegram
