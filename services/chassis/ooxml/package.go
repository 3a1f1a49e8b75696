package ooxml

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// mostParts is how many parts a file may have.
const mostParts = 10_000

// ErrTooLarge is the error of a file that unpacks to more than is allowed, or has very many parts.
var ErrTooLarge = errors.New("the file unpacks to too much")

// Package is an open file. It is not safe for concurrent use.
type Package struct {
	parts map[string]*zip.File // by lower-case path
	left  int64                // bytes that may still be unpacked
}

// Open opens a file of so many bytes, which must stay readable as long as it is used. No more than so many bytes are
// unpacked of it. It errs with [ErrTooLarge], or as [zip.NewReader].
func Open(in io.ReaderAt, size, unpacked int64) (*Package, error) {
	if err := checkParts(in, size); err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(in, size)
	if err != nil {
		return nil, err
	}
	p := &Package{parts: map[string]*zip.File{}, left: unpacked}
	for _, f := range archive.File {
		if name := key(strings.ReplaceAll(f.Name, `\`, "/")); p.parts[name] == nil {
			p.parts[name] = f
		}
	}
	return p, nil
}

func key(name string) string { return strings.TrimPrefix(strings.ToLower(name), "/") }

// checkParts refuses an archive of very many parts before any of them is remembered.
func checkParts(in io.ReaderAt, size int64) error {
	mark := []byte("PK\x01\x02")
	buf, kept, count := make([]byte, min(256<<10, size+int64(len(mark)))), 0, 0
	for from := int64(0); from < size; {
		n, err := in.ReadAt(buf[kept:], from)
		if err != nil && err != io.EOF {
			return err
		}
		from += int64(n)
		count += bytes.Count(buf[:kept+n], mark)
		tail := min(kept+n, len(mark)-1)
		kept = copy(buf, buf[kept+n-tail:kept+n])
		if n == 0 {
			break
		}
	}
	if count > mostParts {
		return ErrTooLarge
	}
	return nil
}

// Has tells whether there is a part of that path.
func (p *Package) Has(name string) bool { return p.parts[key(name)] != nil }

// Left is how many bytes may still be unpacked.
func (p *Package) Left() int64 { return p.left }

// Allow sets how many bytes may still be unpacked.
func (p *Package) Allow(bytes int64) { p.left = bytes }

// Part opens a part, whose unpacked bytes count against the bound of the whole file: reading it errs with
// [ErrTooLarge] beyond it.
func (p *Package) Part(name string) (io.ReadCloser, error) {
	f := p.parts[key(name)]
	if f == nil {
		return nil, fmt.Errorf("the part %s is missing", name)
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	return &unpacking{ReadCloser: in, left: &p.left}, nil
}

// unpacking counts what is unpacked.
type unpacking struct {
	io.ReadCloser
	left *int64
}

// Read implements [io.Reader].
func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	if *u.left -= int64(n); *u.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}

// Elements calls f for each element of a part that opens, until it returns false.
func (p *Package) Elements(name string, f func(s *Scanner) bool) error {
	in, err := p.Part(name)
	if err != nil {
		return err
	}
	defer in.Close()
	s := NewScanner(in)
	for {
		switch k, err := s.Next(); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case k == Opening && !f(s):
			return nil
		}
	}
}

// Relations are the targets of a part's relationships whose type ends so, by id. The part "/" is the file itself.
func (p *Package) Relations(of, kind string) (map[string]string, error) {
	targets := map[string]string{}
	err := p.Elements(path.Join(path.Dir(of), "_rels", path.Base(of)+".rels"), func(s *Scanner) bool {
		id, _ := s.Attr("Id")
		target, _ := s.Attr("Target")
		if t, _ := s.Attr("Type"); string(s.Name) == "Relationship" && strings.HasSuffix(string(t), kind) {
			to := strings.ReplaceAll(string(target), `\`, "/")
			if !strings.HasPrefix(to, "/") {
				to = path.Join(path.Dir(of), to)
			}
			targets[string(id)] = strings.TrimPrefix(to, "/")
		}
		return len(targets) <= mostParts
	})
	return targets, err
}
