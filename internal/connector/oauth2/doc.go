// Package oauth2 gets tokens by the code flow of OAuth 2.0 (RFC 6749, 4.1 and 6) with a challenge (RFC 7636).
//
// It knows how a server for tokens is asked and what it answers. It must not know any platform: where the server is,
// how the app says who it is, and what a refusal means to people are given by a connector.
package oauth2
