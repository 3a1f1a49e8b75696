package suite

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// exchange puts a fresh folder in the place of data, and returns where that is from then on: at before, if it can
// be. At every moment there is one of the two in that place, unless the file system cannot exchange names.
func exchange(data, fresh, before string) (string, error) {
	err := unix.Renameat2(unix.AT_FDCWD, data, unix.AT_FDCWD, fresh, unix.RENAME_EXCHANGE)
	switch {
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS):
		return exchangeInTwo(data, fresh, before)
	case err != nil:
		return "", &os.LinkError{Op: "exchange", Old: data, New: fresh, Err: err}
	case os.Rename(fresh, before) != nil:
		return fresh, nil
	}
	return before, nil
}
