// Command figures measures checkouts of this project, NAME=FOLDER each: whether the house
// got simpler, with the same ruler before and after. It prints the table of
// docs/architecture.md.
//
// It reads files and parses Go. It must not know what the program does, so that it can
// measure every commit; where packages have moved it knows both places.
package main

import (
	"fmt"
	"go/ast"
	"io"
	"log"
	"os"
	"slices"
	"strings"
)

func main() {
	log.SetFlags(0)
	args := os.Args[1:]
	if len(args) == 0 {
		args = []string{"now=."}
	}
	var all []checkout
	for _, arg := range args {
		name, dir, ok := strings.Cut(arg, "=")
		if !ok {
			log.Fatalf("%q is not NAME=FOLDER", arg)
		}
		c, err := read(name, os.DirFS(dir))
		if err != nil {
			log.Fatal(err)
		}
		all = append(all, c)
	}
	if err := table(os.Stdout, all); err != nil {
		log.Fatal(err)
	}
}

// A figure is one line of the table.
type figure struct {
	name string
	of   func(checkout) string
}

var figures = []figure{
	{"product lines (Go without tests, fakes and suites)", func(c checkout) string { return fmt.Sprint(c.lines(product)) }},
	{"Lua lines", func(c checkout) string { return fmt.Sprint(c.lines(func(f file) bool { return f.ext == ".lua" })) }},
	{"lines of the store in memory", func(c checkout) string { return fmt.Sprint(c.lines(inMemory)) }},
	{"methods on the delivery side of the store", func(c checkout) string { return fmt.Sprint(c.deliveryMethods()) }},
	{"files outside Telegram's folder that name it", func(c checkout) string { return fmt.Sprint(len(c.files.where(namesTelegram))) }},
	{"function names that occur on both desks", func(c checkout) string { return fmt.Sprint(len(c.onBothDesks())) }},
	{"length of a function, median and 90 %", func(c checkout) string {
		ls := c.functionLengths()
		return fmt.Sprintf("%d / %d", ls[len(ls)/2], ls[len(ls)*9/10])
	}},
}

// product is Go that runs at an institution.
func product(f file) bool { return f.ext == ".go" && !f.test && !f.fake }

// inMemory is what stands in for Redis in tests.
func inMemory(f file) bool {
	return f.ext == ".go" && (strings.HasPrefix(f.path, "internal/session/sessiontest/memory") ||
		strings.HasPrefix(f.path, "internal/redisstore/redistest/") && !f.test)
}

// namesTelegram is what has to change for a platform, counted at one that is there.
func namesTelegram(f file) bool {
	outside := !strings.HasPrefix(f.path, "internal/connector/telegram/") && !strings.HasPrefix(f.path, "docs/")
	written := f.path == "README.md" || slices.Contains([]string{".go", ".toml", ".html"}, f.ext)
	return outside && written && !f.test && !f.fake && strings.Contains(strings.ToLower(f.text), "telegram")
}

// desks are the folders of the desk in a chat and of the desk page, old and new.
var desks = [2][]string{{"internal/desk", "internal/desk/chat"}, {"internal/web/desk", "internal/web/deskpage"}}

// onBothDesks lists the functions that have one name on both, in the order of names.
func (c checkout) onBothDesks() []string {
	var names [2]map[string]bool
	for i, dirs := range desks {
		names[i] = map[string]bool{}
		for _, f := range c.functions {
			if slices.Contains(dirs, f.dir) {
				names[i][f.name] = true
			}
		}
	}
	var both []string
	for name := range names[0] {
		if names[1][name] {
			both = append(both, name)
		}
	}
	slices.Sort(both)
	return both
}

// notTheStore are the ports of package delivery that something else implements.
var notTheStore = []string{"Keeper", "Reader"}

// deliveryMethods counts the methods of the ports that the store implements.
func (c checkout) deliveryMethods() (n int) {
	for _, t := range c.interfaces {
		if t.dir != "internal/delivery" || !ast.IsExported(t.name) || slices.Contains(notTheStore, t.name) {
			continue
		}
		n += t.methods
	}
	return n
}

func (c checkout) functionLengths() []int {
	var ls []int
	for _, f := range c.functions {
		ls = append(ls, f.lines)
	}
	slices.Sort(ls)
	return ls
}

// table prints every figure of every checkout, and below them the product by package.
func table(w io.Writer, all []checkout) error {
	var b strings.Builder
	row := func(name string, of func(checkout) string) {
		b.WriteString("| " + name)
		for _, c := range all {
			b.WriteString(" | " + of(c))
		}
		b.WriteString(" |\n")
	}
	row("", func(c checkout) string { return c.name })
	row("---", func(checkout) string { return "---:" })
	for _, f := range figures {
		row(f.name, f.of)
	}
	for _, dir := range packages(all) {
		row("`"+dir+"`", func(c checkout) string {
			return fmt.Sprint(c.lines(func(f file) bool { return product(f) && f.dir == dir }))
		})
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func packages(all []checkout) []string {
	var dirs []string
	for _, c := range all {
		for _, f := range c.files.where(product) {
			dirs = append(dirs, f.dir)
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}
