package main

import (
	"time"

	"gongkai/services/law/explanation"
	"gongkai/services/law/workday"
)

// calcGroundsCommand lists outcomes and grounds.
type calcGroundsCommand struct {
	printing
	On workday.Date `env:"-" placeholder:"DATE" help:"Day on which the request was received; default: today. (收到申请之日)"`
}

// Run prints the outcomes in the order of the report.
func (c *calcGroundsCommand) Run(s streams) error {
	if c.On.IsZero() {
		c.On = workday.On(time.Now())
	}
	grounds, err := explanation.GroundsOn(c.On)
	if err != nil {
		return c.refused(err)
	}
	return c.print(s, grounds, grounds.Explanation())
}
