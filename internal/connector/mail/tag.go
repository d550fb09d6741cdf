package mail

import (
	"regexp"
	"strconv"
	"strings"

	"experthour/internal/session"
)

// tag names a question in the id of each letter about it, and in the address to which people
// answer it. It is signed: only who got such a letter can write one about the question.
func (m *Mail) tag(ref session.QuestionRef) string {
	return threadOf(ref) + "." + m.env.Signer.Mark(string(m.id), threadOf(ref))
}

// threadOf names a question for mail programs.
func threadOf(ref session.QuestionRef) string {
	return string(ref.Session) + "." + strconv.Itoa(ref.Number)
}

// tagForm is the hour, the number and the signature.
var tagForm = regexp.MustCompile(`([a-z0-9-]{1,60})\.([1-9][0-9]{0,8})\.([a-z2-7]{26})`)

// mostTags bounds how many of them are tried in one text.
const mostTags = 50

// about is the question that the first tag in a text names which is ours.
func (m *Mail) about(text string) (ref session.QuestionRef, ok bool) {
	for _, t := range tagForm.FindAllStringSubmatch(strings.ToLower(text), mostTags) {
		n, err := strconv.Atoi(t[2])
		ref := session.QuestionRef{Session: session.ID(t[1]), Number: n}
		if err == nil && m.env.Signer.Marked(t[3], string(m.id), threadOf(ref)) {
			return ref, true
		}
	}
	return session.QuestionRef{}, false
}

// longestLocal is what stands before the @ at most (RFC 5321).
const longestLocal = 64

// plus is the account's address with a tag in it; ok is false where no such address reaches it.
func (m *Mail) plus(tag string) (address string, ok bool) {
	name, domain, _ := strings.Cut(m.account.From, "@")
	local := name + "+" + tag
	return local + "@" + domain, m.account.Plus && tag != "" && len(local) <= longestLocal
}

// own reports whether an address is the account's, with a tag or without.
func (m *Mail) own(address string) bool {
	local, domain, _ := strings.Cut(address, "@")
	local, _, _ = strings.Cut(local, "+")
	return strings.EqualFold(local+"@"+domain, m.account.From)
}

// idForm is a Message-ID that can be repeated in a header; RFC 5322 allows no more.
var idForm = regexp.MustCompile(`^[!-;=?A-~]{1,120}@[!-;=?A-~]{1,60}$`)

// isID reports whether a message is one that has a Message-ID.
func isID(m session.MessageID) bool { return idForm.MatchString(string(m)) }

// domain is that of the account's address.
func (m *Mail) domain() string { return m.account.From[strings.LastIndexByte(m.account.From, '@')+1:] }
