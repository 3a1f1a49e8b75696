package main

import (
	"time"

	"gongkai/services/law/appeal"
	"gongkai/services/law/explanation"
	"gongkai/services/law/workday"
)

// calcAppealCommand tells where to turn to over an answer.
type calcAppealCommand struct {
	printing
	Organ   string       `env:"-" required:"" enum:"government,agency,department,justice,vertical,branch,authorized,ministry" placeholder:"KIND" help:"Who answered: ${enum}. An agency is a 派出机关 as a sub-district office, a branch a department's 派出机构. (答复机关类型)"`
	Level   string       `env:"-" enum:",province,prefecture,county,township" default:"" placeholder:"LEVEL" help:"How high it stands: province, prefecture, county, township. (层级)"`
	On      workday.Date `env:"-" placeholder:"DATE" help:"Day of the answer, or the last one of the reply period without one; default: today. (答复之日)"`
	Outcome string       `env:"-" placeholder:"ID" help:"Outcome, as gongkai calc grounds lists them, or no_answer: tells what comes first. (办理结果)"`
}

// Help says which kind an organ is.
func (calcAppealCommand) Help() string {
	return `Kinds and levels (机关类型和层级):

    人民政府                                  government, township | county | prefecture | province
    街道办事处、行政公署等派出机关             agency, township | county | prefecture
    政府工作部门                              department, county | prefecture | province
    司法局、司法厅                            justice, county | prefecture | province
    税务、海关、金融、外汇、国家安全机关       vertical
    部门的派出机构（派出所、分局等）           branch, 所属部门的层级
    法律、法规授权的组织                      authorized, county | prefecture | province
    国务院部门                                ministry

    开发区管委会：由政府设立、有派出机关地位的填 agency；由部门设立的填 branch。
    地区所辖的县，上一级人民政府为地区行政公署（《行政复议法》第二十四条第三款）。
    村（居）民委员会不是行政机关，不受理政府信息公开申请；村务公开不及时、不真实的，
    向乡镇、县级人民政府或者主管部门反映（《村民委员会组织法》第三十一条）。

    gongkai calc appeal --organ agency --level township --outcome denied_process`
}

// Run prints the body, and what comes first.
func (c *calcAppealCommand) Run(s streams) error {
	if c.On.IsZero() {
		c.On = workday.On(time.Now())
	}
	a, err := explanation.AppealOver(appeal.Organ{Kind: appeal.Kind(c.Organ), Level: appeal.Level(c.Level)}, c.On, c.Outcome)
	if err != nil {
		return c.refused(err)
	}
	return c.print(s, a, a.Explanation())
}
