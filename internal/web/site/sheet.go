package site

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Sheet is an answer that many readers get: rendered and compressed once, and kept compressed
// only. Where each reader gets a token of their own, the sheet has gaps for it, and what lies
// between them is compressed apart: the token is put in as it is, so no answer is compressed
// for one reader, and the size of an answer says nothing about a token.
type Sheet struct {
	// Header is what the answer says of itself besides how it is compressed.
	Header http.Header

	parts []part
	sum   string // of the content, without tokens
	size  int    // of the content, with tokens
	made  time.Time
}

// part is a piece of deflated content.
type part struct {
	deflated []byte
	size     int
	crc      uint32
}

// TokenSize is how many characters a token has that is put into a sheet.
const TokenSize = 32

// NewSheet compresses content. A gap is where content has gap, a text of TokenSize characters
// that occurs nowhere else; "" is none.
func NewSheet(contentType string, content []byte, gap string) *Sheet {
	s := &Sheet{Header: http.Header{}, size: len(content), made: time.Now()}
	s.Header.Set("Content-Type", contentType)
	s.Header.Set("Cache-Control", "no-cache")
	pieces := [][]byte{content}
	if gap != "" {
		pieces = bytes.Split(content, []byte(gap))
	}
	if len(pieces) > 1 {
		s.Header.Set("Cache-Control", "private, no-cache") // a shared cache must not hand a token on
	}
	for i, p := range pieces {
		s.parts = append(s.parts, deflate(p, i == len(pieces)-1))
	}
	h := sha256.New()
	h.Write([]byte(contentType + "\n"))
	h.Write(bytes.Join(pieces, nil))
	s.sum = hex.EncodeToString(h.Sum(nil)[:16])
	return s
}

// writers are used again: each takes 800 KB.
var writers = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(io.Discard, flate.DefaultCompression) // the level is known to be valid
	return w
}}

// deflate compresses a piece so that a block of another origin may follow it.
func deflate(piece []byte, last bool) part {
	var b bytes.Buffer
	w, _ := writers.Get().(*flate.Writer)
	defer writers.Put(w)
	w.Reset(&b)           // nothing refers to the piece before, for a token lies between
	_, _ = w.Write(piece) // a buffer takes everything
	if last {
		_ = w.Close()
	} else {
		_ = w.Flush()
	}
	return part{bytes.Clone(b.Bytes()), len(piece), crc32.ChecksumIEEE(piece)}
}

// Size is about what the sheet takes in memory.
func (s *Sheet) Size() int {
	n := 0
	for _, p := range s.parts {
		n += len(p.deflated)
	}
	return n
}

// ServeFor is Serve for a sheet without gaps that caches may keep as they are told.
func (s *Sheet) ServeFor(w http.ResponseWriter, r *http.Request, caching string) {
	of := *s
	of.Header = s.Header.Clone()
	of.Header.Set("Cache-Control", caching)
	of.Serve(w, r, "")
}

// Serve answers a request with the sheet, or with 304 where the reader has it. token goes into
// its gaps.
func (s *Sheet) Serve(w http.ResponseWriter, r *http.Request, token string) {
	h := w.Header()
	for name, values := range s.Header {
		h[name] = append(h[name], values...)
	}
	h.Add("Vary", "Accept-Encoding")
	zipped := acceptsGzip(r.Header.Get("Accept-Encoding"))
	tag := s.tag(zipped)
	h.Set("ETag", tag)
	modified := s.modified(time.Now())
	if modified != "" {
		h.Set("Last-Modified", modified)
	}
	if same(r.Header, tag, modified) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if !zipped {
		h.Set("Content-Length", strconv.Itoa(s.size))
		s.unpack(w, token)
		return
	}
	h.Set("Content-Encoding", "gzip")
	pieces := s.gzip(token)
	n := 0
	for _, p := range pieces {
		n += len(p)
	}
	h.Set("Content-Length", strconv.Itoa(n))
	for _, p := range pieces {
		if _, err := w.Write(p); err != nil {
			return // the reader went away
		}
	}
}

// tag is strong where every reader gets the same bytes. A page with tokens is the same page for
// whoever has it already, whatever its token.
func (s *Sheet) tag(zipped bool) string {
	if len(s.parts) > 1 {
		return `W/"` + s.sum + `"`
	}
	if zipped {
		return `"` + s.sum + `-gz"`
	}
	return `"` + s.sum + `"`
}

// modified is when the sheet was made. It is not said of one that is so new that another may
// follow it within the same second, nor of a page with tokens.
func (s *Sheet) modified(now time.Time) string {
	if len(s.parts) > 1 || now.Sub(s.made) < 2*time.Second {
		return ""
	}
	return s.made.UTC().Format(http.TimeFormat)
}

// same reports whether the reader has the sheet. The tag decides where it is given (RFC 9110,
// 13.1.3). A time must be the very one that was said: each replica makes sheets at times of its
// own, so "not since then" would say nothing about what another one made.
func same(asked http.Header, tag, modified string) bool {
	if tags := asked.Get("If-None-Match"); tags != "" {
		return noneMatch(tags, tag)
	}
	return modified != "" && asked.Get("If-Modified-Since") == modified
}

// gzipHeader is that of RFC 1952 with nothing optional in it.
var gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}

// gzip puts a token between the parts, in blocks that are not compressed.
func (s *Sheet) gzip(token string) [][]byte {
	stored := storedBlock(token)
	tokenCRC := crc32.ChecksumIEEE([]byte(token))
	pieces, crc := [][]byte{gzipHeader}, uint32(0)
	for i, p := range s.parts {
		if i > 0 {
			pieces = append(pieces, stored)
			crc = joinCRC(crc, tokenCRC, len(token))
		}
		pieces = append(pieces, p.deflated)
		crc = joinCRC(crc, p.crc, p.size)
	}
	end := binary.LittleEndian.AppendUint32(nil, crc)
	return append(pieces, binary.LittleEndian.AppendUint32(end, uint32(s.size))) // RFC 1952: modulo 2^32
}

// storedBlock is text as a block of deflate that is not compressed and not the last.
func storedBlock(text string) []byte {
	n := uint16(len(text)) // a token is short
	b := binary.LittleEndian.AppendUint16([]byte{0}, n)
	return append(binary.LittleEndian.AppendUint16(b, ^n), text...)
}

// unpack is for the few who do not take gzip.
func (s *Sheet) unpack(w io.Writer, token string) {
	var rs []io.Reader
	for _, p := range s.gzip(token) {
		rs = append(rs, bytes.NewReader(p))
	}
	z, err := gzip.NewReader(io.MultiReader(rs...))
	if err == nil {
		_, _ = io.Copy(w, z) // the reader went away
	}
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3).
func acceptsGzip(header string) bool {
	for coding := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(coding, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "gzip" && name != "x-gzip" {
			continue
		}
		_, q, weighed := strings.Cut(params, "q=")
		weight, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return !weighed || err == nil && weight > 0
	}
	return false
}

// noneMatch reports whether If-None-Match names a tag. The comparison is the weak one, as it is
// for reading (RFC 9110, 13.1.2).
func noneMatch(header, tag string) bool {
	for t := range strings.SplitSeq(header, ",") {
		t = strings.TrimSpace(t)
		if t == "*" || t != "" && strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
