package transcript

import (
	"strconv"
	"time"

	"experthour/internal/session"
)

// numbers lists the counts that are not 0; how many were received and answered is
// always said.
func (sp speaker) numbers() []fact {
	n := sp.d.Numbers
	fs := []fact{{Label: sp.w.Text("transcript.received"), Text: strconv.Itoa(n.Received)}}
	for _, o := range outcomes {
		if c := n.Outcomes[o]; c > 0 || o == session.Published {
			fs = append(fs, fact{Label: sp.counted(o), Text: strconv.Itoa(c)})
		}
	}
	if n.Waiting > 0 {
		fs = append(fs, fact{Label: sp.w.Text("transcript.count_waiting"), Text: strconv.Itoa(n.Waiting)})
	}
	if n.Missing > 0 {
		fs = append(fs, fact{Label: sp.w.Text("transcript.count_missing"), Text: strconv.Itoa(n.Missing)})
	}
	return append(fs, sp.waits()...)
}

// counted labels the count of an outcome.
func (sp speaker) counted(o session.State) string {
	switch o {
	case session.Published:
		return sp.w.Text("transcript.count_published")
	case session.Merged:
		return sp.w.Text("transcript.count_merged")
	case session.Redirected:
		return sp.w.Text("transcript.count_redirected")
	case session.Declined:
		return sp.w.Text("transcript.count_declined")
	case session.Expired:
		return sp.w.Text("transcript.count_expired")
	case session.Retracted:
		return sp.w.Text("transcript.count_retracted")
	}
	return sp.w.Text("transcript.count_withdrawn")
}

func (sp speaker) waits() []fact {
	n := sp.d.Numbers
	if n.Outcomes[session.Published] == 0 {
		return nil
	}
	return []fact{
		{Label: sp.w.Text("transcript.wait_median"), Text: sp.lasting(n.MedianWait)},
		{Label: sp.w.Text("transcript.wait_longest"), Text: sp.lasting(n.LongestWait)},
	}
}

func (sp speaker) lasting(seconds int) string {
	return sp.w.Lasting(time.Duration(seconds) * time.Second)
}

// check is the closing proof: said only when it holds.
func (sp speaker) check() string {
	n := sp.d.Numbers
	if n.Received == 0 || n.Settled() != n.Received {
		return ""
	}
	return sp.w.Text("transcript.check", "received", n.Received, "outcomes", n.Settled())
}

func (sp speaker) seal() []fact {
	s := sp.d.Seal
	if s == nil {
		return nil
	}
	fs := given(
		fact{Label: sp.w.Text("transcript.seal"), Text: string(s.Hash)},
		fact{Label: sp.w.Text("transcript.seal_before"), Text: string(s.Prev)},
		fact{Label: sp.w.Text("transcript.seal_public"), Text: string(s.Public)},
	)
	if s.Public != "" {
		fs = append(fs, fact{Label: sp.w.Text("transcript.recompute"), Text: sp.d.Recompute(), Code: true})
	}
	return fs
}
