// Package youtube is a video at YouTube as a place of the public: an hour is announced by comments
// under it, other people's comments are questions, and answers stand as replies below them.
//
// It knows the Data API v3 and nothing of any rule. The API sells units of a day: what is written
// costs fifty times what is read, so there is one comment for an answer and none for its acceptance,
// and the fewer units are left, the longer are the pauses between two looks. YouTube keeps no key with a
// comment and tells nobody of edits, removals and likes: what the bot wrote is found again below its
// question, and questions are read again.
//
// Live is the other sort of place: the live chat of a broadcast, which is flat and ends with it.
package youtube
