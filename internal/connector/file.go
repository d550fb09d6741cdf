package connector

import (
	"context"
	"errors"

	"experthour/internal/session"
)

// File is one that somebody sent beside or instead of words. It is not read yet.
type File struct {
	ID   string `json:"id"`             // the connector's own
	Size int64  `json:"size,omitempty"` // bytes, as the platform says; 0 is not known
}

// Filer reads the files that people sent to a connector. What is in them is a stranger's.
type Filer interface {
	// File gives the bytes of a File. ErrTooLarge says that it has more than session.MostFile, or
	// more than the platform hands over. After a *SendError that is Refused it is not worth
	// trying again, and Detail says why; after any other error it may be.
	File(ctx context.Context, id string) ([]byte, error)
}

// Shower is a desk that can show pictures to one person, who may approve them then.
type Shower interface {
	// Show sends pictures in their order, each with its words, so that the person has all of them
	// before them when it returns nil.
	Show(ctx context.Context, to session.UserRef, ps []Shown) error
}

// Shown is a picture with what is said of it, which is plain text.
type Shown struct {
	Type  string // image/jpeg or image/png
	Bytes []byte
	Words string
}

// ErrTooLarge says that a file is too large to be read.
var ErrTooLarge = errors.New("the file is too large")
