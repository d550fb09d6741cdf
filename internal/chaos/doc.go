// Package chaos breaks the built program while people use it, and finds out what became of
// what they were promised. Replicas of the program, its Redis and Telegram's stand-in are
// processes and servers of their own; the people and the stand-in live here, where nothing
// is ever killed.
//
// What is judged is what people were told and what arrived at the platform, held against
// the record: never the program's own word alone. It knows the outside contract (the
// command line, both APIs, the file) and must not know how the program keeps it.
//
// A seed decides what breaks, in which order, at which replica, and how long the pauses in
// between last. It does not decide what the people do, how long an answer takes on the wire,
// nor who is faster, and a failover comes when the servers are ready for it. Two runs of one
// seed are therefore alike and not the same: what a seed once found may need several runs to
// show again.
package chaos
