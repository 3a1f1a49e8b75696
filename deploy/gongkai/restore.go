package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"gongkai/services/suite"
)

// restoreCommand puts an archive into a data folder.
type restoreCommand struct {
	File       string   `arg:"" placeholder:"FILE" help:"Archive that backup has written; - for stdin. (备份文件)"`
	Data       string   `default:"gongkai-data" placeholder:"DIR" help:"Data folder, which no process may have open. What is there is kept beside it as DIR.before-TIME; default ${default}. (数据目录)"`
	Checkpoint []string `type:"existingfile" placeholder:"FILE" help:"Signed checkpoint kept outside, which its log must continue; may be repeated. (外部保存的检查点)"`
}

// Run verifies the archive, puts it in place, and tells what it found and where the old folder is.
func (c *restoreCommand) Run(s streams) error {
	ctx, stop := interrupted()
	defer stop()
	checkpoints, err := readCheckpoints(c.Checkpoint)
	if err != nil {
		return err
	}
	var in io.ReadCloser = os.Stdin
	if c.File != "-" {
		if in, err = os.Open(c.File); err != nil {
			return err
		}
	}
	restored, err := suite.Restore(ctx, in, c.Data, checkpoints...)
	if restored != nil && restored.Verdict != nil {
		describeVerdict(s.out, restored.Verdict)
	}
	if ctx.Err() != nil && err != nil {
		return errInterrupted
	}
	if err = errors.Join(err, in.Close()); err != nil {
		return err
	}
	describeArchive(s.out, restored.Manifest)
	if restored.Before != "" {
		fmt.Fprintln(s.out, "before 原目录:", restored.Before)
	}
	_, err = fmt.Fprintf(s.out, "restored 已恢复: %s, as of %s\n", c.Data, restored.Manifest.Time.Format("2006-01-02 15:04:05 MST"))
	return err
}
