// Package draugiem is a page at Draugiem.lv as a place of the public, experimental: the questions
// that people ask the page (its section of questions and answers) are questions, an answer stands
// there, and an hour is announced by news of the page.
//
// What is documented is little, and whether it still holds nobody knows who has no page. So the
// connector looks before and after whatever it does: a question has one answer, which it reads
// before it answers, and of news it notes what was the newest before. What it cannot know a person
// is asked about. It says nothing in place of an answer, for that would make public a question
// which nobody accepted.
package draugiem
