// Package httpapi is the one way to call a platform over HTTP.
//
// It knows what status codes, headers and broken connections say about a call: whether
// it was done, refused, put off, or may have been done (connector.SendError). What a
// platform means by its own codes is data that its connector gives (Dialect); it must
// not know any platform itself. Where a stranger chose the address, it calls the public
// internet alone (Options.Strange). It repeats nothing, follows no redirect, and puts
// neither secrets, addresses nor the bodies of answers into errors.
package httpapi
