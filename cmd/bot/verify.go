package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"experthour/internal/session"
)

func verifyCommand() *cobra.Command {
	o := officeFlags{reads: true}
	c := &cobra.Command{
		Use:   "verify SESSION",
		Short: "Check that nobody changed the record of an hour, or what it is about",
		Long: `Reads the record of the session and of every question from the beginning, checks that
the program signed it, and compares it with what is stored and shown now: questions,
answers, approvals, public copies, votes, the hour itself and its seals. It names what
was changed, removed, swapped or cut off, and when it was last right. It ends with 1 if
it found anything.`,
		Args: exactly(1, nameSession),
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		return o.with(cmd.Context(), func(ctx context.Context, f *office) error { return verify(ctx, cmd, f, args[0]) })
	}
	o.add(c)
	return c
}

// damage is what the desk's API says of a session.Finding.
type damage struct {
	Number  int            `json:"number"`
	Version int64          `json:"version"`
	What    session.Defect `json:"what"`
	Field   string         `json:"field"`
	Right   time.Time      `json:"right"`
	As      int64          `json:"as"`
}

// verdict is what the desk's API says of a record.
type verdict struct {
	Entries  int      `json:"entries"`
	Unsigned int      `json:"unsigned"`
	Findings []damage `json:"findings"`
}

func verify(ctx context.Context, cmd *cobra.Command, f *office, slug string) error {
	var out verdict
	if err := f.call(ctx, http.MethodGet, deskAPI+"/"+url.PathEscape(slug)+"/verify", nil, &out); err != nil {
		return err
	}
	return out.tell(cmd, slug)
}

func (v verdict) tell(cmd *cobra.Command, slug string) error {
	for _, d := range v.Findings {
		say(cmd.OutOrStdout(), "%s", d)
	}
	if v.Unsigned > 0 {
		say(cmd.OutOrStdout(), "%d of %d entries have no signature: they are from a version before signatures, or somebody took them off",
			v.Unsigned, v.Entries)
	}
	if len(v.Findings) > 0 {
		return fmt.Errorf("%s was changed: %d findings", slug, len(v.Findings))
	}
	say(cmd.OutOrStdout(), "%s: %d entries, nothing was changed", slug, v.Entries)
	return nil
}

// String is a line for people.
func (f damage) String() string {
	var b strings.Builder
	if f.Number == 0 {
		fmt.Fprintf(&b, "the hour, version %d: ", f.Version)
	} else {
		fmt.Fprintf(&b, "question %d, version %d: ", f.Number, f.Version)
	}
	if what, ok := defects[f.What]; ok {
		b.WriteString(what)
	} else {
		b.WriteString(string(f.What))
	}
	if f.What == session.DocumentDiffers {
		fmt.Fprintf(&b, " (%s)", called(f.Field))
	}
	if !f.Right.IsZero() {
		fmt.Fprintf(&b, "; last right on %s", f.Right.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	if f.As > 0 {
		fmt.Fprintf(&b, "; it stands as in version %d", f.As)
	}
	return b.String()
}

// defects are what each kind of damage means.
var defects = map[session.Defect]string{
	session.ChainBroken:     "an entry of the record before this one was changed, removed, added or moved",
	session.HeadDiffers:     "the end of the record is not where the question or the hour says",
	session.PayloadDiffers:  "the contents of this entry of the record were changed",
	session.PayloadMissing:  "the contents of this entry of the record are gone",
	session.SealDiffers:     "the seal was changed, or something under it",
	session.Forged:          "this entry of the record is not signed with a key made of [http] secret, as it is now",
	session.DocumentDiffers: "what is stored is not what was written",
	session.DocumentDamaged: "what was stored is gone or cannot be read",
	session.VotesDiffer:     "the votes are not those that were sealed",
	session.ListDiffers:     "lists show the question in another state than it has",
}

// fieldNames are what people call fields of documents; the others have their names from there.
var fieldNames = map[string]string{
	session.Whole: "it is not known which part", "text": "the question", "name": "the name that is shown", "revisions": "the answer",
	"approvals": "who approved what", "title": "the title", "experts": "the experts", "seals": "the seals",
}

// called names a field for people, with its name in the document.
func called(field string) string {
	name, known := fieldNames[field]
	n, isCopy := strings.CutPrefix(field, "copies.")
	switch {
	case isCopy:
		return "public copy " + n + " in the list of its copies"
	case field == session.Whole:
		return name
	case known:
		return name + ", " + field
	}
	return field
}
