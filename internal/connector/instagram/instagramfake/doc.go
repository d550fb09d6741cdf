// Package instagramfake is Instagram inside of a test: the part of its API (with the log-in of
// Instagram) that comments under a post and tokens have. It is stricter than the real one: a
// parameter or a field that the documentation does not name is refused, and so is a token that
// stands elsewhere than there.
//
// Facts that it follows, each read off the page named: comments, replies and their limits
// (https://developers.facebook.com/docs/instagram-platform/comment-moderation,
// …/instagram-graph-api/reference/ig-comment and ig-comment/replies, ig-media/comments), tokens
// (https://developers.facebook.com/documentation/instagram-platform/reference/refresh_access_token),
// rates (https://developers.facebook.com/docs/graph-api/overview/rate-limiting).
//
// Not documented, and its own: how long a comment may be, what a reply to a hidden comment is
// answered with, the limit of writes, and that lists begin with the newest.
//
// It knows nothing of the connector.
package instagramfake
