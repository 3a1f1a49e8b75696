package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	quick   bool
	rounds  int
	nation  int    // facts of each township of the country
	folder  string // everything that is made, removed at the end
	gongkai string // the program
	cities  map[int]string
	log     io.Writer
}

// part is what can be measured by itself.
type part struct {
	name    string
	measure func(context.Context, *bench) ([]row, error)
}

func parts() []part {
	return []part{
		{"publish", measurePublish},
		{"register", measureRegister},
		{"duties", measureDuties},
		{"get", measureGet},
		{"rollup", measureRollup},
		{"lag", measureLag},
		{"process", measureProcess},
		{"import", measureImport},
		{"chain", measureChain},
		{"check", measureCheck},
		{"nation", measureNation},
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 1 && strings.HasPrefix(args[0], bare) {
		return serveBare(ctx, strings.TrimPrefix(args[0], bare))
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	write := flags.Bool("write", false, "write the table into README.md and README.zh-CN.md")
	only := flags.String("only", "", "measure these parts only, separated by commas: publish, register, duties, get, rollup, lag, process, import, chain, check, nation")
	quick := flags.Bool("quick", false, "fewer records and rounds")
	rounds := flags.Int("rounds", 5, "turns of measurement and yardstick")
	nation := flags.Int("nation", 5, "facts of each township in the part nation; 550 is the whole country's, and takes tens of GB and minutes")
	in := flags.String("dir", os.TempDir(), "where the data folders are made: a disk, since commits are synced")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *nation < 1 {
		return errors.New("-nation must be 1 or more")
	}
	b := &bench{quick: *quick, rounds: *rounds, nation: *nation, cities: make(map[int]string), log: os.Stderr}
	if err := b.prepare(ctx, *in); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.folder) }()
	rows, err := b.measure(ctx, *only)
	if err != nil {
		return err
	}
	t := table{rows: rows, machine: describeMachine(), quick: *quick}
	fmt.Print(t.markdown(english))
	if !*write {
		return nil
	}
	if *only != "" || *quick {
		return errors.New("-write wants a whole run: neither -only nor -quick")
	}
	return errors.Join(t.writeInto("README.md", english), t.writeInto("README.zh-CN.md", chinese))
}

// prepare makes the folder of the run and builds the program that is measured.
func (b *bench) prepare(ctx context.Context, in string) (err error) {
	if b.folder, err = os.MkdirTemp(in, "gongkai-bench-"); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	b.gongkai = filepath.Join(b.folder, "gongkai")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", b.gongkai, "gongkai/deploy/gongkai")
	if out, err := build.CombinedOutput(); err != nil {
		return errors.Join(fmt.Errorf("build gongkai: %w\n%s", err, out), os.RemoveAll(b.folder))
	}
	return nil
}

func (b *bench) measure(ctx context.Context, only string) (rows []row, err error) {
	wanted, err := choose(only)
	if err != nil {
		return nil, err
	}
	for _, p := range wanted {
		b.say("%s ...", p.name)
		found, err := p.measure(ctx, b)
		if err != nil {
			return nil, fmt.Errorf("measure %s: %w", p.name, err)
		}
		for _, r := range found {
			b.say("  %s", r.line(english))
		}
		rows = append(rows, found...)
	}
	return rows, nil
}

// choose returns the parts of a list of names; all of the empty list.
func choose(only string) ([]part, error) {
	if only == "" {
		return parts(), nil
	}
	var wanted []part
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(parts(), func(p part) bool { return p.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no part %q", name)
		}
		wanted = append(wanted, parts()[i])
	}
	return wanted, nil
}

// say tells on stderr what is going on.
func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.log, format+"\n", args...) }

// size is how many there are to be: n, or so many in a quick run.
func (b *bench) size(n, quick int) int {
	if b.quick {
		return quick
	}
	return n
}
