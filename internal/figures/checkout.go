package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// checkout is what the figures are made of.
type checkout struct {
	name       string
	files      files
	functions  []function // of the product
	interfaces []port     // of the product
}

// file is a text with what its path says about it.
type file struct {
	path, dir, ext, text string
	test, fake           bool
}

type files []file

// function is one with a body.
type function struct {
	dir, name string
	lines     int
}

// port is an interface type.
type port struct {
	dir, name string
	methods   int // those of embedded interfaces are theirs
}

func (fs files) where(is func(file) bool) files {
	var found files
	for _, f := range fs {
		if is(f) {
			found = append(found, f)
		}
	}
	return found
}

func (c checkout) lines(is func(file) bool) (n int) {
	for _, f := range c.files.where(is) {
		n += strings.Count(f.text, "\n")
	}
	return n
}

// read walks a folder. What begins with a dot is no part of the project.
func read(called string, root fs.FS) (checkout, error) {
	c := checkout{name: called}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		b, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		return c.add(fileOf(name, string(b)))
	})
	if err != nil {
		return c, fmt.Errorf("%s: %w", called, err)
	}
	return c, nil
}

// apart are folders of Go that no institution runs, besides those whose names end with
// fake, fake/cmd or test.
var apart = []string{"internal/testenv", "internal/figures", "internal/chaos", "internal/chaos/cmd/chaos", "internal/connector/trying"}

// fileOf knows how folders and files are named here.
func fileOf(name, text string) file {
	f := file{path: name, dir: path.Dir(name), ext: path.Ext(name), text: text, test: strings.HasSuffix(name, "_test.go")}
	f.fake = strings.HasSuffix(f.dir, "test") || strings.HasSuffix(strings.TrimSuffix(f.dir, "/cmd"), "fake") || slices.Contains(apart, f.dir)
	return f
}

func (c *checkout) add(f file) error {
	c.files = append(c.files, f)
	if !product(f) {
		return nil
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, f.path, f.text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range parsed.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			lines := set.Position(fn.End()).Line - set.Position(fn.Pos()).Line + 1
			c.functions = append(c.functions, function{f.dir, fn.Name.Name, lines})
		}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok {
			if t, ok := spec.Type.(*ast.InterfaceType); ok {
				c.interfaces = append(c.interfaces, port{f.dir, spec.Name.Name, methodsOf(t)})
			}
		}
		return true
	})
	return nil
}

func methodsOf(t *ast.InterfaceType) (n int) {
	for _, m := range t.Methods.List {
		n += len(m.Names) // none for what is embedded
	}
	return n
}
