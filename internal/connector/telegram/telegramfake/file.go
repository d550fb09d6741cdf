package telegramfake

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
)

// Download is what the download of a file is called in Fault and Calls; it is no method.
const Download = "/file"

// largestFile is what getFile gives a path for at most.
const largestFile = 20 << 20

// file is one that somebody sent.
type file struct {
	number int
	name   string // of a document
	kind   string // its MIME type, as the sender's app says
	bytes  []byte
}

// Photo sends a picture; the text is its caption.
func Photo(b []byte) How {
	return func(m *Message) { m.media, m.file = "photo", m.chat.srv.newFile("", "image/jpeg", b) }
}

// Document sends a file under a name; kind is its MIME type, as the sender's app says.
func Document(name, kind string, b []byte) How {
	return func(m *Message) { m.media, m.file = "document", m.chat.srv.newFile(name, kind, b) }
}

// newFile keeps a file. The lock is held.
func (s *Server) newFile(name, kind string, b []byte) *file {
	f := &file{number: len(s.files) + 2, name: name, kind: kind, bytes: b} // file-1 is that of With
	s.files = append(s.files, f)
	return f
}

func (f *file) id() string   { return fmt.Sprintf("file-%d", f.number) }
func (f *file) path() string { return fmt.Sprintf("files/file_%d", f.number) }

func (f *file) json() map[string]any {
	return map[string]any{"file_id": f.id(), "file_unique_id": fmt.Sprintf("unique-%d", f.number), "file_size": len(f.bytes)}
}

// mediaJSON is the field of what is not a text. A photo comes in several sizes, the largest one last.
func (m *Message) mediaJSON() any {
	one := map[string]any{"file_id": "file-1", "file_unique_id": "unique-1"}
	if m.file != nil {
		one = m.file.json()
	}
	switch m.media {
	case "photo":
		maps.Copy(one, map[string]any{"width": 1280, "height": 960})
		return []any{map[string]any{"file_id": "thumb-1", "file_unique_id": "thumb", "file_size": 3, "width": 90, "height": 68}, one}
	case "sticker":
		maps.Copy(one, map[string]any{"type": "regular", "width": 90, "height": 90, "is_animated": false, "is_video": false})
	case "voice", "audio":
		one["duration"] = 3
	case "video":
		maps.Copy(one, map[string]any{"width": 90, "height": 90, "duration": 3})
	case "document":
		if m.file != nil {
			maps.Copy(one, map[string]any{"file_name": m.file.name, "mime_type": m.file.kind})
		}
	}
	return one
}

func getFile(s *Server, p params) (any, error) {
	id := p["file_id"]
	if id == "file-1" {
		return map[string]any{"file_id": id, "file_unique_id": "unique-1", "file_size": 3, "file_path": "files/1"}, nil
	}
	for _, f := range s.files {
		switch {
		case f.id() != id:
		case len(f.bytes) > largestFile:
			return nil, badRequest("file is too big")
		default:
			out := f.json()
			out["file_path"] = f.path()
			return out, nil
		}
	}
	return nil, badRequest("wrong file_id or the file is temporarily unavailable")
}

// blob is an answer that is a file.
type blob []byte

// download gives the bytes of a path that getFile gave.
func (s *Server) download(path string) (any, error) {
	defer s.lock()()
	for _, f := range s.files {
		if f.path() == path && len(f.bytes) <= largestFile {
			return blob(f.bytes), nil
		}
	}
	return nil, &apiError{code: http.StatusNotFound, text: "Not Found"}
}

// filePath takes the path out of /file/bot{TOKEN}/{path}.
func (s *Server) filePath(path string) (string, bool) {
	return strings.CutPrefix(path, "/file/bot"+s.o.Token+"/")
}
