package experthour_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write THIRD-PARTY.md anew")

// terms are files of a module that must go wherever its code goes.
var terms = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([.-].*)?$`)

const aboutNotices = `# Third-party notices

The program ` + "`bot`" + ` is made of this repository and of the modules below, of which each is under the terms in the last
column. ` + "`make generate`" + ` writes this file from the modules that are in a binary for Linux; a test finds what is missing.

| module | version | terms |
|---|---|---|
`

// TestThirdParty: whoever passes the binary on passes on the terms of all that is in it.
func TestThirdParty(t *testing.T) {
	t.Parallel()
	const file = "THIRD-PARTY.md"
	want := notices(t)
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != want {
		t.Errorf("%s is not about the modules that are in the binary (%v); run: make generate", file, err)
	}
}

// notices writes the paper: the modules, and each text once.
func notices(t *testing.T) string {
	t.Helper()
	var table, texts strings.Builder
	number := map[string]int{}
	all := builtIn(t)
	for _, module := range slices.Sorted(maps.Keys(all)) {
		var links []string
		for _, text := range all[module] {
			if number[text] == 0 {
				number[text] = len(number) + 1
				fmt.Fprintf(&texts, "\n## Terms %d\n\n```\n%s\n```\n", number[text], text)
			}
			links = append(links, fmt.Sprintf("[%d](#terms-%d)", number[text], number[text]))
		}
		if len(links) == 0 {
			t.Errorf("%s comes without terms: it must not be in the binary", module)
		}
		path, version, _ := strings.Cut(module, " ")
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", path, version, strings.Join(links, ", "))
	}
	return aboutNotices + table.String() + texts.String()
}

// builtIn gives the texts that belong to each "MODULE VERSION" of which the binary has a
// package. The standard library is there as "std".
func builtIn(t *testing.T) map[string][]string {
	t.Helper()
	const line = `{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}|{{.Dir}}|{{$.Dir}}{{end}}{{end}}`
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	goes := strings.TrimSpace(string(root))
	all := map[string][]string{"std that of the build": termsOf(t, goes, goes)}
	for _, arch := range []string{"amd64", "arm64"} {
		c := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", line, "./cmd/bot")
		c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch)
		out, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		for p := range strings.FieldsFuncSeq(string(out), func(r rune) bool { return r == '\n' }) {
			f := strings.Split(p, "|")
			for _, text := range termsOf(t, f[1], f[2]) {
				if !slices.Contains(all[f[0]], text) {
					all[f[0]] = append(all[f[0]], text)
				}
			}
		}
	}
	return all
}

// termsOf reads the texts from the root of a module down to one of its packages.
func termsOf(t *testing.T, module, dir string) (texts []string) {
	t.Helper()
	if dir != module {
		texts = termsOf(t, module, filepath.Dir(dir))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() || !terms.MatchString(e.Name()) || filepath.Ext(e.Name()) == ".go" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, strings.Trim(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n"))
	}
	return texts
}
