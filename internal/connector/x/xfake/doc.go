// Package xfake is X inside of a test: the part of its API v2 that mentions, conversations and
// posts of one account have. It is stricter than the real one: what it does not know it
// refuses, where X looks away, and every request is verified (OAuth 1.0a, HMAC-SHA1, RFC 5849), with
// its time and its nonce. It keeps what X would charge.
//
// Facts that it follows: the description that X publishes (https://api.x.com/2/openapi.json, 2.167),
// https://docs.x.com/x-api/fundamentals/rate-limits (windows and their headers),
// https://docs.x.com/x-api/getting-started/pricing (prices), https://docs.x.com/x-api/fundamentals/edit-posts
// (an edit is a new id), https://github.com/akrherz/iembot/issues/163 (the answer to a duplicate),
// https://github.com/koala73/worldmonitor/pull/7156 (402 without credit), and
// https://docs.x.com/changelog (replies only where the account is mentioned, February 2026).
//
// It knows nothing of the connector.
package xfake
