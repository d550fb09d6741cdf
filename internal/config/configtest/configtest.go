// Package configtest tries what a platform says about its own settings, in whole files.
package configtest

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"experthour/internal/config"
	"experthour/internal/connector"
)

// Of tries files for a program that has only that kind. The text may leave out what every
// file needs: a store, and a moderator. What is wrong with it is compared with beginnings
// of "line key: text", in the order of the lines; line 0 is that of a section that is not
// there.
func Of(t *testing.T, k connector.Kind) func(name, text string, want ...string) {
	return func(name, text string, want ...string) {
		t.Helper()
		got := problems(t, k, text)
		if len(got) != len(want) {
			t.Errorf("%s: got %d problems, want %d:\n%s", name, len(got), len(want), strings.Join(got, "\n"))
			return
		}
		for i := range want {
			if !strings.HasPrefix(got[i], want[i]) {
				t.Errorf("%s:\ngot  %s\nwant %s", name, got[i], want[i])
			}
		}
	}
}

func problems(t *testing.T, k connector.Kind, text string) (all []string) {
	t.Helper()
	text += "\n[redis]\nurl = \"embedded\"\n"
	if !strings.Contains(text, "[[people]]") {
		text += "[[people]]\nname = \"Anna\"\nrole = \"moderator\"\n"
	}
	nothing := func(string) (string, bool) { return "", false }
	_, err := config.Parse("c.toml", []byte(text), connector.Kinds{k}, nothing, func(string) ([]byte, error) { return nil, fs.ErrNotExist })
	ps, ok := errors.AsType[config.Problems](err)
	if err != nil && !ok {
		t.Fatal(err)
	}
	for _, p := range ps {
		all = append(all, fmt.Sprintf("%d %s: %s", p.Line, p.Key, p.Text))
	}
	return all
}
