package main

import (
	"errors"
	"time"

	"gongkai/services/law/explanation"
	"gongkai/services/law/fee"
	"gongkai/services/law/workday"
)

// calcFeeCommand computes a fee.
type calcFeeCommand struct {
	printing
	Items    *int         `env:"-" xor:"schedule" placeholder:"N" help:"By item: how many this request has. (按件计收：本次件数)"`
	Pages    *int         `env:"-" xor:"schedule" placeholder:"N" help:"By page: how many are given, A4, one side one page. (按量计收：页数)"`
	Already  int          `env:"-" placeholder:"N" help:"By item: how many the same applicant had asked the same organ for in the month before these. (本月此前件数)"`
	Received workday.Date `env:"-" placeholder:"DATE" help:"Day of receipt; default: today. (收到申请之日)"`
	Outcome  string       `env:"-" placeholder:"ID" help:"Outcome, as gongkai calc grounds lists them, to check that the fee fits it. (办理结果)"`
	Given    string       `env:"-" enum:",nothing,way,paper,email,copied_data" default:"" placeholder:"WHAT" help:"What the answer gives: nothing, way (only where to find what is public), paper, email or copied_data. (提供方式)"`
}

// Run prints the fee.
func (c *calcFeeCommand) Run(s streams) error {
	if c.Received.IsZero() {
		c.Received = workday.On(time.Now())
	}
	f, err := c.charge()
	if err == nil && c.Outcome != "" && f.Regime == fee.Processing {
		err = fee.Fits(f.Schedule, c.Received, c.Outcome, fee.Given(c.Given))
	}
	if err != nil {
		return c.refused(err)
	}
	return c.print(s, f, explanation.Fee(f))
}

func (c *calcFeeCommand) charge() (fee.Fee, error) {
	switch {
	case c.Items != nil:
		return fee.ByItem(c.Received, c.Already, *c.Items)
	case c.Pages == nil:
		return fee.Fee{}, errors.New("give --items N or --pages N (请给出件数或页数)")
	case c.Already != 0:
		return fee.Fee{}, errors.New("--already goes with --items: the pages of other requests are not added (按量计收不累加)")
	}
	return fee.ByPage(c.Received, *c.Pages)
}
