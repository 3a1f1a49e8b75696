package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/report/published"
)

// reportCheckCommand checks published reports.
type reportCheckCommand struct {
	printing
	Files    []string `arg:"" type:"path" help:"Reports, or folders of reports. (年度报告文件或文件夹)"`
	Form     string   `placeholder:"FORM" help:"Form of the reports, as 2021; default: the one that fits best. (格式)"`
	Forms    string   `type:"path" placeholder:"DIR" help:"Folder of further report forms, as a new year's. (补充报告格式目录)"`
	Year     int      `placeholder:"YEAR" help:"Year reported on; default: that of the title. (年度)"`
	Previous string   `type:"path" placeholder:"FILE" help:"Report of the year before, or a folder of them, which are found by the organisation's name. (上一年度报告)"`
	Children string   `type:"path" placeholder:"DIR" help:"Folder of the reports of the level below, which each report is to be the sum of. (下级报告文件夹)"`
	Complete bool     `help:"The folder of children holds all reports that each is the sum of, its own among them; otherwise it is at least their sum. (下级报告齐全)"`
	Least    string   `default:"soft" enum:"hard,cross,soft,note" help:"Least severity that is told: ${enum}. (最低级别)"`
	Figures  bool     `help:"With json: also the figures as they were read. (输出各项数据)"`
	Jobs     int      `placeholder:"N" help:"Files that are read at once; default: one a processor. (并行数)"`
}

// Help says what the exit code tells.
func (reportCheckCommand) Help() string {
	return `Blank cells and strokes are errors in a report on the form in use; in one on a form that has been replaced they are noted, and sums are checked over what is filled in.

在用格式的报告有空白或斜杠算错误；旧格式的报告只作说明，勾稽关系按已填的数核对。

Exit codes: 0 if nothing hard was found, 1 if something was, 2 if a file cannot be read as a report.

退出码：0 没有发现错误，1 有错误，2 有文件不能识别为年度报告。`
}

const (
	exitUnreadable = 2
	mostFiles      = 200_000
	fileTime       = time.Minute // for one file
)

// exitError ends a command that has said what there is to say with an exit code of its own.
type exitError struct{ code int }

// Error implements error.
func (e exitError) Error() string { return fmt.Sprint("exit code ", e.code) }

// Run checks the reports, and prints what was found in the order in which they were given, as it comes: however many
// there are, only those are held that are being checked.
func (c *reportCheckCommand) Run(s streams) error {
	ctx, stop := interrupted()
	defer stop()
	forms, err := readForms(c.Forms)
	if err != nil {
		return err
	}
	files, err := reportFiles(c.Files)
	if err != nil {
		return err
	}
	beside, err := c.beside(ctx, forms)
	if err != nil {
		return err
	}
	drawn := newBar(s.err, "检查 check")
	defer drawn.clear()
	out, done, code := c.teller(s.out), 0, 0
	for r := range c.checkAll(ctx, files, forms, beside) {
		if ctx.Err() != nil {
			return errInterrupted
		}
		drawn.clear()
		if err := out.tell(r); err != nil {
			return err
		}
		if done++; len(files) > 1 {
			drawn.set(done, len(files))
		}
		switch {
		case r.err != nil:
			code = exitUnreadable
		case check.Has(r.findings, check.Hard):
			code = max(code, exitFailed)
		}
	}
	drawn.clear()
	if err := out.end(); err != nil || code == 0 {
		return err
	}
	return exitError{code}
}

// checkAll checks files, several at once, and walks what came of each in their order.
func (c *reportCheckCommand) checkAll(ctx context.Context, files []string, forms form.Forms, beside beside) iter.Seq[checked] {
	return func(yield func(checked) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		const ahead = 4 // so many a job wait at most for one before them
		begun, slots := make(chan chan checked, ahead*c.jobs()), make(chan struct{}, c.jobs())
		go func() {
			defer close(begun)
			for _, name := range files {
				one := make(chan checked, 1)
				select {
				case begun <- one:
				case <-ctx.Done():
					return
				}
				slots <- struct{}{}
				go func() {
					defer func() { <-slots }()
					one <- c.check(ctx, name, forms, beside)
				}()
			}
		}()
		for one := range begun {
			if !yield(<-one) {
				return
			}
		}
	}
}

func (c *reportCheckCommand) jobs() int {
	if c.Jobs > 0 {
		return min(c.Jobs, 64)
	}
	return runtime.GOMAXPROCS(0)
}

// checked is what came of one file.
type checked struct {
	file     string
	err      error // it cannot be read as a report
	report   *published.Report
	findings []check.Finding
}

// check reads one file and checks it. Of the report it keeps what is told of it.
func (c *reportCheckCommand) check(ctx context.Context, name string, forms form.Forms, beside beside) checked {
	ctx, cancel := context.WithTimeout(ctx, fileTime)
	defer cancel()
	out := checked{file: name}
	if out.report, out.err = readReport(ctx, name, forms, published.Hints{Form: c.Form, Year: c.Year}); out.err != nil {
		return out
	}
	in := check.Input{Report: out.report.Checked(), Forms: forms, Below: beside.below}
	in.Previous = beside.before(in.Report)
	out.findings = out.report.Check(in)
	out.report.Narratives = nil
	if !c.Figures {
		out.report.Figures = nil
	}
	return out
}

func readReport(ctx context.Context, name string, forms form.Forms, hints published.Hints) (*published.Report, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return published.ReadFile(ctx, file, info.Size(), filepath.Base(name), forms, hints)
}

// reportExtensions are those of the files in a folder that may be reports.
var reportExtensions = []string{".docx", ".xlsx", ".xlsm", ".html", ".htm", ".pdf", ".csv", ".txt", ".md", ".json", ".doc", ".xls", ".wps"}

// reportFiles are the files that were named, and those in the folders that were.
func reportFiles(names []string) ([]string, error) {
	var files []string
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, name)
			continue
		}
		err = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			base := filepath.Base(path)
			switch {
			case err != nil:
				return err
			case len(files) > mostFiles:
				return fmt.Errorf("%s holds more than %d files", name, mostFiles)
			case d.IsDir() || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~$"):
			case slices.Contains(reportExtensions, strings.ToLower(filepath.Ext(base))):
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, errors.New("there is no report among the files (没有可检查的文件)")
	}
	return files, nil
}

// beside is what reports are checked against.
type beside struct {
	previous []check.Report
	below    *check.Below
}

// beside reads the reports of the year before and of the level below. One that cannot be read is an error: a check that
// silently leaves it out would say too little.
func (c *reportCheckCommand) beside(ctx context.Context, forms form.Forms) (beside, error) {
	var b beside
	var err error
	if c.Previous != "" {
		if b.previous, err = c.readAll(ctx, c.Previous, forms); err != nil {
			return b, err
		}
	}
	if c.Children != "" {
		children, err := c.readAll(ctx, c.Children, forms)
		if err != nil {
			return b, err
		}
		b.below = &check.Below{Children: children, Whole: c.Complete}
	}
	return b, nil
}

func (c *reportCheckCommand) readAll(ctx context.Context, name string, forms form.Forms) ([]check.Report, error) {
	files, err := reportFiles([]string{name})
	if err != nil {
		return nil, err
	}
	reports := make([]check.Report, 0, len(files))
	for _, file := range files {
		r, err := readReport(ctx, file, forms, published.Hints{})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, c.refused(err))
		}
		one := r.Checked()
		one.Narratives = nil
		reports = append(reports, one)
	}
	return reports, nil
}

// before are the reports of the year before: the one that was given alone, else those of the same organisation.
func (b beside) before(r check.Report) []check.Report {
	if len(b.previous) == 1 {
		return b.previous
	}
	var same []check.Report
	for _, p := range b.previous {
		if p.Organ.Name != "" && p.Organ.Name == r.Organ.Name && p.Period.Year() == r.Period.Year()-1 {
			same = append(same, p)
		}
	}
	return same
}
