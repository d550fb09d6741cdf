package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// edit replaces a text that occurs once in a file of the module.
type edit struct{ file, old, new string }

// brief shortens what a replica's death costs, so that a minute shows what takes ten: a
// lease of a copy in Telegram lasts 6 s and not 40.
var brief = []edit{
	{"internal/connector/telegram/telegram.go", "requestTimeout = 30 * time.Second", "requestTimeout = 3 * time.Second"},
	{"internal/delivery/runner.go", "\tmargin = 10 * time.Second", "\tmargin = 3 * time.Second"},
}

// Build builds the program of the module in root as it is or, when it is planted, with the
// faults of Faults in it, of which the environment chooses one. The compiler is given the
// changed files; nothing in the module changes.
func Build(ctx context.Context, root, dir string, short, planted bool) (string, error) {
	var edits []edit
	if short {
		edits = append(edits, brief...)
	}
	files := map[string]string{}
	if planted {
		for _, f := range Faults {
			edits = append(edits, f.edits...)
		}
		files = switches(root)
	}
	overlay, err := overlaid(root, dir, edits, files)
	if err != nil {
		return "", err
	}
	bot := filepath.Join(dir, "bot")
	c := exec.CommandContext(ctx, "go", "build", "-overlay", overlay, "-o", bot, "./cmd/bot")
	c.Dir = root
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return bot, nil
}

// overlaid writes changed and additional files and the list that the compiler reads.
func overlaid(root, dir string, edits []edit, files map[string]string) (string, error) {
	for _, e := range edits {
		path := filepath.Join(root, e.file)
		text, ok := files[path]
		if !ok {
			b, err := os.ReadFile(path)
			if err != nil {
				return "", err
			}
			text = string(b)
		}
		if n := strings.Count(text, e.old); n != 1 {
			return "", fmt.Errorf("%s has %d times %q, want once", e.file, n, e.old)
		}
		files[path] = strings.Replace(text, e.old, e.new, 1)
	}
	replace := map[string]string{}
	for path, text := range files {
		to := filepath.Join(dir, fmt.Sprintf("%d-%s", len(replace), filepath.Base(path)))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[path] = to
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	list := filepath.Join(dir, "overlay.json")
	return list, os.WriteFile(list, b, 0o600)
}
