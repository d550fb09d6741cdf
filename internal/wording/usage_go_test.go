package wording

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// usesInGo finds the messages that a Go file names: Text and Count called on
// anything but a package for strings, session.Fail, and literals of session.Error.
func usesInGo(t *testing.T, name string) []use {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Logf("not read: %v", err) // somebody is in the middle of an edit; the compiler complains
		return nil
	}
	return usesInFile(set, file)
}

func usesInFile(set *token.FileSet, file *ast.File) []use {
	var found []use
	named := map[ast.Expr]bool{} // the calls of Fail whose error names a person
	ast.Inspect(file, func(n ast.Node) bool {
		var u use
		var ok bool
		switch n := n.(type) {
		case *ast.CallExpr:
			if _, name := callee(n); name == "Of" {
				named[n.Fun.(*ast.SelectorExpr).X] = true
			}
			u, ok = useInCall(n, file.Name.Name)
			if u.names != nil && named[n] {
				u.names = append(u.names, "by")
			}
		case *ast.CompositeLit:
			u, ok = useInError(n, file.Name.Name)
		}
		if ok {
			u.where = set.Position(n.Pos()).String()
			found = append(found, u)
		}
		return true
	})
	return found
}

func useInCall(c *ast.CallExpr, pkg string) (use, bool) {
	on, name := callee(c)
	switch {
	case (name == "Text" || name == "Count") && on != "" && on != "strings" && on != "bytes":
		skip := map[string]int{"Text": 1, "Count": 2}[name]
		return useOf("", c, 0, skip, name == "Count")
	case name == "Fail" && (on == "session" || on == "" && pkg == "session"):
		return useOf("error.", c, 1, 2, false)
	}
	return use{}, false
}

// callee names what a call calls and on what; "?" is anything but a plain name.
func callee(c *ast.CallExpr) (on, name string) {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return "", f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name, f.Sel.Name
		}
		return "?", f.Sel.Name
	}
	return "?", ""
}

// useOf reads the id from argument at and the names of values from argument
// first on.
func useOf(prefix string, c *ast.CallExpr, at, first int, counted bool) (use, bool) {
	if len(c.Args) <= at {
		return use{}, false
	}
	id, partial, ok := literal(c.Args[at])
	if !ok {
		return use{}, false
	}
	u := use{id: prefix + id, partial: partial, counted: counted}
	if c.Ellipsis == token.NoPos && len(c.Args) >= first {
		u.names = namesIn(c.Args[first:])
	}
	return u, true
}

// literal reads a string literal, or the literal that a sum begins with.
func literal(e ast.Expr) (text string, partial, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, false, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		s, _, ok := literal(e.X)
		return s, true, ok
	}
	return "", false, false
}

func namesIn(args []ast.Expr) []string {
	names := []string{}
	for i := 0; i < len(args); i += 2 {
		s, partial, ok := literal(args[i])
		if !ok || partial {
			return nil
		}
		names = append(names, s)
	}
	return names
}

// useInError reads session.Error{ID: "…"}; its Args are not read.
func useInError(c *ast.CompositeLit, pkg string) (use, bool) {
	switch x := c.Type.(type) {
	case *ast.SelectorExpr:
		if p, ok := x.X.(*ast.Ident); !ok || p.Name != "session" || x.Sel.Name != "Error" {
			return use{}, false
		}
	case *ast.Ident:
		if pkg != "session" || x.Name != "Error" {
			return use{}, false
		}
	default:
		return use{}, false
	}
	for _, e := range c.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok && kv.Key.(*ast.Ident).Name == "ID" {
			id, _, ok := literal(kv.Value)
			return use{id: "error." + id}, ok
		}
	}
	return use{}, false
}

// constantsOf lists the string constants that a package, or a platform, declares with a type.
func constantsOf(t *testing.T, c constants) []string {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(moduleRoot, "internal", c.folder, "*.go"))
	abroad, _ := filepath.Glob(filepath.Join(moduleRoot, "internal/connector/*/*.go"))
	names = append(names, abroad...)
	var values []string
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil || strings.HasSuffix(name, "_test.go") {
			continue
		}
		values = append(values, constantsIn(file, c)...)
	}
	if len(values) == 0 {
		t.Errorf("internal/%s declares no constant of type %s; has it been renamed?", c.folder, c.name)
	}
	return values
}

func constantsIn(file *ast.File, c constants) []string {
	var values []string
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.ValueSpec)
		if !ok || !c.is(s.Type, file.Name.Name) {
			return true
		}
		for _, v := range s.Values {
			if text, _, ok := literal(v); ok && text != "" {
				values = append(values, text)
			}
		}
		return true
	})
	return values
}

// is reports whether a type, as a package writes it, is that of the constants.
func (c constants) is(e ast.Expr, pkg string) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == c.name && pkg == c.folder
	case *ast.SelectorExpr:
		return e.Sel.Name == c.name && isNamed(e.X, c.folder)
	}
	return false
}

func isNamed(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
