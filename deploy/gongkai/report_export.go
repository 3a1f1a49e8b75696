package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/paper"
	"gongkai/services/report/export"

	"google.golang.org/protobuf/encoding/protojson"
)

// reportExportCommand writes a report as a file.
type reportExportCommand struct {
	remote
	File         string `arg:"" optional:"" placeholder:"FILE" help:"Report in JSON, as REST returns it or this command writes it; - for stdin. Without one it comes from the gateway. (年度报告 JSON 文件)"`
	Organization string `placeholder:"CODE" help:"Organisation whose report it is, at the gateway. (机关代码)"`
	Period       string `placeholder:"PERIOD" help:"Period of the report at the gateway: 2023, 2023-q2, 2023-06. (时期)"`
	Name         string `placeholder:"NAME" help:"Name of the organisation in the title; default: that in the file. (机关名称)"`
	Format       string `default:"docx" enum:"docx,html,xlsx,csv,json,pdf" help:"Format: ${enum}; default that of --output, else ${default}. (格式)"`
	Font         string `type:"path" placeholder:"FILE" help:"TrueType font of a PDF, .ttf or .ttc; default: a Chinese one of this machine. (PDF 所用字体)"`
	Forms        string `type:"path" placeholder:"DIR" help:"Folder of further report forms. (补充报告格式目录)"`
	Output       string `short:"o" placeholder:"FILE" help:"File that is written; default: stdout. (输出文件)"`
}

// Help says where a PDF gets its font.
func (reportExportCommand) Help() string {
	return `A PDF embeds a Chinese TrueType font of this machine (as of Debian's package fonts-arphic-gbsn00lp), or that of --font.

PDF 嵌入本机的中文 TrueType 字体（如 Debian 的 fonts-arphic-gbsn00lp），或用 --font 指定的字体。`
}

const maxReport = 16 << 20 // bytes of a report in JSON

// Run writes the file; under a name only when it is whole.
func (c *reportExportCommand) Run(s streams) error {
	if c.Format == string(export.DOCX) && strings.EqualFold(filepath.Ext(c.Output), ".pdf") {
		c.Format = pdfFormat
	} else if extension, ok := export.FormatOf(strings.TrimPrefix(filepath.Ext(c.Output), ".")); ok && c.Format == string(export.DOCX) {
		c.Format = string(extension)
	}
	if c.File == "" && (c.Organization == "" || c.Period == "") {
		return errors.New("give a FILE, or --organization and --period (请给出文件，或机关代码和时期)")
	}
	ctx, stop := interrupted()
	defer stop()
	if c.File == "" && c.Format != pdfFormat {
		return c.save(ctx, c.path(), url.Values{"format": {c.Format}}, c.Output, s.out)
	}
	r, err := c.read(ctx)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if c.Format == pdfFormat {
		err = c.print(&file, r)
	} else {
		err = r.Write(&file, export.Format(c.Format))
	}
	if err != nil {
		return err
	}
	if c.Output == "" {
		_, err = s.out.Write(file.Bytes())
		return err
	}
	return os.WriteFile(c.Output, file.Bytes(), 0o644)
}

// path is where the gateway has the report as a file.
func (c *reportExportCommand) path() string {
	return "/v1/organizations/" + url.PathEscape(c.Organization) + "/reports/" + url.PathEscape(c.Period) + ":download"
}

// pdfFormat is the format that needs a font. It is made here, of the report in JSON.
const pdfFormat = "pdf"

// print writes the report as PDF.
func (c *reportExportCommand) print(w io.Writer, r export.Report) error {
	font, err := c.font()
	if err != nil {
		return err
	}
	return r.PDF(w, font)
}

// font is the font that was named, or one of the machine.
func (c *reportExportCommand) font() (paper.Font, error) {
	if c.Font == "" {
		return paper.FindFont()
	}
	file, err := os.Open(c.Font)
	if err != nil {
		return paper.Font{}, err
	}
	defer file.Close()
	return paper.ReadFont(file)
}

// open opens the report in JSON, and tells where it is from.
func (c *reportExportCommand) open(ctx context.Context) (in io.ReadCloser, from string, err error) {
	switch c.File {
	case "-":
		return io.NopCloser(os.Stdin), "stdin", nil
	case "":
		resp, err := c.do(ctx, http.MethodGet, c.path(), url.Values{"format": {"json"}}, upload{})
		if err != nil {
			return nil, "", err
		}
		return resp.Body, c.URL, nil
	}
	file, err := os.Open(c.File)
	return file, c.File, err
}

// read reads the report in JSON.
func (c *reportExportCommand) read(ctx context.Context) (export.Report, error) {
	in, from, err := c.open(ctx)
	if err != nil {
		return export.Report{}, err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxReport+1))
	switch {
	case err != nil:
		return export.Report{}, fmt.Errorf("read %s: %w", from, err)
	case len(text) > maxReport:
		return export.Report{}, fmt.Errorf("%s is larger than any report (文件过大)", from)
	}
	var m reportv1.Report
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(text, &m); err != nil {
		return export.Report{}, fmt.Errorf("%s is no report in JSON (不是年度报告的 JSON): %w", from, err)
	}
	var named struct {
		Organization string `json:"organization"`
	}
	if err := json.Unmarshal(text, &named); err != nil || c.Name != "" {
		named.Organization = c.Name
	}
	forms, err := readForms(c.Forms)
	if err != nil {
		return export.Report{}, err
	}
	return export.Of(&m, named.Organization, forms)
}
