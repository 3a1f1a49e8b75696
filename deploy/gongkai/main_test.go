package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gongkai": main})
}

// TestScript runs the commands as a user would.
func TestScript(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	filled := filledOnce(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Values[running{}], e.Values[sources{}] = map[string]*background{}, here
			e.Setenv("TMPDIR", filepath.Join(e.WorkDir, ".tmp")) // where testscript has made it
			e.Setenv("GORACE", os.Getenv("GORACE"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"start": start, "await": await, "end": end, "get": get, "pasted": pasted, "rollup": rollup, "tamper": tamper,
			"certificate": certify, "unpack": unpack, "publish": publish, "killed": killed, "code": code, "filled": filled,
		},
	})
}
