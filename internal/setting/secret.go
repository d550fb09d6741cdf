package setting

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a value that nobody may read in a log, a dump or an error. However
// it is printed or encoded it says "[redacted]", or nothing when it is empty.
type Secret struct{ value string }

// redacted stands for what nobody may read.
const redacted = "[redacted]"

// NewSecret wraps a value that does not come from a file, such as the address of
// a demo's store.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal gives the value itself, for the one place that needs it.
func (s Secret) Reveal() string { return s.value }

// String tells only whether there is a value.
func (s Secret) String() string {
	if s.value == "" {
		return ""
	}
	return redacted
}

// GoString is String, for printers that write Go syntax.
func (s Secret) GoString() string { return s.String() }

// Format is String for every verb: without it, %d would print the field.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText is String, for JSON, TOML and other encodings.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue is String, for log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
