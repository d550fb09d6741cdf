// Package slack is the desk in a Slack channel: it draws cards, boards, calls and
// forms as Block Kit, and hands what staff press, submit, type and write to a
// connector.DeskInbox.
//
// It knows Slack: its limits, its escaping, its errors, what may be lost and what
// comes twice. It must not know what a card means, who somebody is among the staff or
// what they may do, and it has no sentence for people but for the few in lv and en. It decides
// nothing.
//
// How an event travels: it is stored in the Mailbox under the key by which its
// repeats are recognised, then acknowledged, then handled by whichever replica takes
// the letter. Buttons, forms and commands are not repeated by Slack and must be
// answered within three seconds: they are handed to the inbox, which commits, and
// acknowledged afterwards.
package slack
