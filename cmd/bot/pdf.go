package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"experthour/internal/transcript"
)

// browsers are what a Chromium is called, in the order in which they are tried.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

// printTime bounds how long a browser may take to print.
const printTime = 2 * time.Minute

var errNoBrowser = errors.New("a PDF is printed by Chromium, and there is none on this machine: " +
	"install it (Debian: apt install chromium), or write --format html and print that file from a browser")

// printed is a transcript as a PDF, printed by a Chromium that reaches nothing but the file.
func printed(ctx context.Context, d transcript.Document) ([]byte, error) {
	path, err := chromium()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "experthour-pdf")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	page, out := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(page, d.HTMLPage(), 0o600); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, printTime)
	defer cancel()
	c := exec.CommandContext(ctx, path, append(printFlags(dir), "--print-to-pdf="+out, (&url.URL{Scheme: "file", Path: page}).String())...)
	said, err := c.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s could not print the transcript: %w\n%s", path, err, said)
	}
	pdf, err := os.ReadFile(out)
	if err != nil { // it says that all went well
		return nil, fmt.Errorf("%s printed no file; is the disk full?\n%s", path, said)
	}
	return pdf, nil
}

// chromium finds one on the PATH.
func chromium() (string, error) {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoBrowser
}

func printFlags(dir string) []string {
	flags := []string{"--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-pdf-header-footer",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--host-resolver-rules=MAP * ~NOTFOUND"}
	if os.Geteuid() == 0 { // Chromium has no sandbox for root
		flags = append(flags, "--no-sandbox")
	}
	return flags
}
