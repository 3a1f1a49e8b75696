package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// reportAttachCommand attaches the signed and stamped copy of a report, or fetches it.
type reportAttachCommand struct {
	remote
	File         string `arg:"" optional:"" type:"path" placeholder:"FILE" help:"The copy: .pdf, .ofd, .png or .jpg, at most 10 MiB. (签字盖章件)"`
	Organization string `required:"" placeholder:"CODE" help:"Organisation whose report it is. (机关代码)"`
	Period       string `required:"" placeholder:"PERIOD" help:"Period of the report: 2023, 2023-q2, 2023-06. (时期)"`
	Version      int    `placeholder:"N" help:"Version that the copy shows; default: the report's latest. (版本)"`
	By           string `placeholder:"NAME" help:"Who attaches it. (上传人)"`
	Output       string `short:"o" type:"path" placeholder:"FILE" help:"Fetch the copy into this file instead. (下载到)"`
}

// Run attaches or fetches the copy.
func (c *reportAttachCommand) Run(s streams) error {
	ctx, stop := interrupted()
	defer stop()
	path := "/v1/organizations/" + url.PathEscape(c.Organization) + "/reports/" + url.PathEscape(c.Period)
	switch {
	case (c.File == "") == (c.Output == ""):
		return errors.New("give a FILE to attach, or -o FILE to fetch it (请给出要上传的文件，或用 -o 下载)")
	case c.Output != "":
		query := url.Values{}
		if c.Version != 0 {
			query.Set("version", strconv.Itoa(c.Version))
		}
		return c.save(ctx, path+":downloadSignedCopy", query, c.Output, s.out)
	}
	if c.By == "" {
		return errors.New("--by: name who attaches it (请用 --by 写明上传人)")
	}
	made, hash, err := c.attach(ctx, path)
	if err != nil {
		return err
	}
	if string(made.GetSha256()) != string(hash) {
		return errors.New("the gateway keeps other bytes than were sent (网关保存的内容与文件不一致)")
	}
	said := "已附于第 %d 版：%s，%d 字节，SHA-256 %x\n"
	if c.Lang == "en" {
		said = "attached to version %d: %s, %d bytes, SHA-256 %x\n"
	}
	_, err = fmt.Fprintf(s.out, said, made.GetVersion(), made.GetMediaType(), made.GetSize(), made.GetSha256())
	return err
}

// attach attaches the copy, and returns what was kept of it and the hash of what was sent.
func (c *reportAttachCommand) attach(ctx context.Context, path string) (*reportv1.SignedCopy, []byte, error) {
	file, err := os.Open(c.File)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	report := &reportv1.Report{}
	if c.Version == 0 {
		if err := c.ask(ctx, http.MethodGet, path, nil, report); err != nil {
			return nil, nil, err
		}
		c.Version = int(report.GetVersion())
	}
	query := url.Values{"version": {strconv.Itoa(c.Version)}, "fileName": {filepath.Base(c.File)}, "attachedBy": {c.By}}
	hash := sha256.New()
	resp, err := c.do(ctx, http.MethodPost, path+":uploadSignedCopy", query, upload{io.TeeReader(file, hash), info.Size(), ""})
	if err != nil {
		return nil, nil, err
	}
	report.Reset()
	if err := readAnswer(resp, report); err != nil {
		return nil, nil, err
	}
	for _, made := range report.GetSignedCopies() {
		if int(made.GetVersion()) == c.Version {
			return made, hash.Sum(nil), nil
		}
	}
	return &reportv1.SignedCopy{}, hash.Sum(nil), nil
}
