// Package threadsfake is Threads inside of a test: the part of its API that text posts, replies
// and tokens have. It is stricter than the real one: a parameter or a field that the
// documentation does not name is refused, and so is a token that stands elsewhere than there.
//
// Facts that it follows, each read off the page named: parameters, states and the count of a text
// (https://developers.facebook.com/documentation/threads/reference/publishing,
// …/docs/threads/troubleshooting), fields (…/documentation/threads/reference/media-retrieval,
// …/reference/reply-management), mentions (…/docs/threads/threads-mentions), quotas and
// permissions (…/docs/threads/overview, …/docs/threads/posts/delete-posts), tokens
// (…/docs/threads/get-started/long-lived-tokens, …/documentation/threads/reference/debug), the
// error of what is not there (https://github.com/restfb/restfb/issues/1502) and of a container
// that is not ready (https://github.com/fbsamples/threads_api/issues/70).
//
// Not documented, and its own: that a published container cannot be published again, what a quota
// that is used up is answered with, and that lists begin with the newest.
//
// It knows nothing of the connector.
package threadsfake
