package main

import (
	"fmt"

	"github.com/alecthomas/kong"
)

// serveCommand runs services, the gateway, or all of it, until it is told to stop.
type serveCommand struct {
	settings `embed:""`
}

// Run serves until SIGTERM or Ctrl-C.
func (c *serveCommand) Run(s streams) error {
	o, err := c.options(s.log)
	if err != nil {
		return err
	}
	ctx, stop := interrupted()
	defer stop()
	p, err := open(ctx, o)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, "gongkai serves: "+p.describe(o))
	failed := p.wait(ctx)
	if err := p.close(); err != nil && failed == nil {
		failed = fmt.Errorf("stop: %w", err)
	}
	return failed
}

// checkConfigCommand reads the settings as serve does, and tells what it would run.
type checkConfigCommand struct {
	settings `embed:""`
}

// Run checks everything that can be checked without taking an address or opening a store.
func (c *checkConfigCommand) Run(s streams, parser *kong.Kong) error {
	o, err := c.options(s.log)
	if err != nil {
		return err
	}
	if err := knownEnvironment(parser); err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "gongkai would serve: "+o.describe())
	return err
}
