package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lines tells where in the file a key stands, by the spelling of Problem.Key.
type lines map[string]int

// of finds the line of a key, or of the section it is missing from, or 0.
func (l lines) of(key string) int {
	for key != "" {
		if line, ok := l[key]; ok {
			return line
		}
		key = key[:max(0, strings.LastIndexAny(key, ".["))]
	}
	return 0
}

// linesOf reads a document that is known to be valid TOML.
func linesOf(data []byte) lines {
	w := walker{lines: lines{}, entries: map[string]int{}}
	w.parser.Reset(data)
	for w.parser.NextExpression() {
		w.expression(w.parser.Expression())
	}
	return w.lines
}

// walker goes through a document and notes the line of every key.
type walker struct {
	parser  unstable.Parser
	lines   lines
	section string         // the key of the last [section] or [[entry]]
	entries map[string]int // how many [[entries]] a key has had so far
}

func (w *walker) expression(e *unstable.Node) {
	switch e.Kind {
	case unstable.Table:
		w.section = w.key("", e)
	case unstable.ArrayTable:
		list := w.key("", e)
		w.entries[list]++
		w.section = entry(list, w.entries[list])
		w.note(w.section, e.Child())
	case unstable.KeyValue:
		w.pair(w.section, e)
	}
}

// key notes every part of a dotted key and gives the whole. A part that is a
// list means its last entry.
func (w *walker) key(under string, e *unstable.Node) string {
	for parts := e.Key(); parts.Next(); {
		under = member(under, string(parts.Node().Data))
		w.note(under, parts.Node())
		if n := w.entries[under]; n > 0 && !parts.IsLast() {
			under = entry(under, n)
		}
	}
	return under
}

func (w *walker) pair(under string, e *unstable.Node) {
	w.value(w.key(under, e), e.Value())
}

func (w *walker) value(key string, v *unstable.Node) {
	children := v.Children()
	for i := 1; children.Next(); i++ {
		child := children.Node()
		if v.Kind == unstable.InlineTable {
			w.pair(key, child)
			continue
		}
		w.note(entry(key, i), child)
		w.value(entry(key, i), child)
	}
}

// note keeps the first line of a key. A list inside a list has no place of its
// own in the parser's tree.
func (w *walker) note(key string, n *unstable.Node) {
	if _, ok := w.lines[key]; !ok && n.Kind != unstable.Array {
		w.lines[key] = w.parser.Shape(n.Raw).Start.Line
	}
}

var bareKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// member spells the key of a name in a section.
func member(section, name string) string {
	if !bareKey.MatchString(name) {
		name = strconv.Quote(name)
	}
	if section == "" {
		return name
	}
	return section + "." + name
}

// entry spells the key of the nth entry of a list, counted from 1.
func entry(list string, n int) string { return fmt.Sprintf("%s[%d]", list, n) }
