package mail

import (
	"bufio"
	"bytes"
	"cmp"
	"io"
	netmail "net/mail"
	"slices"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // letters come in all of them
	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-message/textproto"

	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// note is what is understood of a letter. Whatever strangers or their programs wrote, there
// is one.
type note struct {
	from     string // the address of who wrote it, in lower case; empty when there is not just one
	id       session.MessageID
	subject  string
	language session.Language // "" is not known
	refs     string           // where the tag of a question stands in an answer
	robot    bool             // a program wrote it, or it went to many
	text     string           // without what is quoted
	report   *report          // what a mail server says about a letter of ours
}

const (
	mostHeader  = 48 << 10  // bytes of all headers
	mostText    = 256 << 10 // bytes of a part, decoded
	mostParts   = 40
	mostDepth   = 8   // parts within parts
	mostSubject = 200 // characters
	longestAddr = 254 // RFC 5321
)

// head reads what stands before the text.
func head(raw []byte) note {
	h, err := textproto.ReadHeader(bufio.NewReader(io.LimitReader(bytes.NewReader(raw), mostHeader)))
	if err != nil {
		return note{id: session.MessageID(receive.RawKey(raw))}
	}
	return noteOf(mail.Header{Header: message.Header{Header: h}}, raw)
}

func noteOf(h mail.Header, raw []byte) note {
	n := note{id: session.MessageID(strings.Trim(strings.TrimSpace(h.Get("Message-Id")), "<>")), from: sender(h), robot: robotic(h)}
	if !isID(n.id) {
		n.id = session.MessageID(receive.RawKey(raw))
	}
	n.subject, _ = h.Subject()
	n.subject = session.Shorten(session.CleanLine(n.subject), mostSubject)
	if l := session.Language(strings.ToLower(h.Get("Content-Language"))); len(l) >= 2 && l[:2].Known() {
		n.language = l[:2]
	}
	n.refs = strings.Join([]string{h.Get("In-Reply-To"), h.Get("Delivered-To"), h.Get("X-Original-To"), h.Get("To"), h.Get("References")}, " ")
	return n
}

// sender is the one address in From. Where an answer should go instead is not believed: it
// could be anybody's.
func sender(h mail.Header) string {
	from := h.Get("From")
	if h.FieldsByKey("From").Len() != 1 {
		return ""
	}
	all, err := (&netmail.AddressParser{WordDecoder: nil}).ParseList(from)
	if err != nil || len(all) != 1 || len(all[0].Address) > longestAddr {
		return ""
	}
	address := strings.ToLower(all[0].Address)
	if at, err := netmail.ParseAddress(address); err != nil || at.Address != address {
		return ""
	}
	return address
}

var (
	// marks are headers of programs and of lists.
	marks = []string{"List-Id", "List-Post", "List-Unsubscribe", "X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Loop"}
	// bulk are the values of Precedence that say that nobody waits for an answer.
	bulk = []string{"bulk", "junk", "list", "auto_reply"}
	// offices are the names of programs, before the @.
	offices = []string{"mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce", "bounces"}
)

// robotic reports whether a letter says of itself that no person wrote it to us (RFC 3834).
// Such a letter is no question and gets no answer.
func robotic(h mail.Header) bool {
	auto, _, _ := strings.Cut(strings.ToLower(h.Get("Auto-Submitted")), ";")
	local, _, _ := strings.Cut(sender(h), "@")
	return cmp.Or(strings.TrimSpace(auto), "no") != "no" ||
		strings.TrimSpace(h.Get("Return-Path")) == "<>" ||
		slices.Contains(bulk, strings.ToLower(strings.TrimSpace(h.Get("Precedence")))) ||
		slices.ContainsFunc(marks, h.Has) || slices.Contains(offices, local)
}

// read understands a letter, of which the end may be missing.
func read(raw []byte) note {
	e, err := message.ReadWithOptions(bytes.NewReader(raw), &message.ReadOptions{MaxHeaderBytes: mostHeader})
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return head(raw)
	}
	n := noteOf(mail.Header{Header: e.Header}, raw)
	var p parts
	p.walk(e, 0)
	n.text = written(p.text())
	if kind, params, err := e.Header.ContentType(); err == nil && kind == "multipart/report" {
		n.robot = true
		if strings.EqualFold(params["report-type"], "delivery-status") {
			n.report = p.report()
		}
	}
	return n
}

// parts are those of a letter that say something, each the first of its kind.
type parts struct {
	seen                             int
	plain, html, status, undelivered []byte
}

// walk looks through a letter and what is in it, so far and so deep.
func (p *parts) walk(e *message.Entity, depth int) {
	if p.seen++; p.seen > mostParts || depth > mostDepth {
		return
	}
	if of := e.MultipartReader(); of != nil {
		for p.seen <= mostParts {
			part, err := of.NextPart()
			if part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
				return
			}
			p.walk(part, depth+1)
		}
		return
	}
	p.take(e)
}

// take keeps a part as far as it can be read.
func (p *parts) take(e *message.Entity) {
	kind, _, err := e.Header.ContentType()
	if err != nil {
		kind = "text/plain"
	}
	attached, _, _ := e.Header.ContentDisposition()
	into := map[string]*[]byte{"text/plain": &p.plain, "text/html": &p.html,
		"message/delivery-status": &p.status, "message/global-delivery-status": &p.status,
		"message/rfc822": &p.undelivered, "text/rfc822-headers": &p.undelivered,
		"message/global": &p.undelivered, "message/global-headers": &p.undelivered}[kind] // the latter of RFC 6533
	if into == nil || len(*into) > 0 || strings.EqualFold(attached, "attachment") && strings.HasPrefix(kind, "text/") {
		return
	}
	b, _ := io.ReadAll(io.LimitReader(e.Body, mostText)) // what ends too early is taken as far as it goes
	if len(bytes.TrimSpace(b)) > 0 {
		*into = b
	}
}

func (p *parts) text() string {
	if len(p.plain) > 0 {
		return strings.ToValidUTF8(string(p.plain), "\uFFFD")
	}
	return plain(strings.ToValidUTF8(string(p.html), "\uFFFD"))
}
