// Package graphfake is what the pretend platforms of Meta have in common: who is let in, which
// parameters and fields an operation knows, how it says no, lists in pages, and containers that become
// posts. It is stricter than the real ones: a
// parameter or a field that the documentation does not name is refused, and so is a token that
// stands elsewhere than there. Messages that begin with "fake:" are its own.
//
// Facts that it follows: the form of errors and the codes 1, 2, 4, 10, 100, 190
// (https://developers.facebook.com/docs/graph-api/guides/error-handling), the headers of usage
// (…/docs/graph-api/overview/rate-limiting), lists (…/docs/graph-api/results), and what is not there
// (https://github.com/restfb/restfb/issues/1502).
//
// It knows no platform's objects, and nothing of any connector.
package graphfake
