// Package deskpage is the desk in the browser: for moderators and experts the pages
// under /desk/, for programs the JSON API under /api/v1/desk/.
//
// It knows HTTP, forms and which view belongs to which template. It must not know
// a rule: who may do what comes from session.Allowed and its relatives, what
// happens from session.Service, the order of the cards from package routing, every
// sentence from package wording. It shows what nobody else may see, so nothing
// here answers without knowing which member of staff asks.
package deskpage
