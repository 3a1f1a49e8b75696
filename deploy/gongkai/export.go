package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// exportCommand exports a list of disclosures as a file that import reads.
type exportCommand struct {
	remote
	Organization string `required:"" placeholder:"CODE" help:"Organisation whose disclosures are exported, by its code. (机关代码)"`
	Format       string `default:"xlsx" enum:"xlsx,csv,jsonl" help:"Format: ${enum}; default that of --output, else ${default}. (格式)"`
	Filter       string `placeholder:"FILTER" help:"As that of a list: category = \"work_report\" AND published_on >= \"2018-01-01\". (筛选)"`
	Output       string `short:"o" placeholder:"FILE" help:"File that is written; default: stdout. (输出文件)"`
}

// Run writes the export to stdout, or to a file that is there only when it is whole.
func (c *exportCommand) Run(s streams) (err error) {
	ctx, stop := interrupted()
	defer stop()
	if extension := strings.TrimPrefix(filepath.Ext(c.Output), "."); c.Format == "xlsx" && (extension == "csv" || extension == "jsonl") {
		c.Format = extension
	}
	path := "/v1/organizations/" + url.PathEscape(c.Organization) + "/disclosures:export"
	query := url.Values{"format": {c.Format}}
	if c.Filter != "" {
		query.Set("filter", c.Filter)
	}
	return c.save(ctx, path, query, c.Output, s.out)
}

// templateCommand gets a spreadsheet to fill in.
type templateCommand struct {
	remote
	Year   int    `placeholder:"YEAR" help:"Year whose categories can be chosen; default: this year. (年度)"`
	Output string `short:"o" placeholder:"FILE" help:"File that is written; default: stdout. (输出文件)"`
}

// Run writes the template.
func (c *templateCommand) Run(s streams) error {
	ctx, stop := interrupted()
	defer stop()
	query := url.Values{}
	if c.Year != 0 {
		query.Set("year", fmt.Sprint(c.Year))
	}
	return c.save(ctx, "/v1/disclosures:template", query, c.Output, s.out)
}

// save gets a file and writes it under a name, or to out if there is none.
func (r remote) save(ctx context.Context, path string, query url.Values, name string, out io.Writer) (err error) {
	resp, err := r.do(ctx, http.MethodGet, path, query, upload{})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if name != "" {
		file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
		if err != nil {
			return err
		}
		defer func() { // it has the name by then, or is of no use
			_ = os.Remove(file.Name())
		}()
		_, err = io.Copy(file, resp.Body)
		if err = errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
			return brokenOff(ctx, err)
		}
		return os.Rename(file.Name(), name)
	}
	_, err = io.Copy(out, resp.Body)
	return brokenOff(ctx, err)
}

func brokenOff(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return errInterrupted
	}
	return fmt.Errorf("the file broke off (文件不完整): %w", err)
}
