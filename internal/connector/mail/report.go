package mail

import (
	"bufio"
	"bytes"
	"strings"

	"github.com/emersion/go-message/textproto"

	"experthour/internal/session"
)

// report is a delivery status notification (RFC 3464), as far as it matters.
type report struct {
	failed bool              // it will not be tried again
	status string            // such as "5.1.1"
	of     session.MessageID // of the letter that did not arrive; empty when the report does not say
}

func (p *parts) report() *report {
	r := &report{}
	in := bufio.NewReader(bytes.NewReader(p.status))
	for range mostParts { // what is about all, and then about each address
		h, err := textproto.ReadHeader(in)
		if err != nil && h.Len() == 0 {
			break
		}
		if strings.EqualFold(strings.TrimSpace(h.Get("Action")), "failed") {
			r.failed, r.status = true, statusOf(h.Get("Status"))
		}
		if err != nil {
			break
		}
	}
	h, _ := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(p.undelivered)))
	r.of = session.MessageID(strings.Trim(strings.TrimSpace(h.Get("Message-Id")), "<>"))
	return r
}

// statusOf is the code alone: servers write addresses behind it.
func statusOf(text string) string {
	code, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	if len(code) > len("5.999.999") || strings.Trim(code, "0123456789.") != "" {
		return ""
	}
	return code
}
