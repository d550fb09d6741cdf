package experthour_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// eachFile walks the module's files with one of the endings.
func eachFile(t *testing.T, do func(path string), endings ...string) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != "." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if err == nil && !d.IsDir() && slices.Contains(endings, filepath.Ext(path)) {
			do(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// longest is how many characters a line may have; a tab is one.
const longest = 140

// TestLinesAreShort: a line is not saved by making another wider.
func TestLinesAreShort(t *testing.T) {
	t.Parallel()
	eachFile(t, func(path string) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		}
		for i, line := range strings.Split(string(b), "\n") {
			if n := utf8.RuneCountInString(line); n > longest {
				t.Errorf("%s:%d: %d characters", path, i+1, n)
			}
		}
	}, ".go", ".lua")
}

// logged are the names of slog's methods, also with a context.
var logged = []string{"Debug", "Info", "Warn", "Error", "DebugContext", "InfoContext", "WarnContext", "ErrorContext"}

// TestErrorsAreLoggedAsError: whoever searches the log for errors needs one key.
func TestErrorsAreLoggedAsError(t *testing.T) {
	t.Parallel()
	eachFile(t, func(path string) {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			t.Error(err)
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if key := errorKey(n); key != "" && key != "error" {
				t.Errorf("%s: an error is logged as %q", fset.Position(n.Pos()), key)
			}
			return true
		})
	}, ".go")
}

// errorKey is the key under which a call logs err; empty when it is no such call.
func errorKey(n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return ""
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(logged, method.Sel.Name) {
		return ""
	}
	for i, arg := range call.Args[min(1, len(call.Args)):] {
		key, ok := call.Args[i].(*ast.BasicLit)
		if name, isName := arg.(*ast.Ident); ok && isName && name.Name == "err" {
			text, _ := strconv.Unquote(key.Value)
			return text
		}
	}
	return ""
}

// TestDecisionsAreListed: a decision that nobody finds is made again.
func TestDecisionsAreListed(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob("docs/decisions/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("%d decisions, %v", len(pages), err)
	}
	for _, p := range pages {
		if !strings.Contains(string(list), "](decisions/"+filepath.Base(p)+")") {
			t.Errorf("docs/architecture.md does not link to %s", p)
		}
	}
}
