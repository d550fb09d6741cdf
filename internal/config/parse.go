package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"experthour/internal/connector"
	"experthour/internal/setting"
	"experthour/internal/wording"
)

// Load reads the file at path for a program with these kinds, and the secrets that it points to, from the
// environment and from files relative to the working directory. What is wrong
// with its content comes back as Problems; any other error means that the file
// could not be read.
func Load(path string, kinds connector.Kinds) (Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	}
	c, r, err := read(path, data, kinds, sources{os.LookupEnv, os.ReadFile})
	if err == nil && runtime.GOOS != "windows" { // there everybody may read every file, says the mode
		r.readable(modeOf)
		c.Doubts = r.doubts
	}
	return c, err
}

func modeOf(path string) (fs.FileMode, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Mode(), nil
}

// Parse reads the content of a file. The name is for messages; env and readFile
// are asked for secrets written as "env:NAME" and "file:PATH". Its errors are
// Problems.
func Parse(name string, data []byte, kinds connector.Kinds,
	env func(string) (string, bool), readFile func(string) ([]byte, error)) (Config, error) {
	c, _, err := read(name, data, kinds, sources{env, readFile})
	return c, err
}

// read is Parse that tells what else it found.
func read(name string, data []byte, kinds connector.Kinds, from sources) (Config, *report, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // some editors on Windows write it
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		return Config{}, nil, Problems{syntax(name, err)}
	}
	r := newReport(name, linesOf(data))
	c := Default()
	newBinder(r, from, kinds).config(&c, tree)
	c.complete(kinds)
	r.check(c, kinds)
	if err := r.err(); err != nil {
		return Config{}, nil, err
	}
	r.doubtful(c)
	c.Doubts = r.doubts
	return c, r, nil
}

// complete fills in what follows from other keys and brings the URL into the shape
// that Config promises.
func (c *Config) complete(kinds connector.Kinds) {
	c.HTTP.PublicURL = strings.TrimRight(c.HTTP.PublicURL, "/")
	for i := range c.Public {
		p := &c.Public[i]
		if p.ID == "" {
			p.ID = p.Kind
		}
		if p.Name == "" {
			k, _ := kinds.Named(p.Kind)
			p.Name = k.Title
			if k.Experimental {
				p.Name = wording.In(c.Institution.Locale).Text("check.experimental", "name", k.Title)
			}
		}
	}
}

// syntax words an error of the TOML decoder. Its text names keys and single
// characters; the longer form, with the lines around, would show secrets.
func syntax(file string, err error) Problem {
	text, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "toml: "), ": strconv.")
	p := Problem{File: file, Text: setting.Scrub(text) + "; " + advice(text)}
	if at, ok := errors.AsType[*toml.DecodeError](err); ok {
		p.Line, _ = at.Position()
	}
	return p
}

// advice tells what to do about the mistakes that people make most.
func advice(text string) string {
	for _, a := range []struct{ sign, advice string }{
		{"already defined", "keep only one of the two lines"},
		{"already exists", "write every [section] once, and [[section]] in double brackets above every entry of a list"},
		{"start of value", "write texts in straight quotes: key = \"text\""},
		{"expected '='", "write key = \"value\""},
		{"to close", "close the bracket on the same line"},
		{"new lines", "close the quotes on the same line"},
		{"unterminated", "close the quotes on the same line"},
	} {
		if strings.Contains(text, a.sign) {
			return a.advice
		}
	}
	return "correct this line or the one above it"
}

// sources are where secrets come from that are not in the file itself.
type sources struct {
	env      func(string) (string, bool)
	readFile func(string) ([]byte, error)
}

// secret resolves "env:NAME" and "file:PATH"; any other text is the secret.
func (s sources) secret(text string) (any, error) {
	if name, ok := strings.CutPrefix(text, "env:"); ok {
		return s.variable(name)
	}
	if path, ok := strings.CutPrefix(text, "file:"); ok {
		return s.file(path)
	}
	return setting.NewSecret(text), nil
}

func (s sources) variable(name string) (any, error) {
	value, ok := s.env(name)
	if !ok {
		return nil, fmt.Errorf("the environment variable %q is not set; set it before the program starts", name)
	}
	if value == "" {
		return nil, fmt.Errorf("the environment variable %q is empty; give it a value", name)
	}
	return setting.NewSecret(value), nil
}

func (s sources) file(path string) (any, error) {
	data, err := s.readFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the secret: %w; check the path and who may read it", err)
	}
	value := strings.TrimRight(string(data), "\r\n")
	if value == "" {
		return nil, fmt.Errorf("the file %q is empty; write the secret into it", path)
	}
	return setting.NewSecret(value), nil
}
