package slack

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What the connector keeps in its Memory.
const (
	memoryFind  = "slack find " // + key of a card, or a thread: how far a search came
	memoryDone  = "slack done " // + key of a press, form or command: it was begun, or is done
	memoryAsk   = "slack ask "  // + action of a choice: what is asked before it counts
	memoryWho   = "who:"        // + account: the name of a member of a group
	memoryWhose = "whose:"      // + tag of such a name: the account that has it
)

// messageKey is the key of a message in the mailbox, the same whether an event
// brought it or the backfill.
func messageKey(channel, ts string) string { return "m:" + channel + ":" + ts }

func editKey(channel, ts, edited string) string { return messageKey(channel, ts) + ":e:" + edited }

func deletedKey(channel, ts string) string { return messageKey(channel, ts) + ":d" }

// stamp writes a time as Slack does: seconds, a point, six digits.
func stamp(at time.Time) string {
	micros := at.UnixMicro()
	return fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6)
}

// moment reads a ts; what is none is the beginning of time.
func moment(ts string) time.Time {
	seconds, fraction, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Unix(0, 0).UTC()
	}
	micros, err := strconv.ParseInt((fraction + "000000")[:6], 10, 64)
	if err != nil {
		micros = 0
	}
	return time.Unix(s, micros*1000).UTC()
}
