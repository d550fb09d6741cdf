package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// build says what this program was made of, as Go's build noted it.
type build struct{ version, commit, goVersion string }

// thisBuild reads the note. Without a repository or a tag it says so.
func thisBuild() build {
	b := build{version: "unknown", commit: "unknown", goVersion: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.version, b.goVersion = cmp.Or(info.Main.Version, b.version), info.GoVersion
	changed := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			b.commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " with changes"
		}
	}
	b.commit += changed
	return b
}

func (b build) String() string {
	return fmt.Sprintf("bot %s, commit %s, %s", b.version, b.commit, b.goVersion)
}

// LogValue makes it a group of a log line.
func (b build) LogValue() slog.Value {
	return slog.GroupValue(slog.String("version", b.version), slog.String("commit", b.commit), slog.String("go", b.goVersion))
}
