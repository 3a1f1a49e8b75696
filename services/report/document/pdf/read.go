package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Bounds of a file.
const (
	maxRead      = 512 << 20 // bytes read of it, each as often as it is read
	maxUnpacked  = 256 << 20 // bytes of all that is unpacked
	maxStream    = 64 << 20  // bytes of one stream
	maxObjects   = 2_000_000
	maxPages     = 2_000
	maxFonts     = 2_000
	maxGlyphs    = 4_000_000
	maxRules     = 500_000
	maxOperators = 50_000_000
	maxNested    = 12 // forms in forms
	maxTree      = 64 // nodes from the root to a page
)

// The errors of a file.
var (
	ErrTooLarge = errors.New("the file holds more than is read")
	ErrPassword = errors.New("the file needs a password")
	ErrNoPages  = errors.New("the file has no pages")
)

// Glyph is a character on a page, or some that are one glyph.
type Glyph struct {
	Text  string  // never empty
	X, Y  float64 // of its left end on the base line
	Width float64
	Size  float64 // of the font
}

// Rule is a line that is ruled, from left to right or from top to bottom.
type Rule struct{ X0, Y0, X1, Y1 float64 }

// Page is what a page shows.
type Page struct {
	Width, Height float64
	Glyphs        []Glyph // in the order in which they are drawn
	Rules         []Rule
	Images        int
	Unknown       int // characters that stand for nothing known
}

// Read reads the pages of a file of so many bytes. It errs with one of the package's errors, the context's, or another if
// the file is damaged.
func Read(ctx context.Context, in io.ReaderAt, size int64) (pages []Page, title string, err error) {
	defer func() {
		// The library is meant not to panic, and it is given files that nobody has seen. A file that makes it panic is
		// damaged; it must not take the program with it.
		if p := recover(); p != nil {
			pages, title, err = nil, "", fmt.Errorf("the file cannot be made sense of: %.200v", p)
		}
	}()
	r, err := newReader(ctx, in, size)
	if err != nil {
		return nil, "", err
	}
	root := r.dict(r.table.Root)
	if err := r.pages(root["Pages"], attributes{}, 0); err != nil {
		return nil, "", err
	}
	if len(r.done) == 0 {
		return nil, "", ErrNoPages
	}
	if r.table.Info != nil {
		title = r.string(r.dict(*r.table.Info)["Title"])
	}
	return r.done, title, nil
}

// counted bounds how much is read of a file: objects may overlap, and each is read whole.
type counted struct {
	*io.SectionReader
	left int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.SectionReader.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return n, ErrTooLarge
	}
	return n, err
}

// reader reads a file.
type reader struct {
	ctx   context.Context
	table *model.XRefTable
	fonts map[int]*font
	seen  map[int]bool // nodes of the tree of pages
	done  []Page

	unpacked, glyphs, rules, operators int
}

func newReader(ctx context.Context, in io.ReaderAt, size int64) (*reader, error) {
	limits := model.DefaultResourceLimits()
	limits.MaxStreamBytes, limits.MaxDecodeBytes = size+1024, maxStream
	limits.MaxObjectCount, limits.MaxXRefEntries = maxObjects, maxObjects
	source := &counted{io.NewSectionReader(in, 0, size), maxRead}
	// A configuration of our own: the library's default one is read from, and written to, the user's folder.
	file, err := pdfcpu.ReadWithContext(ctx, source, &model.Configuration{
		Reader15: true, ValidationMode: model.ValidationRelaxed, Offline: true, Limits: limits,
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case source.left < 0:
		return nil, ErrTooLarge
	case errors.Is(err, pdfcpu.ErrWrongPassword):
		return nil, ErrPassword
	case err != nil:
		return nil, err
	case file.Root == nil:
		return nil, ErrNoPages
	}
	r := &reader{ctx: ctx, table: file.XRefTable, fonts: map[int]*font{}, seen: map[int]bool{}}
	return r, r.weigh(file.Read.ObjectStreams)
}

// weigh unpacks the streams that hold objects once, and throws them away: the library unpacks each when it is asked for
// an object, and keeps it.
func (r *reader) weigh(streams types.IntSet) error {
	for n := range streams {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		entry, ok := r.table.FindTableEntryLight(n)
		if !ok {
			continue
		}
		s, ok := entry.Object.(types.ObjectStreamDict)
		if !ok {
			continue
		}
		data, err := s.DecodeLengthWithLimit(-1, int64(min(maxStream, maxUnpacked-r.unpacked)))
		if err != nil {
			return fmt.Errorf("unpack the objects of stream %d: %w", n, r.tooLarge(err))
		}
		r.unpacked += len(data)
	}
	return nil
}

// attributes are what a page takes over from the nodes above it.
type attributes struct {
	resources, box types.Object
	turn           float64
}

// pages reads the pages under a node of the tree.
func (r *reader) pages(o types.Object, above attributes, depth int) error {
	if ref, ok := o.(types.IndirectRef); ok {
		n := ref.ObjectNumber.Value()
		if r.seen[n] {
			return nil
		}
		r.seen[n] = true
	}
	node := r.dict(o)
	if node == nil || depth > maxTree {
		return nil
	}
	if v, ok := node["Resources"]; ok {
		above.resources = v
	}
	for _, key := range []string{"MediaBox", "CropBox"} {
		if v := r.array(node[key]); len(v) == 4 {
			above.box = v
		}
	}
	if turn, ok := r.number(node["Rotate"]); ok {
		above.turn = turn
	}
	if kids := r.array(node["Kids"]); kids != nil && r.name(node["Type"]) != "Page" {
		for _, kid := range kids {
			if err := r.pages(kid, above, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if len(r.done) >= maxPages {
		return ErrTooLarge
	}
	page, err := r.page(node, above)
	if err != nil {
		return fmt.Errorf("read page %d: %w", len(r.done)+1, err)
	}
	r.done = append(r.done, page)
	return nil
}
