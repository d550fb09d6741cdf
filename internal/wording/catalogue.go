package wording

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"

	"experthour/internal/session"
)

// One folder a language, one file an area.
//
//go:embed lv/*.toml en/*.toml
var files embed.FS

// A catalogue holds the messages of one language by their id.
type catalogue map[string]*i18n.Message

// A library is all catalogues, ready to be read by any number of goroutines.
type library struct {
	bundle     *i18n.Bundle
	catalogues map[session.Language]catalogue
	voices     map[session.Language]*voice
}

var loaded = mustLoad()

// Known reports whether every catalogue has the message.
func Known(id string) bool {
	for _, c := range loaded.catalogues {
		if c[id] == nil {
			return false
		}
	}
	return true
}

// IDs lists the ids of all messages of all catalogues, sorted.
func IDs() []string {
	all := map[string]bool{}
	for _, c := range loaded.catalogues {
		for id := range c {
			all[id] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// mustLoad panics over a broken catalogue: it is part of the program, so every
// test run shows it and no user can.
func mustLoad() *library {
	l, err := load(files)
	if err != nil {
		panic(fmt.Sprintf("wording: %v", err))
	}
	return l
}

// Add merges further messages into the catalogues: those of a platform, which lie in its
// own folder, one folder a language as here. Call it before anything is worded. Like a
// broken catalogue, a broken addition panics.
func Add(from fs.FS) {
	if err := loaded.add(from); err != nil {
		panic(fmt.Sprintf("wording: %v", err))
	}
}

func load(from fs.FS) (*library, error) {
	l := &library{
		bundle:     i18n.NewBundle(language.Make(string(session.Languages[0]))),
		catalogues: map[session.Language]catalogue{},
		voices:     map[session.Language]*voice{},
	}
	for _, lang := range session.Languages {
		l.catalogues[lang] = catalogue{}
	}
	if err := l.add(from); err != nil {
		return nil, err
	}
	for _, lang := range session.Languages {
		l.voices[lang] = &voice{language: lang, localizer: i18n.NewLocalizer(l.bundle, string(lang))}
	}
	return l, nil
}

func (l *library) add(from fs.FS) error {
	for _, lang := range session.Languages {
		if err := l.loadLanguage(from, lang); err != nil {
			return err
		}
	}
	return nil
}

func (l *library) loadLanguage(from fs.FS, lang session.Language) error {
	names, err := fs.Glob(from, path.Join(string(lang), "*.toml"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := l.loadFile(from, lang, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (l *library) loadFile(from fs.FS, lang session.Language, name string) error {
	b, err := fs.ReadFile(from, name)
	if err != nil {
		return err
	}
	messages, err := l.bundle.ParseMessageBytes(language.Make(string(lang)), b, toml.Unmarshal)
	if err != nil {
		return err
	}
	for _, m := range messages {
		if l.catalogues[lang][m.ID] != nil {
			return fmt.Errorf("message %q is already in another file of this language", m.ID)
		}
		l.catalogues[lang][m.ID] = m
	}
	return nil
}
