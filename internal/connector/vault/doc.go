// Package vault keeps the tokens of platforms: sealed in the store, and fresh.
//
// It knows how replicas agree on who asks for the next token, and what to do when
// nobody knows whether there is one. It must not know any platform: how a token is
// asked for is given by its connector.
package vault
