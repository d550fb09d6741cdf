package mail

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime/quotedprintable"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-message/textproto"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Filer = (*Mail)(nil)

const (
	// structureFor bounds the asking what a letter has, fileFor the reading of a picture: both are less
	// than a handler has (connector.LetterFor).
	structureFor, fileFor = 3 * time.Second, 5 * time.Second
	// mostStructure is how many bytes a server may send on a connection that asks for structures.
	mostStructure = 1 << 20
	// mostEncoded is how much of a part is read: MostFile in base64, with its ends of lines.
	mostEncoded = session.MostFile/3*4 + session.MostFile/16
	// mostSent is what a server may send when it is asked for a picture.
	mostSent = mostEncoded + 256<<10
	// mostEnclosed is one more than a question has, so that who sent more is told so.
	mostEnclosed = session.MaxPictures + 1
	// mostLogo is below how many bytes, encoded, what a letter shows inside its text is an ornament.
	mostLogo = 8 << 10
)

// images are the types of parts that are pictures. All else is a file.
var images = []string{"image/jpeg", "image/png", "image/webp", "image/gif"}

// part is where a picture is: the letter by its numbers in the folder, and its place in it.
type part struct {
	Validity uint32   `json:"v"`
	UID      imap.UID `json:"u"`
	Path     []int    `json:"p"`
	Encoding string   `json:"e"` // of the transfer, one of decoders or ""
	Size     uint32   `json:"s"` // bytes as they are sent, as the server says
}

// attached is what a letter has besides its text.
type attached struct {
	Images []part `json:"images,omitempty"`
	Other  bool   `json:"other,omitempty"` // a file that is no picture, or nobody could say
}

// with is what was sent with a letter, for the domain.
func (a attached) with() session.Media {
	switch {
	case a.Other:
		return session.MediaFile
	case len(a.Images) > 0:
		return session.MediaPicture
	}
	return ""
}

// attachedTo reads the structure of a letter. No name of a file is looked at.
func attachedTo(s imap.BodyStructure, validity uint32, uid imap.UID) (a attached) {
	seen := 0
	s.Walk(func(path []int, b imap.BodyStructure) bool {
		if seen++; seen > mostParts || len(path) > mostDepth {
			a.Other = true
			return false
		}
		one, single := b.(*imap.BodyStructureSinglePart)
		if !single || ornament(one) {
			return true
		}
		switch {
		case !slices.Contains(images, one.MediaType()):
			a.Other = a.Other || files(one)
		case len(a.Images) < mostEnclosed:
			a.Images = append(a.Images, part{validity, uid, slices.Clone(path), encodingOf(one), one.Size})
		}
		return true
	})
	return a
}

// ornament reports whether a part is the logo of a signature: it has a name by which the text can
// show it, says that it is no attachment, and is smaller than any photograph or screenshot. That the
// text does show it is not asked: it may stand behind what is read of a letter.
func ornament(p *imap.BodyStructureSinglePart) bool {
	return strings.HasPrefix(p.MediaType(), "image/") && p.ID != "" && p.Size < mostLogo && !says(p, "attachment")
}

// signatures are parts that a mail program adds to sign a letter.
var signatures = []string{"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}

// files reports whether a part is something that its sender attached.
func files(p *imap.BodyStructureSinglePart) bool {
	if slices.Contains(signatures, p.MediaType()) {
		return false
	}
	kind, _, _ := strings.Cut(p.MediaType(), "/")
	return says(p, "attachment") || kind != "text" && kind != "message"
}

func says(p *imap.BodyStructureSinglePart, disposition string) bool {
	d := p.Disposition()
	return d != nil && strings.EqualFold(d.Value, disposition)
}

// decoders are the encodings that are undone; the bytes of others are the file.
var decoders = map[string]func(io.Reader) io.Reader{
	"base64":           func(r io.Reader) io.Reader { return base64.NewDecoder(base64.StdEncoding, r) },
	"quoted-printable": func(r io.Reader) io.Reader { return quotedprintable.NewReader(r) },
}

func encodingOf(p *imap.BodyStructureSinglePart) string {
	e := strings.ToLower(p.Encoding)
	if decoders[e] == nil {
		return ""
	}
	return e
}

// manifold reports whether a letter can have pictures, so that most are asked about only once.
func (l letter) manifold() bool {
	h, err := textproto.ReadHeader(bufio.NewReader(io.LimitReader(bytes.NewReader(l.Raw), mostHeader)))
	if err != nil {
		return false
	}
	kind := strings.ToLower(strings.TrimSpace(h.Get("Content-Type")))
	return kind != "" && !strings.HasPrefix(kind, "text/")
}

// attached asks what a letter has, over a connection of its own: a structure that cannot be read, or
// is endless, costs its letter the pictures, of which the card says "with a file", and none its words.
func (i *intake) attached(ctx context.Context, l letter) attached {
	if i.env.Enclose == nil || l.UID == 0 || !l.manifold() {
		return attached{}
	}
	ctx, cancel := context.WithTimeout(ctx, structureFor)
	defer cancel()
	f, err := i.openWithin(ctx, mostStructure, func() {})
	if err != nil {
		return attached{Other: true}
	}
	defer f.leave()
	if f.data.UIDValidity != l.Validity {
		return attached{Other: true}
	}
	all, err := f.Fetch(imap.UIDSetNum(l.UID), &imap.FetchOptions{UID: true,
		BodyStructure: &imap.FetchItemBodyStructure{Extended: true}}).Collect()
	if err != nil || len(all) != 1 || all[0].UID != l.UID || all[0].BodyStructure == nil {
		return attached{Other: true}
	}
	return attachedTo(all[0].BodyStructure, l.Validity, l.UID)
}

// enclose hands the pictures of a letter over.
func (i *intake) enclose(ctx context.Context, o session.Origin, at time.Time, ps []part) error {
	var all []connector.Enclosed
	for n, p := range ps {
		id, err := json.Marshal(p)
		if err != nil {
			return err
		}
		all = append(all, connector.Enclosed{At: o, Sent: at, Key: string(o.Message) + " " + strconv.Itoa(n), File: string(id)})
	}
	if i.env.Enclose == nil || len(all) == 0 {
		return nil
	}
	return i.env.Enclose(ctx, all...)
}

// File reads a picture of a letter, without marking the letter as read.
func (m *Mail) File(ctx context.Context, id string) ([]byte, error) {
	var p part
	if json.Unmarshal([]byte(id), &p) != nil || p.UID == 0 || len(p.Path) == 0 || m.inbox == nil {
		return nil, errNoPicture
	}
	if p.Size > mostEncoded {
		return nil, connector.ErrTooLarge
	}
	ctx, cancel := context.WithTimeout(ctx, fileFor)
	defer cancel()
	f, err := m.openWithin(ctx, mostSent, func() {})
	if err != nil {
		return nil, err
	}
	defer f.leave()
	if f.data.UIDValidity != p.Validity {
		return nil, errNoPicture
	}
	raw, err := f.part(p)
	if err != nil {
		return nil, m.refused("mail.imap_folder", err)
	}
	return p.decode(raw)
}

// part reads one of a letter as it is sent, up to one byte more than is taken; nil is that it is gone.
func (f folder) part(p part) ([]byte, error) {
	all, err := f.Fetch(imap.UIDSetNum(p.UID), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{
		{Part: p.Path, Peek: true, Partial: &imap.SectionPartial{Size: mostEncoded + 1}}}}).Collect()
	if err != nil || len(all) != 1 || all[0].UID != p.UID || len(all[0].BodySection) != 1 {
		return nil, err
	}
	return all[0].BodySection[0].Bytes, nil
}

// decode gives the file. What breaks off is given as far as it goes, and is no picture then.
func (p part) decode(raw []byte) ([]byte, error) {
	switch {
	case len(raw) == 0:
		return nil, errNoPicture
	case len(raw) > mostEncoded:
		return nil, connector.ErrTooLarge
	}
	var r io.Reader = bytes.NewReader(raw)
	if d := decoders[p.Encoding]; d != nil {
		r = d(r)
	}
	b, _ := io.ReadAll(io.LimitReader(r, session.MostFile+1))
	if len(b) > session.MostFile {
		return nil, connector.ErrTooLarge
	}
	return b, nil
}

var errNoPicture = &connector.SendError{Outcome: connector.Refused, Detail: "the letter is not in the folder any more"}

// bounded is a connection that breaks after so many bytes.
type bounded struct {
	net.Conn
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, connector.ErrTooLarge
	}
	n, err := b.Conn.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
