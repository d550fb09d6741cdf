// Command chaos breaks the built program while people use it; see package chaos. Run it in
// the folder of the module:
//
//	go run ./internal/chaos/cmd/chaos --kills 1000 --replicas 3 --redis single --seed 1
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"experthour/internal/chaos"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	o := chaos.Options{Log: io.Discard}
	flag.IntVar(&o.Kills, "kills", 40, "how many times a replica is killed")
	flag.IntVar(&o.Replicas, "replicas", 3, "how many replicas there are")
	flag.StringVar(&o.Redis, "redis", "single", "single, sentinel or cluster")
	flag.Uint64Var(&o.Seed, "seed", uint64(time.Now().UnixNano()%1e6), "what decides what breaks")
	flag.BoolVar(&o.Polls, "polling", false, "ask Telegram for what there is, instead of being called")
	fault := flag.String("fault", "", "plant this fault, or all of them one after the other, and see it found")
	short := flag.Bool("short-leases", false, "let a lease in Telegram last 6 s and not 40")
	verbose := flag.Bool("v", false, "say what is going on")
	keep := flag.Bool("keep", false, "keep the folder of the run")
	flag.Parse()
	if *verbose {
		o.Log = os.Stderr
	}
	dir, err := os.MkdirTemp("", "chaos")
	if err != nil {
		return err
	}
	if *keep {
		fmt.Println("folder:", dir)
	} else {
		defer func() { _ = os.RemoveAll(dir) }()
	}
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	if o.Bot, err = chaos.Build(ctx, root, dir, *short, *fault != ""); err != nil {
		return err
	}
	o.Frozen = 45 * time.Second
	if *short {
		o.Frozen = 8 * time.Second
	}
	if *fault != "" {
		return bite(ctx, o, dir, *fault)
	}
	r, err := once(ctx, o, filepath.Join(dir, "run"))
	if err != nil {
		return err
	}
	fmt.Print(r.Table())
	for _, v := range r.Found {
		fmt.Printf("\n%s: %s", v.Invariant, v.What)
	}
	if len(r.Found) > 0 {
		return fmt.Errorf("%d things were not as they must be; try again with --seed %d", len(r.Found), o.Seed)
	}
	return nil
}

func once(ctx context.Context, o chaos.Options, dir string) (chaos.Report, error) {
	o.Dir = dir
	if err := os.Mkdir(dir, 0o700); err != nil {
		return chaos.Report{}, err
	}
	return chaos.Run(ctx, o)
}

// bite plants faults, three runs at a time, and prints which invariants found which.
func bite(ctx context.Context, o chaos.Options, dir, name string) error {
	var all errgroup.Group
	all.SetLimit(3)
	rows, missed := make([]string, len(chaos.Faults)), atomic.Int32{}
	for i, f := range chaos.Faults {
		if name != "all" && name != f.Name {
			continue
		}
		all.Go(func() error {
			o := o
			o.Fault, o.Polls = f.Name, o.Polls || f.Polls()
			r, err := once(ctx, o, filepath.Join(dir, fmt.Sprint("fault", i)))
			if len(r.Found) == 0 {
				missed.Add(1)
			}
			rows[i] = row(f, r)
			return err
		})
	}
	err := all.Wait()
	fmt.Print("| planted | found by | for example |\n|---|---|---|\n", strings.Join(rows, ""))
	if n := missed.Load(); n > 0 {
		err = errors.Join(err, fmt.Errorf("%d faults were not found", n))
	}
	return err
}

func row(f chaos.Fault, r chaos.Report) string {
	var by []string
	for _, i := range r.Caught() {
		by = append(by, string(i))
	}
	example := ""
	if len(r.Found) > 0 {
		example = r.Found[0].What
	}
	return fmt.Sprintf("| %s: %s | %s | %s |\n", f.Name, f.About, strings.Join(by, "; "), example)
}
