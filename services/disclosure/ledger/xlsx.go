package ledger

import (
	"bytes"
	"io"
	"iter"
	"path"
	"strings"

	"gongkai/services/chassis/ooxml"
)

// workbook is an open .xlsx file.
type workbook struct {
	*ooxml.Package
	names   []string // of the sheets
	paths   []string // of the sheets
	strings *texts
	is1904  bool
}

// openWorkbook reads what a workbook consists of, and puts its shared strings aside.
func openWorkbook(in io.ReaderAt, size int64) (_ *workbook, err error) {
	pkg, err := ooxml.Open(in, size, MaxUnpacked)
	if err != nil {
		return nil, damaged(err)
	}
	w := &workbook{Package: pkg}
	main := w.main()
	switch {
	case main != "":
	case w.Has("xl/workbook.bin"), w.Has("content.xml"):
		return nil, refuse(OldFormat)
	default:
		return nil, refuse(FormatUnknown)
	}
	if err := w.readSheets(main); err != nil {
		return nil, damaged(err)
	}
	if w.strings, err = w.readStrings(path.Dir(main)); err != nil {
		return nil, damaged(err)
	}
	return w, nil
}

// main is the path of the workbook's main part; empty if it has none.
func (w *workbook) main() string {
	targets, err := w.Relations("/", "/officeDocument")
	if err == nil {
		for _, t := range targets {
			if w.Has(t) && strings.HasSuffix(strings.ToLower(t), ".xml") && strings.HasPrefix(strings.ToLower(t), "xl") {
				return t
			}
		}
	}
	if w.Has("xl/workbook.xml") {
		return "xl/workbook.xml"
	}
	return ""
}

// readSheets reads the names of the sheets and where they lie.
func (w *workbook) readSheets(main string) error {
	targets, err := w.Relations(main, "/worksheet")
	if err != nil {
		return err
	}
	return w.Elements(main, func(s *ooxml.Scanner) bool {
		switch string(s.Name) {
		case "workbookPr":
			v, _ := s.Attr("date1904")
			w.is1904 = string(v) == "1" || string(v) == "true"
		case "sheet":
			name, _ := s.Attr("name")
			if id, _ := s.Attr("id"); targets[string(id)] != "" {
				w.names, w.paths = append(w.names, strings.ToValidUTF8(string(name), "\uFFFD")), append(w.paths, targets[string(id)])
			}
		}
		return len(w.names) < maxSheets
	})
}

func (w *workbook) sheets() []string { return w.names }

func (w *workbook) later() int {
	if w.is1904 {
		return days1904
	}
	return 0
}

func (w *workbook) close() error { return w.strings.close() }

// lines walks a sheet twice: the merged cells stand at its end, and are needed from the start.
func (w *workbook) lines(sheet int) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		if sheet == 0 {
			w.Allow(MaxUnpacked)
		}
		left := w.Left()
		merged, err := w.merges(w.paths[sheet])
		w.Allow(left)
		if err != nil {
			yield(line{}, damaged(err))
			return
		}
		in, err := w.Part(w.paths[sheet])
		if err != nil {
			yield(line{}, damaged(err))
			return
		}
		defer in.Close()
		g := grid{Scanner: ooxml.NewScanner(in), strings: w.strings, merges: merged}
		for {
			l, err := g.next()
			if err == io.EOF || !yield(l, damaged(err)) || err != nil {
				return
			}
		}
	}
}

// merges are the merged cells of a sheet that span rows: the upper left one, and the last row.
type merges map[ooxml.Place]int

// mostMerges is how many merged cells a sheet may have.
const mostMerges = 100_000

// merges looks for the merged cells without reading the cells.
func (w *workbook) merges(name string) (merges, error) {
	in, err := w.Part(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	found := merges{}
	mark := []byte("mergeCell ")
	buf, kept := make([]byte, 64<<10), 0
	for {
		n, readErr := in.Read(buf[kept:])
		whole := buf[:kept+n]
		for rest := whole; ; {
			i := bytes.Index(rest, mark)
			if i < 0 || readErr == nil && len(rest)-i < 200 {
				break
			}
			isElement := i > 0 && (rest[i-1] == '<' || rest[i-1] == ':')
			if rest = rest[i+len(mark):]; isElement {
				found.add(rest[:min(len(rest), 190)])
			}
		}
		if len(found) > mostMerges {
			return nil, refuse(TooLarge, "limit", "512")
		}
		if readErr == io.EOF {
			return found, nil
		}
		if readErr != nil {
			return nil, readErr
		}
		kept = copy(buf, whole[len(whole)-min(len(whole), 256):])
	}
}

// add takes a merged cell from the attributes that begin with rest.
func (m merges) add(rest []byte) {
	if end := bytes.IndexByte(rest, '>'); end >= 0 {
		rest = rest[:end]
	}
	ref, _ := ooxml.Attr(rest, "ref")
	first, last, ok := strings.Cut(string(ref), ":")
	from, okFrom := ooxml.PlaceOf([]byte(first))
	to, okTo := ooxml.PlaceOf([]byte(last))
	if ok && okFrom && okTo && to.Row > from.Row {
		m[from] = to.Row
	}
}
