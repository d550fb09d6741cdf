// Package graph is what all of Meta's platforms share of the Graph API: how it says no, its headers
// of usage, tokens that are renewed by the one before, lists that repeat themselves or are read again
// and again, posts in two steps, the proof of the app's secret, and who may call a webhook. It knows
// no platform's objects, permissions or words.
//
// What it relies on is documented at these addresses:
//
//   - errors: https://developers.facebook.com/docs/graph-api/guides/error-handling
//   - usage and waits: https://developers.facebook.com/docs/graph-api/overview/rate-limiting
//   - the proof: https://developers.facebook.com/docs/graph-api/guides/secure-requests
//   - webhooks: https://developers.facebook.com/docs/graph-api/webhooks/getting-started
//   - lists that repeat: https://github.com/mobolic/facebook-sdk/issues/510
//   - errors of what was done: https://github.com/arsduo/koala/issues/699
package graph
