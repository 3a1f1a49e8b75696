package published_test

import (
	"slices"
	"strings"
	"testing"

	"gongkai/services/law/form/check"
	"gongkai/services/report/published"
)

// narrative is a report on the form of 2007 whose parts two to five say so much.
func narrative(year, disclosed, requests, fees, appeals string) string {
	return "某县水利局" + year + "年政府信息公开工作年度报告\n本报告中所列数据的统计期限自" + year + "年1月1日起至" + year + "年12月31日止。\n一、概述\n我局认真落实《条例》。\n" +
		"二、主动公开政府信息情况\n" + disclosed + "\n三、依申请公开政府信息情况\n" + requests + "\n四、政府信息公开的收费及减免情况\n" + fees + "\n" +
		"五、因政府信息公开申请行政复议、提起行政诉讼情况\n" + appeals + "\n六、存在的主要问题和改进措施\n公开内容还不够全面。\n"
}

// TestRead_Sentences reads the figures of narrative reports as organs write them; what they leave open stays unknown.
func TestRead_Sentences(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       map[string]int64 // in the cell's unit
		unread     []string
		hard       string // the checks of errors
	}{
		{"all told", narrative("2016", "我局主动公开政府信息312条，其中政府文件24条，工作报告1条，应急管理类信息65条，工作动态类信息192条，其他类信息30条。",
			"共收到政府信息公开申请12件，其中当面申请3件，网络申请9件。申请答复12件，同意公开8件，同意部分公开两件，不予公开1件（涉及商业秘密1件），申请信息不存在1件。",
			"共收取检索、复制、邮寄费用合计1,320.5元，减免费用100元。", "因政府信息公开申请行政复议1件，未发生行政诉讼案件。"), map[string]int64{
			"disclosed.total": 312, "disclosed.other": 30, "requests.received": 12, "requests.concluded": 12, "requests.granted": 8, "requests.partial": 2, "requests.denied": 1,
			"requests.denied.business_secret": 1, "requests.denied.privacy": 0, "requests.not_existing": 1, "requests.unclear": 0, "fees.charged": 132050, "fees.waived": 10000,
			"appeals.reconsideration": 1, "appeals.litigation": 0,
		}, nil, ""},
		{"none", narrative("2012", "全年共主动公开信息1,024条，其中：机构职能类信息20条，业务工作类信息957条。", "没有收到公民、法人和其他组织要求公开政府信息的申请。", "本年度未收取任何费用。",
			"未发生因政府信息公开申请行政复议、提起行政诉讼的情况。"), map[string]int64{
			"disclosed.total": 1024, "requests.received": 0, "requests.denied.privacy": 0, "fees.charged": 0, "fees.waived": 0, "appeals.reconsideration": 0, "appeals.litigation": 0,
		}, []string{"disclosed.work_update"}, ""},
		{"some outcomes", narrative("2017", "主动公开政府信息1.2万条。通过政府网站公开3698条。", "共受理信息公开申请1,210件，较上年增加300件。在已经答复的1200件申请中，同意公开的700件，部分公开的100件。",
			"依申请公开收取的费用（检索费、复制费等）为0元。", "针对我局政府信息公开的行政复议案件35件，行政诉讼案件二十一件。"), map[string]int64{
			"disclosed.total": 12000, "requests.received": 1210, "requests.granted": 700, "requests.partial": 100, "fees.charged": 0, "appeals.reconsideration": 35, "appeals.litigation": 21,
		}, []string{"requests.denied", "requests.concluded"}, ""},
		{"more outcomes than answers", narrative("2014", "主动公开政府信息110条。", "收到信息公开申请10件。申请办结数10件，其中同意公开9件，不同意公开2件，其中涉及国家秘密1件，涉及个人隐私1件。", "免费提供。", "无。"), map[string]int64{
			"requests.received": 10, "requests.concluded": 10, "requests.granted": 9, "requests.denied": 2, "requests.denied.state_secret": 1, "requests.not_held": 0, "fees.charged": 0, "appeals.litigation": 0,
		}, nil, "sum.cell"},
		{"more categories than the total", narrative("2015", "主动公开政府信息100条，其中政府文件50条，工作动态60条。", "收到申请零件。", "无", "无"), map[string]int64{
			"disclosed.total": 100, "disclosed.work_report": 0, "requests.received": 0, "fees.charged": 0, "appeals.reconsideration": 0,
		}, nil, "sum.cell"},
		{"of another organ and another year", narrative("2016", "主动公开政府信息110条。", "2015年收到政府信息公开申请7件。县教育局收到政府信息公开申请5件。", "无", "无"), nil, []string{"requests.received"}, ""},
	} {
		r, err := read(t, []byte(c.text), "a.txt", published.Hints{})
		ok(t, err)
		if r.Form.ID != "2007" || r.Organization != "某县水利局" {
			t.Errorf("%s: form %s, of %q", c.name, r.Form.ID, r.Organization)
		}
		for id, want := range c.want {
			if f, told := r.Figures[id]; !told || f.Value != want {
				t.Errorf("%s: %s is %+v, %v, want %d", c.name, id, f, told, want)
			}
		}
		for _, id := range c.unread {
			if f, told := r.Figures[id]; told {
				t.Errorf("%s: %s is %+v, want none", c.name, id, f)
			}
		}
		var hard []string
		for _, f := range check.Run(check.Input{Report: r.Checked(), Forms: forms(t)}) {
			if f.Severity == check.Hard && !slices.Contains(hard, f.Check) {
				hard = append(hard, f.Check)
			}
		}
		if strings.Join(hard, " ") != c.hard {
			t.Errorf("%s: errors %v, want %q", c.name, hard, c.hard)
		}
	}
}
