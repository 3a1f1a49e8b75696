package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/disclosure/ledger"
)

// importedRows is how large the ledger is that is imported.
const importedRows = 50_000

// measureImport imports a spreadsheet into a township, in turns with bbolt loops that put what came of it.
func measureImport(ctx context.Context, b *bench) ([]row, error) {
	rows := b.size(importedRows, 5_000)
	base, err := b.city(ctx, 0)
	if err != nil {
		return nil, err
	}
	file, err := ledgerOf{town: 0, rows: rows}.file(ledger.XLSX)
	if err != nil {
		return nil, err
	}
	var alike, each64 turns
	for range b.rounds {
		if err := b.importTurn(ctx, base, file, &alike, &each64); err != nil {
			return nil, err
		}
	}
	n := number(float64(rows))
	return []row{
		alike.atLeast(text{
			fmt.Sprintf("import of a .xlsx of %s rows, published; yardstick: bare bbolt, as many a commit", n),
			fmt.Sprintf("导入 %s 行 .xlsx 并公开；对照：裸 bbolt，每次提交条数相同", n),
		}, " rows/s", 0.5),
		each64.atLeast(text{
			fmt.Sprintf("the same; yardstick: bare bbolt, %d a commit", getters),
			fmt.Sprintf("同上；对照：裸 bbolt，每次提交 %d 条", getters),
		}, " rows/s", 0.5),
	}, nil
}

func (b *bench) importTurn(ctx context.Context, base string, file []byte, alike, each64 *turns) (err error) {
	data := filepath.Join(b.folder, "import")
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	if err := copied(base, data); err != nil {
		return err
	}
	before, store := filepath.Join(base, "disclosure.db"), filepath.Join(data, "disclosure.db")
	since, err := look(store)
	if err != nil {
		return err
	}
	took, rows, err := b.importFile(ctx, data, file)
	if err != nil {
		return err
	}
	changes, each, err := writesSince(before, store, since, disclosuresIn)
	if err != nil {
		return err
	}
	rate := func(took time.Duration) float64 { return float64(rows) / took.Seconds() }
	same, err := b.replayOn(before, changes, each)
	if err != nil {
		return err
	}
	small, err := b.replayOn(before, changes, getters)
	if err != nil {
		return err
	}
	alike.add(rate(took), rate(same))
	each64.add(rate(took), rate(small))
	b.say("  %.0f rows/s; bbolt %d a commit %.0f/s, %d a commit %.0f/s", rate(took), each, rate(same), getters, rate(small))
	return nil
}

// importFile imports a file through a server of its own, and returns how long that took and how many rows it had.
func (b *bench) importFile(ctx context.Context, data string, file []byte) (took time.Duration, rows int, err error) {
	c, err := b.serve(ctx, data)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	if _, err := c.serving(ctx); err != nil {
		return 0, 0, err
	}
	conns, err := c.conns(1)
	if err != nil {
		return 0, 0, err
	}
	defer closeAll(conns)
	ctx, err = signIn(ctx, data, access.System, townCode(0))
	if err != nil {
		return 0, 0, err
	}
	begin := time.Now()
	rows, err = send(ctx, disclosurev1.NewDisclosureServiceClient(conns[0]), &disclosurev1.ImportSettings{
		Parent: "organizations/" + townCode(0), FileName: "台账.xlsx", Publish: true, Mode: disclosurev1.ImportMode_IMPORT_MODE_ACCEPTED_ROWS,
	}, file)
	return time.Since(begin), rows, err
}
