// Package facebookfake is the Graph API inside of a test: the part of it that a Page, its posts,
// the comments under them and their pictures have, and the calls of the webhook "feed". It is
// stricter than the real one: what its table of edges does not list it refuses, where Facebook may
// look away, and every request has to prove that it knows the app's secret.
//
// Facts that it follows: https://developers.facebook.com/docs/graph-api/guides/error-handling (the
// form of errors, and the codes 1, 2, 4, 10, 100, 190, 200, 368, 506),
// https://developers.facebook.com/docs/graph-api/overview/rate-limiting (32, 80001 and the headers),
// https://developers.facebook.com/docs/graph-api/guides/secure-requests (appsecret_proof),
// https://developers.facebook.com/docs/graph-api/webhooks/getting-started (the signature), and the
// pages of the edges, which stand beside each in edges.go. Messages that begin with "fake:" are its
// own: nothing is documented for these cases.
//
// It knows nothing of the connector.
package facebookfake
