// Package xfake is X inside of a test: the part of its API v2 that mentions, conversations and
// posts of one account have. It is stricter than the real one: what it does not know it
// refuses, where X looks away, and every request is verified: its signature (OAuth 1.0a, HMAC-SHA1, RFC
// 5849) with its time and its nonce, or its access token (OAuth 2.0, with PKCE) with its end and its
// scopes. It keeps what X would charge.
//
// Facts that it follows: the description that X publishes (https://api.x.com/2/openapi.json, 2.167),
// https://docs.x.com/x-api/fundamentals/rate-limits (windows and their headers),
// https://docs.x.com/x-api/getting-started/pricing (prices), https://docs.x.com/x-api/fundamentals/edit-posts
// (an edit is a new id), https://github.com/akrherz/iembot/issues/163 (the answer to a duplicate),
// https://github.com/koala73/worldmonitor/pull/7156 (402 without credit), and
// https://docs.x.com/changelog (replies only where the account is mentioned, February 2026).
//
// Of OAuth 2.0: https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code (30 seconds for a code,
// addresses to the letter), https://github.com/trypostit/trypost/issues/126 (refresh tokens work once; one that comes
// again ends all that came of the log-in).
// Of webhooks: https://docs.x.com/x-api/webhooks/quickstart (challenge and signature), https://docs.x.com/x-api/activity/event-payloads
// (what events look like, and that each is billed as a post).
//
// It knows nothing of the connector.
package xfake
