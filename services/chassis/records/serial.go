package records

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"gongkai/services/chassis/kv"
)

// Serials is a bucket of counters, one an organisation and year: [SerialKey] → last serial 8.
type Serials kv.Bucket

// Draw takes the next number of an organisation and year, as 652701201/2018-00001.
func (s Serials) Draw(tx kv.Tx, organization string, year int) (string, error) {
	last, err := s.Last(tx, organization, year)
	if err != nil {
		return "", err
	}
	if err := tx.Put(kv.Bucket(s), SerialKey(organization, year), binary.BigEndian.AppendUint64(nil, last+1)); err != nil {
		return "", fmt.Errorf("store serial of organizations/%s in %d: %w", organization, year, err)
	}
	return Number(organization, year, last+1), nil
}

// Last reads a counter; an absent one is 0.
func (s Serials) Last(r kv.Reader, organization string, year int) (uint64, error) {
	value, err := r.Get(kv.Bucket(s), SerialKey(organization, year))
	if err == nil && value != nil && len(value) != 8 {
		err = fmt.Errorf("it has %d bytes", len(value))
	}
	if err != nil {
		return 0, fmt.Errorf("read serial of organizations/%s in %d: %w", organization, year, err)
	}
	if value == nil {
		return 0, nil
	}
	return binary.BigEndian.Uint64(value), nil
}

// Number is how a serial is written.
func Number(organization string, year int, serial uint64) string {
	return fmt.Sprintf("%s/%d-%05d", organization, year, serial)
}

// ParseNumber takes a number apart; ok is false if none can be written so.
func ParseNumber(number string) (organization string, year int, serial uint64, ok bool) {
	organization, rest, _ := strings.Cut(number, "/")
	of, last, _ := strings.Cut(rest, "-")
	year, errYear := strconv.Atoi(of)
	serial, errSerial := strconv.ParseUint(last, 10, 64)
	ok = errYear == nil && errSerial == nil && organization != "" && Number(organization, year, serial) == number
	return organization, year, serial, ok
}
