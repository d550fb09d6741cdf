package redisstore

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// keys makes every key of the store. This is the whole list.
type keys struct{ prefix string }

// agenda is a HASH: session -> start, end and places, each on a line.
func (k keys) agenda() string { return k.prefix + ":agenda" }

// spent expires. It is a LIST: when the last units of a connector's budget were taken, in µs,
// the oldest first; of a budget for a day, whose name begins with it, and of one that is there
// once, a STRING: how many were.
// All budgets of a connector are in one slot.
func (k keys) spent(c session.ConnectorID, budget string) string {
	return k.prefix + ":calls:{" + url.QueryEscape(string(c)) + "}:" + url.QueryEscape(budget)
}

// hold is a STRING that expires: until when a budget is held back, in µs.
func (k keys) hold(c session.ConnectorID, budget string) string {
	return k.prefix + ":hold:{" + url.QueryEscape(string(c)) + "}:" + url.QueryEscape(budget)
}

// quota is a STRING that expires: the ms at which all of a quota may be spent again. All
// quotas of a group are in one slot.
func (k keys) quota(group, name string) string {
	return k.prefix + ":quota:{" + url.QueryEscape(group) + "}:" + url.QueryEscape(name)
}

// schema is a HASH: newest -> the newest schema of what is stored, by -> the version of
// the program that brought it.
func (k keys) schema() string { return k.prefix + ":schema" }

// memo is a STRING that expires: what a connector keeps for a while; key is a keyed hash, see memos.
func (k keys) memo(c session.ConnectorID, key string) string {
	return k.prefix + ":memo:" + url.QueryEscape(string(c)) + ":" + url.QueryEscape(key)
}

// vault is a HASH that expires: v version, value of what a connector keeps sealed, while
// the configuration says of. Too little of its digest is told to guess it by.
func (k keys) vault(c session.ConnectorID, of string) string {
	return k.prefix + ":vault:" + url.QueryEscape(string(c)) + ":" + digest("vault", of)[:8]
}

// lease is a STRING that expires: who alone may do what name says.
func (k keys) lease(name string) string { return k.prefix + ":lease:" + url.QueryEscape(name) }

// login is a STRING that expires: since when, in ms, what was made for a person holds.
func (k keys) login(name session.PersonName) string {
	return k.prefix + ":login:" + digest(string(name))
}

// inbox makes the keys of one connector's mailbox.
func (k keys) inbox(c session.ConnectorID) inbox {
	return inbox(k.prefix + ":inbox:{" + url.QueryEscape(string(c)) + "}")
}

// inbox is what the keys of one mailbox begin with. They are in one slot.
type inbox string

// line makes the keys of one line.
func (i inbox) line(l connector.MailLine) line {
	if l != connector.StaffLine {
		l = connector.PublicLine
	}
	return line(string(i) + ":" + string(l))
}

// former are the keys of mailboxes that had one line: stream, raw, of and hand. There a
// letter was named by its id in the stream, and nobody knew its sender.
func (i inbox) former() []string {
	return []string{string(i), string(i) + ":raw", string(i) + ":of", string(i) + ":hand"}
}

// dead is a ZSET that expires: id by the time at which it was buried.
func (i inbox) dead() string { return string(i) + ":dead" }

// grave is a HASH that expires: id -> the letter, <id>.why -> the reason and its key.
func (i inbox) grave() string { return string(i) + ":grave" }

// known is a STRING that expires: the call that stored the letter of a key, and its place
// in that call. Keys of platforms may name people, so it is named by a digest.
func (i inbox) known(key string) string { return string(i) + ":key:" + digest(key) }

// line is what the keys of one line begin with. A letter is named by its sender's digest,
// a colon and when it was put, in µs. Every letter has a field in raw and is either its
// sender's first or behind it, and a first one is either in the stream or in hand. Where
// the numbers differ, somebody deleted a key, and Take puts the letters back in line.
type line string

// keys are those that every script of a line takes, in their order.
func (l line) keys() []string {
	return []string{l.stream(), l.raw(), l.of(), l.hand(), l.first(), l.behind()}
}

// stream is a STREAM of the letters that may be given out, by name alone: what platforms
// sent must not outlive its deletion.
func (l line) stream() string { return string(l) }

// raw is a HASH: name -> the letter.
func (l line) raw() string { return string(l) + ":raw" }

// of is a HASH: name -> how often it was given out, its key.
func (l line) of() string { return string(l) + ":of" }

// hand is a ZSET: name by the time at which its holder's time is over.
func (l line) hand() string { return string(l) + ":hand" }

// first is a HASH: sender -> the name of their letter that is in the stream or in hand.
func (l line) first() string { return string(l) + ":first" }

// behind is a ZSET by name: the letters that wait for their sender's first.
func (l line) behind() string { return string(l) + ":behind" }

// took is a STRING that expires: what a call of Take was given.
func (l line) took(op string) string { return string(l) + ":took:" + op }

// putAt is when a letter was put, by its name.
func putAt(name string) time.Time {
	_, at, _ := strings.Cut(name, ":")
	micros, _ := strconv.ParseInt(at, 10, 64) // the scripts wrote it
	return time.UnixMicro(micros).UTC()
}

// senderOf names the sender of an event in a line.
func senderOf(e connector.Event) string {
	if e.From == "" {
		return digest("key", e.Key)[:16]
	}
	return digest(e.From)[:16]
}

// digest names something without spelling it out.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// wake is the channel on which scripts say who changed which session: two words.
func (k keys) wake() string { return k.prefix + ":wake" }

// of makes the keys of one session.
func (k keys) of(id session.ID) sessionKeys { return sessionKeys(k.prefix + ":{" + string(id) + "}:") }

// sessionKeys is what the keys of one session begin with.
type sessionKeys string

// session is a HASH: v version, doc, h head of its record, op the last operations,
// run "1" while all deliveries may leave, "2" while take-backs and announcements may,
// else "0", voting "1" while votes count, lane of its cards,
// ballots given and taken back.
func (r sessionKeys) session() string { return string(r) + "session" }

// questions is a HASH: <n>.v, .doc, .h, .op as above, .f the flags open, moving,
// parked, accepted and when its draft is due, .k the numbers of its kin: what it is
// merged into and followers, .r by which of the names in refs it is found, but for its key.
func (r sessionKeys) questions() string { return string(r) + "q" }

// last is a STRING: the last number given.
func (r sessionKeys) last() string { return string(r) + "n" }

// refs is a HASH, see named: keyed hash of key:<dedupe key> -> n, of msg:<connector>:<place>:<message>
// of an original, or of another part -> n, of asker:<digest> -> the numbers of what they asked,
// ascending. Earlier versions wrote the names themselves.
func (r sessionKeys) refs() string { return string(r) + "refs" }

// in is a ZSET: n (eight digits) by state and time; see score.
func (r sessionKeys) in() string { return string(r) + "in" }

// open is a ZSET by number: questions without an outcome of their own.
func (r sessionKeys) open() string { return string(r) + "open" }

// moving is a ZSET by number: questions with a copy that is not at rest, parked or not.
func (r sessionKeys) moving() string { return string(r) + "moving" }

// parked is a ZSET by number: questions with a copy that waits for a person.
func (r sessionKeys) parked() string { return string(r) + "parked" }

// drafts is a ZSET: n (eight digits) by the ms at which its draft is due, or by -1 where
// somebody who has withdrawn is to be forgotten.
func (r sessionKeys) drafts() string { return string(r) + "drafts" }

// counted are what counts in common.lua looks at.
func (r sessionKeys) counted() []string {
	return []string{r.last(), r.in(), r.open(), r.moving(), r.parked(), r.unresolved()}
}

// votes is a HASH: n -> votes, n:PLATFORM -> of these with a name, counted there, when.
func (r sessionKeys) votes() string { return string(r) + "votes" }

// voters is a SET of n:voter, dropped when the session closes.
func (r sessionKeys) voters() string { return string(r) + "voters" }

// networks is a HASH: n -> keyed hash of the network from which it was asked, dropped when the
// session closes.
func (r sessionKeys) networks() string { return string(r) + "networks" }

// log is a STREAM: the record, without a word of what anybody wrote; s of an entry is its signature.
func (r sessionKeys) log() string { return string(r) + "log" }

// payloads is a HASH: <n>:<v> -> salt, space, payload; <n>:erased -> the last version
// whose payload was erased.
func (r sessionKeys) payloads() string { return string(r) + "p" }

// pictures is a HASH: <n>:<hash> -> type, a space, and the bytes of a picture of question n;
// size -> the sum of what is in it.
func (r sessionKeys) pictures() string { return string(r) + "pics" }

// enclosed is the same for the pictures that came with questions.
func (r sessionKeys) enclosed() string { return string(r) + "enclosed" }

// typing is a HASH that expires: n -> what people are typing about question n; dropped when the
// session closes.
func (r sessionKeys) typing() string { return string(r) + "typing" }

// deliveries is a HASH, n being 0 for a copy of the session: <n>|<copy>|w -> what is wanted ("-" before it: not due),
// <n>|<copy>|i -> intent: tries, since, what is tried ("-": nothing is open), the replication id of the primary;
// <n>|<copy>|p -> that of the primary when it got into line, and how many replicas that had;
// <n>|<copy>|n -> what an attempt noted: what was tried, the note;
// seq -> the last place in line.
func (r sessionKeys) deliveries() string { return string(r) + "d" }

// lanes is a SET of the names of lanes that have something in them.
func (r sessionKeys) lanes() string { return string(r) + "lanes" }

// unresolved is a SET of <n>|<copy>: not due, but somebody may be sending it.
func (r sessionKeys) unresolved() string { return string(r) + "settling" }

// lane is a ZSET: <n>|<copy> by class and place in line.
func (r sessionKeys) lane(name string) string { return string(r) + "lane:" + name }

// leases is a HASH: 5.n (<n>|<copy>), .fence, .op, .until and .open of the lease of a lane,
// .notbefore, .ended (the fence of the last one that was given back); fence -> the last one. It
// goes when the last question is forgotten that had a copy there, for its name may lead to a person.
func (r sessionKeys) leases(name string) string { return string(r) + "lm:" + name }

// dirty is a ZSET: n by class and place in line: cards that are out of date; 0 is the
// board. A class of its own, 4, are those that wait for a person.
func (r sessionKeys) dirty(name string) string { return string(r) + "dirty:" + name }

// cards is a HASH: <n> -> message, <n>.s -> stamp of the last change, <n>.p of the last
// one by somebody at the desk that was not drawn, <n>.i -> since when somebody may be posting it, in ms,
// <n>.g -> "1" once its message was found gone, <n>.d -> "1" while nobody waits for its question, <n>.c, .ci,
// .w -> the numbers of the calls that were posted last, are being posted, were drawn, <n>.ct -> how often .ci was
// found open, .m the messages of the calls that stand, with spaces between, .x -> "1" once they are to be taken back;
// @<message> -> n, also of earlier messages; seq -> the last stamp; at -> the primary at which cards got into line, and
// how many replicas it had.
func (r sessionKeys) cards(name string) string { return string(r) + "cards:" + name }

// cardLeases is a HASH: <class>.op, .n, .until, .notbefore, .ended, .open, .fence as in
// leases, for each class of cards, and 4 for the calls; <class>.cards -> n:stamp of each card
// that the lease covers; .at -> where its own stood; fence -> the last one.
func (r sessionKeys) cardLeases(name string) string { return string(r) + "cl:" + name }

// waiting is a ZSET: n by place in line: cards with a call to be posted.
func (r sessionKeys) waiting(name string) string { return string(r) + "waiting:" + name }

// laneName writes a lane as part of a key; both halves are escaped, so no place can
// look like another.
func laneName(l session.Lane) string {
	return url.QueryEscape(string(l.Connector)) + ":" + url.QueryEscape(string(l.Place))
}

func parseLane(name string) (session.Lane, error) {
	c, p, _ := strings.Cut(name, ":")
	connector, err := url.QueryUnescape(c)
	if err != nil {
		return session.Lane{}, err
	}
	place, err := url.QueryUnescape(p)
	return session.Lane{Connector: session.ConnectorID(connector), Place: session.PlaceID(place)}, err
}

// member names a copy in a lane.
func member(number int, copyKey string) string { return strconv.Itoa(number) + "|" + copyKey }

func parseMember(m string) (number int, copyKey string) {
	n, copyKey, _ := strings.Cut(m, "|")
	number, _ = strconv.Atoi(n) // the scripts wrote it
	return number, copyKey
}

// stateCodes give each state its part of the scores. They are stored: append only.
var stateCodes = map[session.State]int64{
	session.Received: 1, session.Queued: 2, session.Claimed: 3, session.Review: 4,
	session.Approved: 5, session.Published: 6, session.Declined: 7, session.Merged: 8,
	session.Redirected: 9, session.Expired: 10, session.Retracted: 11, session.Withdrawn: 12,
}

// span is how many scores a state has: more than the milliseconds from 1970 to 2109.
const span = 1 << 42

// codes are those of all states, for the scripts that count.
func codes() []any {
	all := make([]any, len(session.States))
	for i, st := range session.States {
		all[i] = stateCodes[st]
	}
	return all
}

// score orders questions by state and, within it, by how long they are in it. One
// sorted set serves as twelve: a change of state is one ZADD and needs no old state.
func score(q session.Question) int64 {
	return stateCodes[q.State]*span + q.Since.UnixMilli()
}
