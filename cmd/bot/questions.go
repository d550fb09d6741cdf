package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"time"

	"experthour/internal/session"
)

// Bounds on a questions file, so that a wrong file ends in a sentence and not in
// all of the memory.
const (
	maxQuestionLine  = 1 << 20 // bytes
	maxQuestionLines = 100_000
)

//go:embed samples/*.jsonl
var samples embed.FS

// sample is one line of a questions file; other fields are ignored.
type sample struct {
	Text string    `json:"text"`
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// builtIn are the questions that the demo comes with.
func builtIn(lang session.Language) ([]sample, error) {
	b, err := samples.ReadFile(path.Join("samples", string(lang)+".jsonl"))
	if err != nil {
		return nil, err
	}
	return readSamples(bytes.NewReader(b))
}

// fromFile reads a questions file.
func fromFile(name string) ([]sample, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("questions: %w", err)
	}
	ss, err := readSamples(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("questions %s: %w", name, err)
	}
	return ss, nil
}

// readSamples reads JSON Lines and puts them in the order of their times. Lines
// without a time follow the line before them.
func readSamples(r io.Reader) ([]sample, error) {
	var ss []sample
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxQuestionLine)
	var last time.Time
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		s := sample{}
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if len(ss) == maxQuestionLines {
			return nil, fmt.Errorf("more than %d questions", maxQuestionLines)
		}
		if s.At.IsZero() {
			s.At = last
		}
		last = s.At
		ss = append(ss, s)
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(ss) == 0 {
		return nil, errors.New("there is no question in it")
	}
	slices.SortStableFunc(ss, func(a, b sample) int { return a.At.Compare(b.At) })
	return ss, nil
}

// feed hands the questions over one by one: the first after `first`, each next one
// after gap says. ask decides what to do about a question that is refused.
func feed(ctx context.Context, ss []sample, first time.Duration, gap func(before, next sample) time.Duration,
	ask func(context.Context, int, sample) error) error {
	wait := first
	for i, s := range ss {
		if i > 0 {
			wait = gap(ss[i-1], s)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		if err := ask(ctx, i, s); err != nil {
			return err
		}
	}
	return nil
}

// digest names a text, so that replaying a file twice asks nothing twice.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}
