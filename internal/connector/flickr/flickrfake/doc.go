// Package flickrfake is Flickr inside of a test: the part of its REST endpoint that comments
// under a photo have. It is stricter than the real one: what it does not know it refuses,
// where Flickr looks away, and every signed request is verified (OAuth 1.0a, HMAC-SHA1, RFC
// 5849), with its time and its nonce. Beside it stands the log-in by which a person lets an app
// have a token.
//
// Facts that it follows: https://www.flickr.com/services/api/response.json.html (stat=fail),
// https://www.flickr.com/services/api/auth.oauth.html, the pages of its methods, such as
// https://www.flickr.com/services/api/flickr.photos.comments.addComment.html (codes), and
// https://www.flickr.com/services/developer/api/ (3,600 calls an hour for a key).
// Codes from 900 on are its own: Flickr documents nothing for these cases.
//
// It knows nothing of the connector.
package flickrfake
