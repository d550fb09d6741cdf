package connector

import (
	"context"
	"errors"
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

// ErrTooLarge says that a file is too large to be read.
var ErrTooLarge = errors.New("the file is too large")
