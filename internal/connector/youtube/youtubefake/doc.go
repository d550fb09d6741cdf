// Package youtubefake is YouTube inside of a test: the part of the Data API v3 that comments under a
// video and its live chat have, and the server at which Google gives tokens. It is stricter than the real one: what it
// does not know it refuses.
//
// Facts that it follows: https://developers.google.com/youtube/v3/docs/comments and .../commentThreads
// (parameters and errors of the methods), https://developers.google.com/youtube/v3/docs/errors,
// https://developers.google.com/youtube/v3/determine_quota_cost (units, and midnight of Pacific time),
// https://developers.google.com/identity/protocols/oauth2 (tokens, and the seven days of "Testing").
// Of the chat: https://developers.google.com/youtube/v3/live/docs/liveChatMessages, and the units of youtube-api.json; the 200
// characters of a message and how they are counted are people's reports.
// How long a comment may be, and that it is counted in UTF-16, is documented nowhere.
//
// It knows nothing of the connector.
package youtubefake
