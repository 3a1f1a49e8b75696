package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionCommand prints the version.
type versionCommand struct{}

// Run prints the version and what it was built with.
func (*versionCommand) Run(s streams) error {
	_, err := fmt.Fprintln(s.out, "gongkai", version(), runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
	return err
}

// version is the revision that the binary was built from, with + if there were changes to it, or devel.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	revision := settings["vcs.revision"]
	switch {
	case revision == "":
		return "devel"
	case settings["vcs.modified"] == "true":
		return revision[:min(len(revision), 12)] + "+"
	}
	return revision[:min(len(revision), 12)]
}
