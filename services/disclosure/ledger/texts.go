package ledger

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path"

	"gongkai/services/chassis/ooxml"
)

// texts are the shared strings of a workbook. Their text lies in a temporary file, of which a few pages are kept in
// memory; they are mostly asked for in the order in which they stand.
type texts struct {
	file   *os.File
	ends   []uint32 // where each text ends in the file
	pages  [pageCount]page
	lookup []byte
}

type page struct {
	number int64 // from 1; 0: none
	data   []byte
}

const (
	pageSize  = 16 << 10
	pageCount = 64

	mostTexts = 4 << 20
)

// readStrings puts the shared strings aside; a workbook may have none.
func (w *workbook) readStrings(folder string) (*texts, error) {
	t := &texts{}
	name := path.Join(folder, "sharedStrings.xml")
	if !w.Has(name) {
		return t, nil
	}
	in, err := w.Part(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	if t.file, err = os.CreateTemp("", "gongkai-ledger-"); err != nil {
		return nil, err
	}
	if err = t.write(ooxml.NewScanner(in)); err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

func (t *texts) write(s *ooxml.Scanner) error {
	out := bufio.NewWriterSize(t.file, 64<<10)
	var whole []byte
	size, inText, phonetic := 0, false, false
	for {
		k, err := s.Next()
		if err == io.EOF {
			return out.Flush()
		}
		if err != nil {
			return err
		}
		switch {
		case k == ooxml.Text && inText && !phonetic:
			whole = s.Append(whole)
		case k == ooxml.Text:
		case string(s.Name) == "t":
			inText = k == ooxml.Opening
		case string(s.Name) == "rPh":
			phonetic = k == ooxml.Opening
		case string(s.Name) == "si" && k == ooxml.Opening:
			whole = whole[:0]
		case string(s.Name) == "si":
			if size += len(whole); len(whole) > ooxml.Longest || len(t.ends) == mostTexts {
				return ooxml.ErrLong
			}
			t.ends = append(t.ends, uint32(size))
			if _, err := out.Write(whole); err != nil {
				return err
			}
		}
	}
}

// get returns one of the texts.
func (t *texts) get(i int) (string, error) {
	if i < 0 || i >= len(t.ends) {
		return "", fmt.Errorf("there is no shared string %d", i)
	}
	begin, end := int64(0), int64(t.ends[i])
	if i > 0 {
		begin = int64(t.ends[i-1])
	}
	t.lookup = t.lookup[:0]
	for begin < end {
		p, err := t.page(begin/pageSize + 1)
		if err != nil {
			return "", err
		}
		offset := begin % pageSize
		n := min(end-begin, int64(len(p))-offset)
		if n <= 0 {
			return "", io.ErrUnexpectedEOF
		}
		t.lookup = append(t.lookup, p[offset:offset+n]...)
		begin += n
	}
	return ooxml.UnescapeControls(string(t.lookup)), nil
}

func (t *texts) page(number int64) ([]byte, error) {
	p := &t.pages[number%pageCount]
	if p.number == number {
		return p.data, nil
	}
	if p.data == nil {
		p.data = make([]byte, pageSize)
	}
	p.number = 0
	n, err := t.file.ReadAt(p.data[:pageSize], (number-1)*pageSize)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read a shared string: %w", err)
	}
	p.number, p.data = number, p.data[:n]
	return p.data, nil
}

// close removes the temporary file.
func (t *texts) close() error {
	if t.file == nil {
		return nil
	}
	err := errors.Join(t.file.Close(), os.Remove(t.file.Name()))
	t.file = nil
	return err
}
