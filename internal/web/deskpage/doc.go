// Package deskpage is the desk in the browser: for moderators and experts the pages
// under /desk/, for programs the JSON API under /api/v1/desk/.
//
// It knows HTTP, and how the views of package view are painted. It must not know a rule,
// nor what staff see: that is in those views, what happens comes from session.Service,
// every sentence from package wording. It shows what nobody else may see, so nothing
// here answers without knowing which member of staff asks.
package deskpage
