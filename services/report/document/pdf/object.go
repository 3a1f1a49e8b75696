package pdf

import (
	"errors"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// What follows takes an object for what it is asked as, through any reference; what is another thing, or none, is nothing.

func (r *reader) object(o types.Object) types.Object {
	if ref, ok := o.(*types.IndirectRef); ok && ref != nil {
		o = *ref
	}
	for range 8 { // references to references
		ref, ok := o.(types.IndirectRef)
		if !ok {
			return o
		}
		next, err := r.table.Dereference(ref)
		if err != nil {
			return nil
		}
		o = next
	}
	return nil
}

func (r *reader) dict(o types.Object) types.Dict {
	switch d := r.object(o).(type) {
	case types.Dict:
		return d
	case types.StreamDict:
		return d.Dict
	}
	return nil
}

func (r *reader) array(o types.Object) types.Array {
	a, _ := r.object(o).(types.Array)
	return a
}

func (r *reader) name(o types.Object) string {
	n, _ := r.object(o).(types.Name)
	return string(named([]byte(n)))
}

func (r *reader) number(o types.Object) (float64, bool) {
	switch n := r.object(o).(type) {
	case types.Integer:
		return float64(n), finite(float64(n))
	case types.Float:
		return float64(n), finite(float64(n))
	}
	return 0, false
}

func (r *reader) string(o types.Object) string {
	s, err := model.Text(r.object(o))
	if err != nil {
		return ""
	}
	return s
}

// stream is the content of a stream, unpacked; nil if there is none. A stream that is damaged is taken as far as it goes.
func (r *reader) stream(o types.Object) []byte {
	s, ok := r.object(o).(types.StreamDict)
	if !ok {
		return nil
	}
	left := min(maxStream, maxUnpacked-r.unpacked)
	if left <= 0 {
		return nil
	}
	s.Content = nil
	err := s.DecodeWithLimit(int64(left))
	r.unpacked += len(s.Content)
	if err != nil && r.tooLarge(err) == ErrTooLarge {
		r.unpacked = maxUnpacked
		return nil
	}
	return s.Content
}

// tooLarge gives the library's error about a bound our name.
func (r *reader) tooLarge(err error) error {
	if errors.Is(err, filter.ErrDecodeLimitExceeded) {
		return ErrTooLarge
	}
	return err
}

func first(a types.Array) types.Object {
	if len(a) == 0 {
		return nil
	}
	return a[0]
}
