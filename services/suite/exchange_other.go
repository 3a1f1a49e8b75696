//go:build !linux

package suite

// exchange puts a fresh folder in the place of data, and returns where that is from then on. If the process ends
// between the two steps, the old folder is to be renamed back by hand.
func exchange(data, fresh, before string) (string, error) { return exchangeInTwo(data, fresh, before) }
