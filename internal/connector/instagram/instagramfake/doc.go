// Package instagramfake is Instagram inside of a test: the part of its API (with the log-in of
// Instagram) that posts of one picture, comments under them and tokens have. What all of Meta's
// pretend platforms have stands in graphfake.
//
// Facts that it follows, each read off the page named: comments, replies and their limits
// (https://developers.facebook.com/docs/instagram-platform/comment-moderation,
// …/instagram-graph-api/reference/ig-comment and ig-comment/replies, ig-media/comments), posts,
// their containers and limits (https://developers.facebook.com/documentation/instagram-platform/content-publishing,
// …/instagram-graph-api/reference/ig-user/media, ig-container, error-codes), tokens
// (https://developers.facebook.com/documentation/instagram-platform/reference/refresh_access_token),
// rates (https://developers.facebook.com/docs/graph-api/overview/rate-limiting).
//
// Not documented, and its own: how long a comment may be, what a reply to a hidden comment is
// answered with, the limit of writes, that lists begin with the newest, and that a picture is
// fetched when its container is made.
//
// It knows nothing of the connector.
package instagramfake
