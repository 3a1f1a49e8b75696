package main

import (
	"fmt"
	"os"
	"strings"

	"gongkai/services/request/letter"
)

// readLetters are the templates that come with the program, with those of an administrator's folder in place of their
// namesakes; an empty name is none. The error names every fault with file and line.
func readLetters(folder string) (*letter.Sets, error) {
	if folder == "" {
		return letter.Default()
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("read templates of letters: %w", err)
	}
	defer root.Close() //nolint:errcheck // nothing was written to it
	sets, err := letter.Load(root.FS())
	if err != nil {
		return nil, fmt.Errorf("read templates of letters in %s: %s", folder, strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return sets, nil
}
