// Package wordpress is a site made with WordPress as a place of the public: the news of an
// hour are posts there, comments under them are questions, and answers are replies to
// these comments. It speaks WordPress' REST API with an application password.
//
// What it writes carries a key by which it is found again: a comment in its field
// author_user_agent, which the public cannot read, and a post in its slug. WordPress tells
// nobody that a comment was edited or removed, so those of open questions are read again.
package wordpress
