package main

import (
	"fmt"

	"gongkai/services/suite"
)

// rebuildCommand folds the totals of a data folder anew.
type rebuildCommand struct {
	Data       string   `default:"gongkai-data" placeholder:"DIR" help:"Data folder, which no process may have open; default ${default}. (数据目录)"`
	Checkpoint []string `type:"existingfile" placeholder:"FILE" help:"Signed checkpoint kept outside, which its log must continue; may be repeated. (外部保存的检查点)"`
}

// Run folds and verifies, and tells what it found.
func (c *rebuildCommand) Run(s streams) error {
	ctx, stop := interrupted()
	defer stop()
	checkpoints, err := readCheckpoints(c.Checkpoint)
	if err != nil {
		return err
	}
	verdict, err := suite.Rebuild(ctx, c.Data, checkpoints...)
	if verdict != nil {
		describeVerdict(s.out, verdict)
	}
	if err != nil {
		return err
	}
	if err := judge(verdict, c.Data); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "rebuilt 已重建: the totals are folded anew from the logs")
	return err
}
