package experthour_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// testName is a test as papers call it: Test… or package.Test…, the package by its folder.
var testName = regexp.MustCompile(`\b(?:([a-z]+)\.)?((?:Test|Fuzz)[A-Z]\w*)`)

// TestPapersNameRealTests: a paper that leans on a test that is gone shows nothing.
func TestPapersNameRealTests(t *testing.T) {
	t.Parallel()
	there := testsHere(t)
	eachFile(t, func(path string) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		}
		for _, m := range testName.FindAllStringSubmatch(string(text), -1) {
			if !there[strings.TrimPrefix(m[1]+"."+m[2], ".")] {
				t.Errorf("%s names %s, which is nowhere", path, m[0])
			}
		}
	}, ".md")
}

// testsHere are the tests of the module, each by its name and as package.Name.
func testsHere(t *testing.T) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	eachFile(t, func(path string) {
		if !strings.HasSuffix(path, "_test.go") {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				there[fn.Name.Name] = true
				there[filepath.Base(filepath.Dir(path))+"."+fn.Name.Name] = true
			}
		}
	}, ".go")
	return there
}
