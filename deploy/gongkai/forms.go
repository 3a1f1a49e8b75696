package main

import (
	"fmt"
	"os"
	"strings"

	"gongkai/services/law/form"
)

// readForms are the report forms that come with the program, and those of an administrator's folder; an empty name is
// none. The error names every fault with file and place.
func readForms(folder string) (form.Forms, error) {
	forms, err := form.Embedded()
	if err != nil || folder == "" {
		return forms, err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("read report forms: %w", err)
	}
	defer root.Close() //nolint:errcheck // nothing was written to it
	if forms, err = forms.With(root.FS()); err != nil {
		return nil, fmt.Errorf("read report forms in %s: %s", folder, strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return forms, nil
}
