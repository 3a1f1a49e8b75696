package disclosure

import (
	"bytes"
	"context"
	"fmt"
	"os"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/disclosure/ledger"
	"gongkai/services/law/workday"

	"golang.org/x/sync/errgroup"
)

// Bounds of a transaction of an import: rows, and bytes of their contents.
const (
	importRows  = 1000
	importBytes = 4 << 20
)

// importing is one import.
type importing struct {
	*Server
	settings     *disclosurev1.ImportSettings
	organization string
	drafting     context.Context // by which right drafts are written down
	publishing   context.Context // by which right they are published; nil if they are not

	stamps struct{ draft, publish server.Stamp }
	today  workday.Date
	there  map[workday.Date]bool // whether the organisation exists on a day, for the days that were asked for
}

// run reads the file, checks it, and writes it if it is to be written.
func (in *importing) run(ctx context.Context, file *os.File, size int64) (*disclosurev1.ImportDisclosuresResponse, error) {
	now := in.now()
	in.stamps.draft, in.today = server.NewStamp(in.drafting, now), workday.On(now)
	if in.publishing != nil {
		in.stamps.publish = server.NewStamp(in.publishing, now)
	}
	open, err := ledger.Open(file, size, in.settings.GetFileName(), in.forms)
	if err != nil {
		return nil, err
	}
	defer func() { _ = open.Close() }()
	if in.settings.GetDryRun() || in.settings.GetMode() != disclosurev1.ImportMode_IMPORT_MODE_ACCEPTED_ROWS {
		out, err := in.pass(ctx, open, in.look)
		if err != nil || in.settings.GetDryRun() || out.refused() {
			return out.answer(ctx, false), err
		}
	}
	out, err := in.pass(ctx, open, in.write)
	return out.answer(ctx, true), err
}

// pass goes through the file once. Reading and checking the next rows goes on while the last ones are done.
func (in *importing) pass(ctx context.Context, open *ledger.File, do func(context.Context, []*item) error) (*outcome, error) {
	out := &outcome{publish: in.publishing != nil}
	work, ctx := errgroup.WithContext(ctx)
	batches := make(chan []*item, 2)
	work.Go(func() error {
		defer close(batches)
		return in.batches(ctx, open, batches)
	})
	work.Go(func() error {
		for batch := range batches {
			if err := do(ctx, batch); err != nil {
				return err
			}
			for _, i := range batch {
				out.add(i)
			}
		}
		return nil
	})
	return out, work.Wait()
}

// batches reads the file and sends its rows, checked, as many at a time as a transaction takes.
func (in *importing) batches(ctx context.Context, open *ledger.File, to chan<- []*item) error {
	k := keys{map[uint64]int{}}
	var batch []*item
	size := 0
	send := func() error {
		select {
		case to <- batch:
			batch, size = make([]*item, 0, importRows), 0
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for row, err := range open.Rows() {
		if err != nil {
			return err
		}
		i := &item{row: row}
		if row.Draft != nil && !row.Refused() {
			if err := in.check(ctx, i, k); err != nil {
				return err
			}
		}
		batch = append(batch, i)
		if size += len(row.Draft.GetContent()); len(batch) == importRows || size > importBytes {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}

// isThere tells whether the organisation exists on a day. There are few days in a ledger.
func (in *importing) isThere(ctx context.Context, on workday.Date) (bool, error) {
	if known, ok := in.there[on]; ok {
		return known, nil
	}
	exists, err := in.exists(ctx, in.organization, on)
	if err != nil {
		return false, err
	}
	if in.there == nil || len(in.there) == 10_000 {
		in.there = map[workday.Date]bool{}
	}
	in.there[on] = exists
	return exists, nil
}

// look says what would become of rows, and writes nothing.
func (in *importing) look(ctx context.Context, batch []*item) error {
	return in.db.View(ctx, func(r kv.Reader) error {
		for _, i := range batch {
			if err := in.find(r, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// write writes rows in one transaction, which may run twice.
func (in *importing) write(ctx context.Context, batch []*item) error {
	return in.db.Update(ctx, func(tx kv.Tx) error {
		for _, i := range batch {
			if err := in.find(tx, i); err != nil {
				return err
			}
			if err := in.put(tx, i); err != nil {
				return fmt.Errorf("import row %d: %w", i.row.Number, err)
			}
		}
		return nil
	})
}

// template writes the template of a year; 0 is this year.
func (s *Server) template(year int) ([]byte, error) {
	if year == 0 {
		year = workday.On(s.now()).Year
	}
	var b bytes.Buffer
	if err := ledger.Template(&b, year, s.forms); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
