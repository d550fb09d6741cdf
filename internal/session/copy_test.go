package session

import (
	"errors"
	"testing"
	"time"
)

// parkedCopy is a copy of which nobody knows whether it is out.
func parkedCopy(k CopyKind) Copies {
	return Copies{{Slot: Slot{Kind: k, Connector: "birds", Place: "7"}, Wanted: 2, Trying: 2, Problem: Unsure, Attempt: 1}}
}

// byNumber reads addresses such as "birds/12".
func byNumber(_ Slot, address string) (MessageID, bool) {
	if address == "birds/12" {
		return "m12", true
	}
	return "", false
}

// TestSeenCopyIsKnown: with the address that a person gives, a copy of unknown fate can be
// corrected and taken back like any other.
func TestSeenCopyIsKnown(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		address string
		locate  Locate
		message MessageID
		wrong   string
	}{
		"an address":                   {" birds/12 ", byNumber, "m12", ""},
		"none":                         {"", byNumber, "", ""},
		"something else":               {"birds", byNumber, "", "copy_address"},
		"where nobody reads addresses": {"anywhere", nil, "", ""},
		"where one connector cannot":   {"anywhere", func(Slot, string) (MessageID, bool) { return "", true }, "", ""},
	} {
		cs := parkedCopy(KindAnswer)
		err := ResolveCopy{Decision: IsOut, Copy: cs[0].Key(), Attempt: 1, URL: c.address}.change(cs, at, c.locate)
		if e, _ := errors.AsType[*Error](err); c.wrong != "" {
			if e == nil || e.ID != c.wrong || e.Field != "url" || cs[0].Problem != Unsure {
				t.Errorf("%s: %v, %+v", name, err, cs[0])
			}
			continue
		}
		if err != nil || cs[0].Out != 2 || cs[0].Message != c.message || cs[0].Problem != NoProblem {
			t.Errorf("%s: %v, %+v", name, err, cs[0])
		}
	}
}

// TestUnwantedNoticeAsksNobody, in whichever order it became unwanted and unknown. An
// answer that may stand there is another matter.
func TestUnwantedNoticeAsksNobody(t *testing.T) {
	t.Parallel()
	for kind, want := range map[CopyKind]Problem{KindReceipt: Dropped, KindOutcome: Dropped, KindAnswer: Unsure, KindAnnouncement: Unsure} {
		before := parkedCopy(kind)
		before[0].want(Wish{})
		after := parkedCopy(kind)
		after[0].Problem = NoProblem
		after[0].want(Wish{})
		parked := RecordParked{Copy: after[0].Key(), Trying: 2, Problem: Unsure}
		if err := parked.change(after, time.Time{}, nil); err != nil {
			t.Fatal(err)
		}
		if before[0].Problem != want || after[0].Problem != want {
			t.Errorf("%s: %q and %q, want %q", kind, before[0].Problem, after[0].Problem, want)
		}
	}
}

// TestReturnedLetter: it stands nowhere, and can be sent again; one that another followed
// changes nothing.
func TestReturnedLetter(t *testing.T) {
	t.Parallel()
	sent := Copy{Slot: Slot{Kind: KindAnswer, Connector: "mail", Original: 1}, Wanted: 2, Out: 2, Message: "m@x"}
	for name, c := range map[string]struct {
		before Copy
		of     MessageID
		moved  bool
	}{
		"sent":     {sent, "m@x", true},
		"followed": {sent, "older@x", false},
		"unknown":  {Copy{Slot: sent.Slot, Wanted: 2, Problem: Unsure, Trying: 2}, "?", true},
	} {
		cs := Copies{c.before}
		f := RecordParked{Copy: sent.Key(), Problem: RefusedIt, Detail: "5.2.2", Returned: c.of}
		if err := f.change(cs, time.Time{}, nil); err != nil {
			t.Fatal(err)
		}
		if moved := cs[0].Out == 0 && cs[0].Message == "" && cs[0].Problem == RefusedIt && cs[0].Detail == "5.2.2"; moved != c.moved {
			t.Errorf("%s: %+v", name, cs[0])
		}
		again := ResolveCopy{Decision: Retry, Copy: sent.Key()}
		if err := again.change(cs, time.Time{}, nil); (err == nil) != c.moved || cs[0].Due() != c.moved {
			t.Errorf("%s, once more: %v, %+v", name, err, cs[0])
		}
	}
}
