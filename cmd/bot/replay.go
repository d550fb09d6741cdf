package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"
)

func replayCommand() *cobra.Command {
	var o officeFlags
	var slug string
	var speed float64
	c := &cobra.Command{
		Use:   "replay FILE.jsonl --session SESSION",
		Short: "Put the questions of a file into an hour, in their own rhythm",
		Long: `Reads JSON Lines ({"text": "…", "name": "…", "at": "2026-12-01T14:00:00Z"}; other
fields are ignored) and asks each question in the hour, as its public page would.
The times in the file give order and rhythm; --speed 60 makes an hour a minute.
It is for rehearsals. A question that is refused is named and left out. Running it
again with the same file asks nothing twice. A running program counts questions
by address ([limits] ask_per_minute); when it says so, replay waits.`,
		Args: exactly(1, "the file with the questions"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if speed <= 0 {
				return misuse{errors.New("--speed is a number above 0; 1 is the rhythm of the file")}
			}
			ss, err := fromFile(args[0])
			if err != nil {
				return err
			}
			return o.with(cmd.Context(), func(ctx context.Context, f *office) error { return replay(ctx, cmd, f, slug, ss, speed) })
		},
	}
	o.add(c)
	c.Flags().StringVar(&slug, "session", "", "slug of the hour")
	c.Flags().Float64Var(&speed, "speed", 1, "how many times as fast as the file's times")
	require(c, "session")
	return c
}

// patiently repeats a call for as long as the program says that it comes too fast. The
// key of the question makes that safe.
func patiently(ctx context.Context, call func() error) error {
	for {
		err := call()
		slow, ok := errors.AsType[tooFast](err)
		if !ok {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(slow.wait):
		}
	}
}

// withoutTime is the pause between questions of which the file gives no times.
const withoutTime = 5 * time.Second

func replay(ctx context.Context, cmd *cobra.Command, f *office, slug string, ss []sample, speed float64) error {
	gap := func(before, next sample) time.Duration {
		d := next.At.Sub(before.At)
		if next.At.IsZero() {
			d = withoutTime
		}
		return time.Duration(float64(d) / speed)
	}
	taken := 0
	err := feed(ctx, ss, 0, gap, func(ctx context.Context, i int, s sample) error {
		var got struct{ Number int }
		in := map[string]string{"text": s.Text, "name": s.Name, "key": fmt.Sprintf("replay-%d-%s", i, digest(s.Text))}
		path := "/api/v1/sessions/" + url.PathEscape(slug) + "/questions"
		if err := patiently(ctx, func() error { return f.call(ctx, http.MethodPost, path, in, &got) }); err != nil {
			say(cmd.ErrOrStderr(), "question %d of the file was not taken: %v", i+1, err)
			return nil
		}
		taken++
		return nil
	})
	say(cmd.OutOrStdout(), "%d of %d questions are in %s", taken, len(ss), slug)
	if err == nil && taken == 0 {
		return errors.New("no question was taken")
	}
	return err
}
