package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
	"experthour/internal/testenv"
	"experthour/internal/transcript"
)

// long is a transcript of many pages.
func long() transcript.Document {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	d := transcript.Document{Slug: "homes", Institution: "Ministry of Examples", Language: session.English, State: session.Archived,
		Title: "Homes: warmer", Zone: "Europe/Riga", Start: at, End: at.Add(2 * time.Hour), Seal: &transcript.Seal{Hash: "5ea1ed", At: at}}
	for n := range 40 {
		d.Questions = append(d.Questions, transcript.Question{Number: n + 1, Outcome: session.Published,
			Asked: &transcript.Asked{Text: strings.Repeat("May a tenant apply? ", 1+n%7), Language: session.English, By: "a citizen", At: at},
			Answer: &transcript.Answer{Text: strings.Repeat("The owner applies, and the tenant agrees in writing. ", 1+n%5*4),
				Language: session.English, By: "Edgars Ozols", Revision: 1, PublishedAt: at}})
	}
	return d
}

// TestPrintedTranscript: every page says whose it is and which of how many, no heading stands
// alone at the foot, and there is a place to sign.
func TestPrintedTranscript(t *testing.T) {
	t.Parallel()
	testenv.Need(t, "chromium")
	b, err := printed(t.Context(), long())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "homes.pdf")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), testenv.Need(t, "pdftotext"), "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	for i, page := range pages {
		for _, part := range []string{"Ministry of Examples", "Homes: warmer", "5ea1ed", fmt.Sprintf("%d / %d", i+1, len(pages))} {
			if !strings.Contains(page, part) {
				t.Errorf("page %d lacks %q:\n%s", i+1, part, page)
			}
		}
		if last := lastLine(page); heading.MatchString(last) || byline.MatchString(strings.TrimSpace(strings.Split(page, "\n")[2])) {
			t.Errorf("page %d is torn from its neighbour: it ends with %q\n%s", i+1, last, page)
		}
	}
	if len(pages) < 4 || !strings.Contains(pages[len(pages)-1], "Signature") {
		t.Errorf("%d pages, the last is\n%s", len(pages), pages[len(pages)-1])
	}
}

var byline = regexp.MustCompile(`^Edgars Ozols · `)

var heading = regexp.MustCompile(`^(Question \d+|Answer|Answered questions|a citizen .*)$`)

// lastLine is what stands last on a page above its foot.
func lastLine(page string) string {
	lines := strings.Split(strings.TrimSpace(page), "\n")
	for i := len(lines) - 2; i >= 0; i-- { // the foot is the last
		if l := strings.TrimSpace(lines[i]); l != "" {
			return l
		}
	}
	return ""
}

// TestNoBrowserToPrint: without a Chromium one is told what to do.
func TestNoBrowserToPrint(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := printed(t.Context(), long()); err != errNoBrowser {
		t.Errorf("%v", err)
	}
}
