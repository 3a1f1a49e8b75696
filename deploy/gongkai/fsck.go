package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"gongkai/services/suite"
)

// fsckCommand verifies a data folder.
type fsckCommand struct {
	Data       string   `default:"gongkai-data" placeholder:"DIR" help:"Data folder, which no process may have open; default ${default}. (数据目录)"`
	Checkpoint []string `type:"existingfile" placeholder:"FILE" help:"Signed checkpoint kept outside, which its log must continue; may be repeated. (外部保存的检查点)"`
}

// Run says equal, or what differs; then its error makes the exit code 1.
func (c *fsckCommand) Run(s streams) error {
	checkpoints, err := readCheckpoints(c.Checkpoint)
	if err != nil {
		return err
	}
	verdict, err := suite.Fsck(context.Background(), c.Data, checkpoints...)
	if verdict != nil { // what was found before an error is worth knowing too
		describeVerdict(s.out, verdict)
	}
	if err != nil {
		return err
	}
	if err := judge(verdict, c.Data); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "equal 一致: every hash, every record and every total is as the logs say")
	return err
}

// readCheckpoints reads checkpoints that were kept outside.
func readCheckpoints(files []string) ([]string, error) {
	var checkpoints []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read checkpoint: %w", err)
		}
		checkpoints = append(checkpoints, string(text))
	}
	return checkpoints, nil
}

// describeVerdict tells what was verified, and what differs.
func describeVerdict(w io.Writer, v *suite.Verdict) {
	for _, l := range v.Logs {
		fmt.Fprintf(w, "%-16s %8d entries, root %s\n", l.Name, l.Size, l.Root)
	}
	for _, d := range v.Differences {
		fmt.Fprintln(w, "differs 不一致:", d)
	}
}

// judge makes an error of differences.
func judge(v *suite.Verdict, data string) error {
	switch n := len(v.Differences); n {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("1 difference in %s (有1处不一致)", data)
	default:
		return fmt.Errorf("%d differences in %s (有%d处不一致)", n, data, n)
	}
}
