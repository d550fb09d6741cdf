package session

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/states.md from the tables")

// TestStatesDocument keeps docs/states.md equal to the tables that the program runs on.
func TestStatesDocument(t *testing.T) {
	t.Parallel()
	const path = "../../docs/states.md"
	want := statesDocument()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is out of date: go test ./internal/session -run TestStatesDocument -update", path)
	}
}

func statesDocument() string {
	var b strings.Builder
	b.WriteString("# States\n\nGenerated from the tables in `internal/session` (`states.go`, `session_states.go`) by\n" +
		"`go test ./internal/session -run TestStatesDocument -update`; a test compares. Do not edit.\n\n" +
		"*When* says in which states of the session a verb works: *working* is scheduled, open and closing; *late* is also\n" +
		"closed and archived while an answer is public; *finishing* is working and, for the system only, afterwards.\n\n" +
		"## A question\n\n| verb | who | from → to | when | needs | checks |\n|---|---|---|---|---|---|\n")
	for _, r := range questions {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.verb, join(r.roles), moves(r.moves), phaseNames[r.phase],
			publicityNames[r.public], r.guards)
	}
	b.WriteString("\n## A session\n\n| verb | who | from → to | checks |\n|---|---|---|---|\n")
	for _, r := range hours {
		var ms []string
		for _, m := range r.moves {
			ms = append(ms, step(join(m.from), string(m.to)))
		}
		if copyVerb(r.verb) {
			ms = []string{"any state stays"}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.verb, join(r.roles), strings.Join(ms, "; "), r.guards)
	}
	return b.String()
}

var (
	phaseNames     = map[phase]string{always: "always", working: "working", late: "late", finishing: "finishing"}
	publicityNames = map[publicity]string{anyway: "", nothing: "nothing public", some: "something public"}
)

// moves writes the steps of a rule; states that only stay are listed together.
func moves(ms []move[State]) string {
	var steps, stays []string
	for _, m := range ms {
		if len(m.from) == 1 && m.from[0] == m.to {
			stays = append(stays, string(m.to))
			continue
		}
		steps = append(steps, step(join(m.from), string(m.to)))
	}
	switch {
	case len(stays) >= len(States)-1 && len(steps) == 0:
		steps = append(steps, "any state stays")
	case len(stays) >= len(States)-1:
		steps = append(steps, "any other stays")
	case len(stays) > 0:
		steps = append(steps, strings.Join(stays, ", ")+" stays")
	}
	return strings.Join(steps, "; ")
}

func step(from, to string) string { return from + " → " + to }

func join[T ~string](ss []T) string {
	var out []string
	for _, s := range ss {
		out = append(out, string(s))
	}
	return strings.Join(out, ", ")
}
