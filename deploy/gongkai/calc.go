package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// calcCommand computes what the law says, without server, store or network.
type calcCommand struct {
	Workday  calcWorkdayCommand  `cmd:"" help:"Count working days, or tell whether a day is one. (工作日)"`
	Deadline calcDeadlineCommand `cmd:"" help:"Count the time of a request from what happened to it. (答复期限)"`
	Fee      calcFeeCommand      `cmd:"" help:"Compute the information processing fee. (信息处理费)"`
	Grounds  calcGroundsCommand  `cmd:"" help:"List the outcomes and grounds in force on a day. (办理结果和理由)"`
	Appeal   calcAppealCommand   `cmd:"" help:"Tell which body hears an appeal, and what comes first. (复议机关)"`
	Limits   calcLimitsCommand   `cmd:"" help:"Count the limits of an appeal: to apply, to sue, to reply, to decide. (复议诉讼期限)"`
}

// Help says what all calculations have in common.
func (calcCommand) Help() string {
	return `Each prints how its result comes about, to be put into the file; --output json prints the result alone: dates as 2024-02-05, money in fen. Nothing is kept and no server is asked.

各项计算均打印计算过程，可直接归档；--output json 输出结果：日期为 2024-02-05，金额以分计。不联网，不保存。`
}

// printing is how a calculation prints its result.
type printing struct {
	Output string `env:"-" default:"text" enum:"text,json" help:"Form of the result: ${enum}. (输出格式)"`
	Lang   string `env:"-" default:"zh" enum:"zh,en" help:"Language of the text: ${enum}. (语言)"`
}

// print prints a result, or how it comes about.
func (p printing) print(s streams, result any, lines []law.Label) error {
	if p.Output == "json" {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(result)
	}
	for _, l := range lines {
		line := l.Zh
		if p.Lang == "en" {
			line = l.En
		}
		if _, err := fmt.Fprintln(s.out, line); err != nil {
			return err
		}
	}
	return nil
}

// refused names every rule that a question breaks, with its field; any other error stays as it is.
func (p printing) refused(err error) error {
	var breach *law.Breach
	if !errors.As(err, &breach) {
		return err
	}
	var lines []string
	for _, v := range breach.Violations {
		line := p.say(v)
		if v.Field != "" && v.Field != theFile {
			line = v.Field + ": " + line
		}
		lines = append(lines, line)
	}
	return errors.New(strings.Join(lines, "\n"))
}

// theFile is the field of what is wrong with a file as a whole: its name stands above already.
const theFile = "file"

// say is what users read of a broken rule.
func (p printing) say(v law.Violation) string {
	language := fault.Chinese
	if p.Lang == "en" {
		language = fault.English
	}
	return fault.Text(v, language)
}

// counting is what a calculation needs to count working days.
type counting struct {
	printing
	Holidays string `type:"path" placeholder:"FILE" help:"YAML file of further holiday notices, as a new year's. (补充放假通知)"`
}

func (c counting) calendar() (workday.Calendar, error) { return readCalendar(c.Holidays) }
