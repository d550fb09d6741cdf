// Package telegramfake is a strict stand-in for Telegram's Bot API server, for
// tests. It keeps updates until they are confirmed, counts the rate limits,
// refuses what Telegram refuses in Telegram's words, and can lose a request or an
// answer on demand. Tests act as the people around the bot and read what those
// people see.
//
// It knows the Bot API and what people can do in Telegram. It must not know who
// calls it: it imports nothing of this module, so a mistake in the adapter cannot
// be mirrored here. Where the real server's source was read, the fake follows the
// source; comments name the few places where it has to guess.
package telegramfake
