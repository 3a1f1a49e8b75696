package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"gongkai/deploy/example/cases"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/explanation"
)

// calcDeadlineCommand counts the time of a case.
type calcDeadlineCommand struct {
	counting
	File    string `arg:"" optional:"" help:"Case in JSON; - is stdin. (案情文件)"`
	Example string `env:"-" placeholder:"STEP" help:"Print an example of a case with this step, and stop. (打印示例)"`
}

// Help says what a case is.
func (calcDeadlineCommand) Help() string {
	return `A case is JSON: the day of receipt (received_on, or receipt: how it came), events in any order, each with its kind and day (on), and if wanted the day on which it is asked (as_of). It holds no personal data.

案情用 JSON 写明收到申请之日（received_on，或者 receipt：怎样收到）、各个步骤（events，先后不限，各有 kind 和日期 on），需要时写明按哪一天查看（as_of）。不含个人信息。

    gongkai calc deadline --example extended > case.json    先打印一个示例，照样修改
    gongkai calc deadline case.json                         计算

Kinds of step, each with what it has beside its day; --example prints a case for each, and for received and receipt (步骤种类):

` + stepList()
}

// stepList are the kinds of step with their names in Chinese and the fields that each has.
func stepList() string {
	fields := map[deadline.EventKind]string{
		deadline.CorrectionAsked: "until", deadline.Corrected: "good_reason", deadline.Extended: "days, agreed_by", deadline.Delayed: "until",
		deadline.Answered: "delivery, outcome, article", deadline.NewAnswerOrdered: "days + unit / until, by_court, procedural",
	}
	var b strings.Builder
	for _, k := range deadline.EventKinds() {
		line := fmt.Sprintf("    %-22s%s", k, k.Label().Zh)
		switch f := fields[k]; {
		case f != "":
			line += " (" + f + ")"
		case k.Consultation():
			line += " (party)"
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// mostCase is the size of the largest file of a case.
const mostCase = 1 << 20

// Run prints how the time of the case is counted.
func (c *calcDeadlineCommand) Run(s streams) error {
	if c.Example != "" {
		return printExample(s.out, c.Example)
	}
	if c.File == "" {
		return errors.New("give a file with a case, or - for stdin; --example STEP prints one (请给出案情文件)")
	}
	days, err := c.calendar()
	if err != nil {
		return err
	}
	text, err := readFile(c.File)
	if err != nil {
		return err
	}
	in, err := cases.Decode(text)
	if err != nil {
		return fmt.Errorf("read case: %w", err)
	}
	t, err := deadline.Of(in, days)
	if err != nil {
		return c.refused(err)
	}
	return c.print(s, t, explanation.Timeline(t, func(v law.Violation) law.Label {
		return law.Label{Zh: fault.Text(v, fault.Chinese), En: fault.Text(v, fault.English)}
	}))
}

// readFile reads a file of a case, or stdin.
func readFile(file string) ([]byte, error) {
	in := io.Reader(os.Stdin)
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("read case: %w", err)
		}
		defer f.Close() //nolint:errcheck // nothing was written to it
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, mostCase+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read case: %w", err)
	case len(text) > mostCase:
		return nil, fmt.Errorf("read case: more than %d bytes (文件过大)", mostCase)
	}
	return text, nil
}

// printExample prints the case with a step.
func printExample(out io.Writer, step string) error {
	text, err := cases.Files.ReadFile(step + ".json")
	if err != nil {
		return fmt.Errorf("there is no step %q; there are %s (没有这一步骤)", step, strings.Join(cases.Steps(), ", "))
	}
	_, err = out.Write(text)
	return err
}
