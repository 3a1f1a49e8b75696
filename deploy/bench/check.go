package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"gongkai/services/law/form"
	"gongkai/services/law/workday"
	"gongkai/services/report/export"
)

// measureCheck checks folders of annual reports: how long a file takes on one core, how long a thousand take on all, and
// whether these need more memory than a hundred.
func measureCheck(ctx context.Context, b *bench) ([]row, error) {
	few, many := b.size(100, 12), b.size(1000, 60)
	formats := []export.Format{export.DOCX, export.XLSX, export.HTML}
	var rows []row
	for _, format := range formats {
		folder, err := b.reports(few, format)
		if err != nil {
			return nil, err
		}
		took, _, err := b.check(ctx, folder, true)
		if err != nil {
			return nil, err
		}
		each := took.Seconds() * 1000 / float64(few)
		const most = 50.0
		rows = append(rows, row{
			what:     text{fmt.Sprintf("report check of a .%s on one core, of %d", format, few), fmt.Sprintf("单核 report check 一份 .%s（共 %d 份）", format, few)},
			measured: number(each) + " ms", target: fmt.Sprintf("< %.0f ms", most), met: each < most,
		})
	}
	var memory turns
	var longest float64
	for range b.rounds {
		var took time.Duration
		var most [2]float64
		for i, n := range []int{few, many} {
			folder, err := b.reports(n, formats...)
			if err != nil {
				return nil, err
			}
			if took, most[i], err = b.check(ctx, folder, false); err != nil {
				return nil, err
			}
		}
		memory.add(most[1], most[0])
		longest = max(longest, took.Seconds())
	}
	const soon, flat = 30.0, 1.2
	return append(rows, row{
		what:     text{fmt.Sprintf("report check of %d files, .docx, .xlsx and .html: the longest of %d runs", many, b.rounds), fmt.Sprintf("report check %d 份 .docx、.xlsx、.html：%d 次中最慢", many, b.rounds)},
		measured: number(longest) + " s", target: fmt.Sprintf("< %.0f s", soon), met: longest < soon,
	}, row{
		what:     text{fmt.Sprintf("the same: most anonymous memory; yardstick: with %d files", few), fmt.Sprintf("同上：匿名内存峰值；对照：%d 份", few)},
		measured: number(median(memory.measured)) + " MiB", yardstick: number(median(memory.yardstick)) + " MiB",
		ratio: fmt.Sprintf("%.2f", memory.ratio()), target: fmt.Sprintf("≤ %.1f", flat), met: memory.ratio() <= flat,
	}), nil
}

// reports makes a folder of annual reports, each with figures of its own, in turns of several formats. It is made once.
func (b *bench) reports(n int, formats ...export.Format) (string, error) {
	folder := filepath.Join(b.folder, fmt.Sprint("reports-", n, formats))
	if err := os.Mkdir(folder, 0o755); err != nil {
		if errors.Is(err, os.ErrExist) {
			return folder, nil
		}
		return "", err
	}
	forms, err := form.Embedded()
	if err != nil {
		return "", err
	}
	for i := range n {
		r, err := exampleReport(forms, i)
		if err != nil {
			return "", err
		}
		format := formats[i%len(formats)]
		file, err := os.Create(filepath.Join(folder, fmt.Sprintf("%04d.%s", i, format)))
		if err != nil {
			return "", err
		}
		if err := errors.Join(r.Write(file, format), file.Close()); err != nil {
			return "", fmt.Errorf("write report %d: %w", i, err)
		}
	}
	return folder, nil
}

// exampleReport is the report on 2023 of the i-th made-up town.
func exampleReport(forms form.Forms, i int) (export.Report, error) {
	p, err := workday.ParsePeriod("2023")
	if err != nil {
		return export.Report{}, err
	}
	f, err := forms.For(p)
	if err != nil {
		return export.Report{}, err
	}
	random := rand.New(rand.NewPCG(1, uint64(i)))
	measures := make(map[string]int64)
	for _, c := range f.Cells() {
		for _, fact := range c.Facts {
			measures[fact] = random.Int64N(20)
		}
	}
	r := export.Report{
		Form: f, Organization: fmt.Sprintf("示例市示例%d镇人民政府", i+1), Period: p, Figures: make(map[string]form.Figure), Narratives: make(map[string]string),
	}
	values := f.Derive(measures)
	for _, c := range f.Cells() {
		r.Figures[c.ID] = form.Figure{Value: values[c.ID], State: form.Typed}
	}
	for _, part := range f.Parts {
		if part.Narrative {
			r.Narratives[part.ID] = fmt.Sprintf("示例：第%d镇本年度按期开展了有关工作。考核合格，社会评议良好，无责任追究情况。\n\n1. 第一项工作。\n2. 第二项工作。", i+1)
		}
	}
	return r, nil
}

// check runs `gongkai report check` over a folder, and returns how long it took and the most anonymous memory in MiB.
func (b *bench) check(ctx context.Context, folder string, oneCore bool) (took time.Duration, most float64, err error) {
	command := exec.CommandContext(ctx, b.gongkai, "report", "check", folder, "--output", "json")
	if oneCore {
		command.Env = append(os.Environ(), "GOMAXPROCS=1")
	}
	begin := time.Now()
	if err := command.Start(); err != nil {
		return 0, 0, fmt.Errorf("start report check: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- command.Wait() }()
	for ticker := time.NewTicker(5 * time.Millisecond); ; {
		select {
		case <-ticker.C:
			if anonymous, _, err := resident(command.Process.Pid); err == nil { // it has just begun, or ended
				most = max(most, anonymous)
			}
		case err := <-done:
			ticker.Stop()
			var exit *exec.ExitError
			if errors.As(err, &exit) && exit.ExitCode() == 1 { // it found errors in made-up figures
				err = nil
			}
			return time.Since(begin), most, err
		}
	}
}
