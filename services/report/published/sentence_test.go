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
			"disclosed.total": 12000, "requests.received": 1210, "requests.concluded": 1200, "requests.granted": 700, "requests.partial": 100, "fees.charged": 0, "appeals.reconsideration": 35, "appeals.litigation": 21,
		}, []string{"requests.denied"}, ""},
		{"more outcomes than answers", narrative("2014", "主动公开政府信息110条。", "收到信息公开申请10件。申请办结数10件，其中同意公开9件，不同意公开2件，其中涉及国家秘密1件，涉及个人隐私1件。", "免费提供。", "无。"), map[string]int64{
			"requests.received": 10, "requests.concluded": 10, "requests.granted": 9, "requests.denied": 2, "requests.denied.state_secret": 1, "requests.not_held": 0, "fees.charged": 0, "appeals.litigation": 0,
		}, nil, "sum.cell"},
		{"more categories than the total", narrative("2015", "主动公开政府信息100条，其中政府文件50条，工作动态60条。", "收到申请零件。", "无", "无"), map[string]int64{
			"disclosed.total": 100, "disclosed.work_report": 0, "requests.received": 0, "fees.charged": 0, "appeals.reconsideration": 0,
		}, nil, "sum.cell"},
		{"about so many", narrative("2013", "全年主动公开政府信息200余条，其中政府文件类85条，工作动态类130条。", "2013年度我局没有依申请公开政府信息办理事项。", "我局对申请公开政府信息暂免收费。",
			"2013年未发生针对本单位有关政府信息公开事务的行政复议案、行政诉讼案和有关的申诉案。"), map[string]int64{
			"disclosed.total": 200, "disclosed.government_document": 85, "disclosed.work_update": 130, "requests.received": 0, "requests.granted": 0, "fees.charged": 0, "appeals.reconsideration": 0, "appeals.litigation": 0,
		}, nil, ""},
		{"sums over years and media", narrative("2011", "2011年，我局主动公开政府信息90条。通过政务微博公开信息400条。自《条例》施行以来，截至2011年12月31日，共主动公开政府信息812条。",
			"目前我局尚未收到政府信息公开申请。", "2011年度及历年来，我局政府信息公开没有收费及减免的情况。", "县水利局收到有关政府信息公开行政复议申请0件，未发生行政诉讼。"), map[string]int64{
			"disclosed.total": 90, "requests.received": 0, "fees.charged": 0, "fees.waived": 0, "appeals.reconsideration": 0, "appeals.litigation": 0,
		}, nil, ""},
		{"in quotation marks, under a heading", narrative("2017", "我局全年发布各类信息88条。", "本局2017年共受理信息公开申请10件，其中当面申请1宗，网上申请9宗。\n在已经答复的9件申请中，“同意公开”的5件，占56%。\n“同意部分公开”1件，占11%。\n“不予公开”的1件，占11%。\n“非本机关政府信息”的2件，占22%。",
			"依申请公开收取的费用（检索费、复制费等）为0元。", "2017年度共受理行政复议案件2件，当事人均已撤回。行政诉讼案件4件，其中1件已撤回。"), map[string]int64{
			"disclosed.total": 88, "requests.received": 10, "requests.concluded": 9, "requests.granted": 5, "requests.partial": 1, "requests.denied": 1, "requests.not_held": 2, "requests.not_existing": 0, "fees.charged": 0,
			"appeals.reconsideration": 2, "appeals.litigation": 4,
		}, nil, ""},
		{
			"a part of the appeals", narrative("2013", "主动公开政府信息110条。", "收到申请12件。", "未收费。", "县政府所属机构未发生行政复议和行政诉讼案件。"),
			map[string]int64{"requests.received": 12},
			[]string{"appeals.reconsideration", "appeals.litigation"},
			"",
		},
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

// TestRead_NarrativeLayouts reads narrative reports whose parts stand in another order, have other headings, or are run together.
func TestRead_NarrativeLayouts(t *testing.T) {
	for _, c := range []struct {
		name, text, organ string
		year              int
	}{
		{"fees behind appeals, headings of their own", "示例乡2014年政府信息公开工作年度报告\n一、基本概况\n我乡认真落实《条例》。\n二、政府信息主动公开情况\n2014年我乡主动公开政府信息160条。\n三、政府信息依申请公开情况\n" +
			"2014年我乡未收到政府信息公开申请。\n四、政府信息公开复议、诉讼情况\n无。\n五、政府信息公开支出与收费\n未收取任何政府信息公开费用。\n六、存在的主要问题和改进措施\n还不全面。", "示例乡", 2014},
		{"run together, titled in two lines", "示例县文化局2013年度信息公开工作\n年度报告\n本报告数据的统计期限自2013年1月1日起至2013年12月31日止。 一、概述 2013年，我局认真落实《条例》。 二、主动公开情况 2013年共主动公开政府信息160条。 " +
			"三、依申请公开情况 未收到政府信息公开申请。 四、收费及减免情况 未收取任何费用。 五、行政复议、行政诉讼情况 未发生行政复议、行政诉讼。 六、存在的主要问题 还不全面。", "示例县文化局", 2013},
		{"without a title", "本报告是根据《条例》要求，由示例市示例区示例街道办事处编制的2016年度政府信息公开年度报告。\n一、概述\n我街道认真落实《条例》。\n二、政府信息主动公开情况\n2016年，示例街道共主动公开信息160条。\n" +
			"三、政府信息依申请公开情况\n本街道2016年未收到政府信息公开申请。\n四、人员和收支情况\n2016年，本机关未收取依申请提供政府信息的检索、复印等费用。\n五、因政府信息公开申请行政复议、提起行政诉讼的情况\n均无。\n六、主要问题和改进措施\n还不全面。", "示例市示例区示例街道办事处", 2016},
		{"signed, the year in its sentences", "2014年，我镇主动公开政府信息数160条，其中，综合政务100条；教育60条。\n三、政府信息依申请公开情况\n2014年，我镇没有依申请公开政府信息办理事项。\n四、收费及减免情况\n2014年，我镇没有收费及减免的情况。\n" +
			"五、行政复议、诉讼和申诉情况\n未发生行政复议案、行政诉讼案。\n六、存在问题及改进措施\n还不全面。\n示例镇人民政府\n2015年1月10日", "示例镇人民政府", 2014},
		{"on the headings of 2019, for an earlier year", "示例县统计局2012年政府信息公开工作年度报告\n一、总体情况\n2012年工作平稳。\n二、主动公开政府信息情况\n2012年，全局累计主动公开政府信息160条。\n三、收到和处理政府信息公开申请情况\n" +
			"2012年度，本单位未收到申请公开政府信息件。\n四、政府信息公开行政复议、行政诉讼情况\n未发生。\n五、存在的主要问题及改进情况\n还不全面。\n六、其他需要报告的事项\n未收费。", "示例县统计局", 2012},
	} {
		r, err := read(t, []byte(c.text), "a.txt", published.Hints{})
		ok(t, err)
		if r.Form.ID != "2007" || r.Organization != c.organ || r.Year != c.year {
			t.Errorf("%s: form %s, of %q, year %d", c.name, r.Form.ID, r.Organization, r.Year)
		}
		for id, want := range map[string]int64{"disclosed.total": 160, "requests.received": 0, "requests.granted": 0, "fees.charged": 0, "appeals.reconsideration": 0, "appeals.litigation": 0} {
			if f, told := r.Figures[id]; !told || f.Value != want {
				t.Errorf("%s: %s is %+v, %v, want %d", c.name, id, f, told, want)
			}
		}
		for _, f := range check.Run(check.Input{Report: r.Checked(), Forms: forms(t)}) {
			if f.Severity < check.Note {
				t.Errorf("%s: %s: %s, %s", c.name, f.Check, f.Table.Zh, f.Found)
			}
		}
	}
}
