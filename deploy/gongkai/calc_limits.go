package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"gongkai/deploy/example/cases"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/explanation"
	"gongkai/services/law/workday"
)

// calcLimitsCommand counts the limits of an appeal.
type calcLimitsCommand struct {
	counting
	File          string       `arg:"" optional:"" help:"Appeal in JSON; - is stdin. (救济案情文件)"`
	Answered      workday.Date `env:"-" placeholder:"DATE" help:"Without a file: day of the answer. (答复之日)"`
	Known         workday.Date `env:"-" placeholder:"DATE" help:"Day on which the applicant knew it, as of the signed receipt. (申请人知道答复之日)"`
	Due           workday.Date `env:"-" placeholder:"DATE" help:"Without an answer: last day of the reply period. (逾期不答复：答复期限届满之日)"`
	RightsNotTold bool         `env:"-" help:"Right, body or period of appeal were not told. (未告知救济权利和期限)"`
	RightsKnown   workday.Date `env:"-" placeholder:"DATE" help:"Day on which they became known all the same. (知道救济权利之日)"`
	RealEstate    bool         `env:"-" help:"The act changes a right in real estate: twenty years instead of five. (因不动产)"`
	Example       string       `env:"-" placeholder:"NAME" help:"Print an example of a file, and stop: act, no_answer, reconsideration, litigation. (打印示例)"`
}

// Help says what can be asked.
func (calcLimitsCommand) Help() string {
	return `How long an applicant may apply for reconsideration or sue, by when the organ has to reply to the reconsideration organ or the court, and their own limits (复议、诉讼的各项期限).

    对答复不服       gongkai calc limits --answered 2024-03-01 --known 2024-03-04
    逾期不答复       gongkai calc limits --due 2024-03-08
    复议、诉讼进行中 gongkai calc limits --example reconsideration > appeal.json
                     gongkai calc limits appeal.json`
}

// Run prints the limits, by who has to keep them.
func (c *calcLimitsCommand) Run(s streams) error {
	if c.Example != "" {
		return printAppeal(s.out, c.Example)
	}
	a, err := c.appeal()
	if err != nil {
		return err
	}
	days, err := c.calendar()
	if err != nil {
		return err
	}
	l, err := a.Limits(days)
	if err != nil {
		return c.refused(err)
	}
	return c.print(s, l, explanation.Limits(l, func(v law.Violation) law.Label {
		return law.Label{Zh: fault.Text(v, fault.Chinese), En: fault.Text(v, fault.English)}
	}))
}

// appeal is what the file or the flags say.
func (c *calcLimitsCommand) appeal() (deadline.Appeal, error) {
	flagged := !c.Answered.IsZero() || !c.Due.IsZero()
	alone := c.Known.IsZero() && c.RightsKnown.IsZero() && !c.RightsNotTold && !c.RealEstate
	switch {
	case c.File != "" && (flagged || !alone):
		return deadline.Appeal{}, errors.New("give a file or dates, not both (文件和日期只能给其一)")
	case c.File != "":
		text, err := readFile(c.File)
		if err != nil {
			return deadline.Appeal{}, err
		}
		a, err := cases.DecodeAppeal(text)
		if err != nil {
			return deadline.Appeal{}, fmt.Errorf("read appeal: %w", err)
		}
		return a, nil
	case c.Answered.IsZero() == c.Due.IsZero():
		return deadline.Appeal{}, errors.New("give --answered DATE, or --due DATE where no answer came, or a file (请给出答复之日、答复期限届满之日或者案情文件)")
	case !c.Due.IsZero() && !alone:
		return deadline.Appeal{}, errors.New("--known, --rights-known and --real-estate go with --answered (逾期不答复不适用)")
	case !c.Due.IsZero():
		return deadline.Appeal{Act: &deadline.Act{On: c.Due, NoAnswer: true}}, nil
	}
	return deadline.Appeal{Act: &deadline.Act{
		On: c.Answered, KnownOn: c.Known, RightsNotTold: c.RightsNotTold || !c.RightsKnown.IsZero(), RightsKnownOn: c.RightsKnown,
		RealEstate: c.RealEstate,
	}}, nil
}

// printAppeal prints an example.
func printAppeal(out io.Writer, name string) error {
	text, err := cases.Files.ReadFile("appeals/" + name + ".json")
	if err != nil {
		return fmt.Errorf("there is no example %q; there are %s (没有这一示例)", name, strings.Join(cases.Appeals(), ", "))
	}
	_, err = out.Write(text)
	return err
}
