// Package wordpressfake is a site made with WordPress inside of a test: the part of its REST
// API that posts, comments and users have. It is stricter than a real one: what it does not
// know, in an address or in a body, it refuses, where WordPress looks away.
//
// It knows nothing of the connector; the same tests run against it and a real WordPress.
package wordpressfake
