package wording

import (
	"fmt"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// The readers are tests themselves, so each is shown both what it must find and
// what it must leave alone.
func TestUsesInGoAreFound(t *testing.T) {
	const source = `package session
func f() {
	w.Text("a.plain")
	page.Words().Text("b.nested", "x", w.Text("c.inner"))
	w.Count("d.counted", 3, "y", 1)
	w.Text("e." + name)
	w.Text("f.spread", args...)
	w.Text("g.names", name, 1)
	Fail(Stale, "h", "x", x).Of(y)
	session.Fail(session.Stale, "i")
	_ = &session.Error{Kind: Stale, ID: "j"}
	strings.Count("no", "n"); Text("no"); w.Text(id); other.Fail(1, "no"); w.Title("no")
}`
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "x.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a.plain []", "b.nested [x]", "c.inner []", "d.counted n [y]", "e.… []", "f.spread ?",
		"g.names ?", "error.h [x by]", "error.i []", "error.j ?"}
	if got := describe(usesInFile(set, file)); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestUsesInPagesAreFound(t *testing.T) {
	const page = `{{define "x"}}<p title="{{t "a.title"}}">{{n "b.count" .N "who" .Who}}{{end}}
{{if eq .X (t "c.condition")}}{{range .Y}}{{t "d.deep" "x" (t "e.inner") "y" .}}{{end}}{{else}}{{t "f.else" .K 1}}{{end}}
{{with $v := t "g.with"}}{{$v | printf "%s"}}{{end}}{{template "x" (t "h.passed")}}
{{t .Dynamic}}{{other "no"}}{{.t "no"}}`
	want := []string{"a.title []", "b.count n [who]", "c.condition []", "d.deep [x y]", "e.inner []", "f.else ?", "g.with []", "h.passed []"}
	got := describe(usesInText(t, "x.html", page))
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func describe(us []use) []string {
	var lines []string
	for _, u := range us {
		line := u.id
		if u.partial {
			line += "…"
		}
		if u.counted {
			line += " n"
		}
		if u.names == nil {
			line += " ?"
		} else {
			line += fmt.Sprintf(" %v", u.names)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestProblemsOfAUse(t *testing.T) {
	for _, c := range []struct {
		u    use
		want string
	}{
		{use{id: "month.may", names: []string{}}, ""},
		{use{id: "month.mai"}, "not in every catalogue"},
		{use{id: "lasting.days", names: []string{}}, "plural"},
		{use{id: "lasting.days", names: []string{}, counted: true}, ""},
		{use{id: "month.may", counted: true}, "plural"},
		{use{id: "lasting.minutes", names: []string{"minute"}}, "no value for minutes"},
		{use{id: "lasting.minutes", names: []string{"minutes"}}, ""},
		{use{id: "lasting.minutes"}, ""},
		{use{id: "month.", partial: true}, ""},
		{use{id: "nomonth.", partial: true}, "table of dynamic ids"},
	} {
		got := strings.Join(c.u.problems(), "; ")
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v: got %q, want %q", c.u, got, c.want)
		}
	}
}
