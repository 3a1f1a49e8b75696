package form_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongkai/services/law/form"
)

// What the text of a report tells, and what it seems to tell and may not be about: cell=number, with ? where it is
// doubtful and ~ where it is loose. What is told loosely beside other words is left out. Of a sum of cells the first names
// it.
func TestSayings(t *testing.T) {
	forms, err := form.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		form, text string
		want       string
	}{
		{"2021", "2023年，我局共收到政府信息公开申请1,234件，上年结转３件，结转下年度继续办理2件。", "t3.received.total=1234 t3.carried_over.total=3 t3.carried_forward.total=2"},
		{"2021", "全年新收到依申请公开政府信息申请十二件，办结十二件。", "t3.received.total=十二 t3.concluded.total=十二"},
		{"2021", "收到政府信息依申请公开办理事项1件，已在规定时间内办结答复。", "t3.received.total=1"},
		{"2021", "共收到依申请信息公开26件，及时回复申请人", "t3.received.total=26"},
		{"2021", "收到70件政府信息公开申请（含上年结转3件）。", "t3.received.total=70? t3.carried_over.total=3"},
		{"2021", "收到政府信息公开申请70件（含上年结转3件）。", "t3.received.total=70? t3.carried_over.total=3"},
		{"2021", "较上年收到政府信息公开申请增加12件。", ""},
		{"2021", "2022年收到政府信息公开申请9件。", "t3.received.total=9?"},
		{"2021", "区教育局收到政府信息公开申请5件，部分公开2件。", "t3.received.total=5? t3.partial.total=2?"},
		{"2021", "某县水利局收到政府信息公开申请5件。", "t3.received.total=5"},
		{"2021", "区政府本级收到政府信息公开申请20件。", "t3.received.total=20?"},
		{"2021", "未收到法人或者其他组织对依申请公开政府信息的申请。", "t3.received.total=0"},
		{"2021", "本年度未收到政府信息公开申请，未发生因政府信息公开申请行政复议、提起行政诉讼的情况。", "t3.received.total=0 t4.reconsideration.total=0 t4.litigation.direct.total=0"},
		{"2021", "无因政府信息公开引起的行政复议案件被纠正。", ""},
		{"2021", "政府信息公开行政复议、行政诉讼均为0件。", "t4.reconsideration.total=0 t4.litigation.direct.total=0"},
		{"2021", "信息公开类行政复议7件，诉讼9件，均获维持。", "t4.reconsideration.total=7 t4.litigation.direct.total=9"},
		{"2021", "办理行政复议案件120件。", "t4.reconsideration.total=120?"},
		{"2021", "依申请公开：予以公开38件、部分公开5件，不予公开3件。", "t3.granted.total=38 t3.partial.total=5 t3.denied.state_secret.total=3"},
		{"2021", "对申请予以公开及部分公开258件，占33.9%。", "t3.partial.total=258?"},
		{"2021", "按时答复申请65件，延期答复2件。", "t3.concluded.total=65? t3.concluded.total=2?"},
		{"2021", "办结12345热线工单1200件。", ""},
		{"2021", "承办建议提案35件，全部办结35件。", "t3.concluded.total=35?"},
		{"2021", "公开行政许可25条，行政处罚13条。", ""},
		{"2021", "全年作出行政许可决定8.8万件。", "t2.licences.decisions=8.8万"},
		{"2021", "收取行政事业性收费315.6万元。", "t2.charges.amount=315.6"},
		{"2007", "2016年收到申请12件，其中当面申请3件，网络申请9件，传真申请0件。", "requests.received=12 annex.requests.received=12 annex.requests.in_person=3 annex.requests.network=9 annex.requests.fax=0"},
		{"2007", "对信息公开申请答复12件，同意公开8件，同意部分公开两件，不予公开1件，信息不存在1件。", "requests.concluded=12 annex.requests.answered=12 requests.granted=8 annex.requests.granted=8 requests.partial=两 annex.requests.partial=两 requests.denied=1 annex.requests.denied=1 requests.not_existing=1 annex.requests.not_existing=1"},
		{"2007", "依申请公开收取检索、复制费用共计1,200元，减免费用300元。", "fees.charged=1200 annex.fees=1200 fees.waived=300"},
		{"2007", "没有收取任何费用。", "fees.charged=0 annex.fees=0"},
		{"2007", "因政府信息公开引起行政复议1件，未发生行政诉讼。", "appeals.reconsideration=1 annex.reconsiderations=1 appeals.litigation=0 annex.litigations=0"},
		{"2021", "共受理政府信息公开申请15件，其中新收到14件，结转上年度办理1件，结转下年度继续办理2件。", "t3.received.total=15? t3.carried_over.total=1 t3.carried_forward.total=2"},
		{"2021", "申请办理结果：予以公开35件；部分予以公开1件。", "t3.granted.total=35 t3.granted.total=1? t3.partial.total=1"},
		{"2021", "全年无因信息公开导致行政复议以及行政诉讼的情况。", "t4.reconsideration.total=0 t4.litigation.direct.total=0"},
		{"2021", "收到行政复议申请3件，均非政府信息公开类。", "t4.reconsideration.total=3?"},
		{"2021", "收到政府信息公开申请5件，未收到其他渠道的申请。", "t3.received.total=5 t3.received.total=0?"},
		{"2021", "未发生针对本单位信息公开事务的行政复议案、行政诉讼案和申诉案。", "t4.reconsideration.total=0 t4.litigation.direct.total=0"},
		{"2021", "政府信息公开工作没有发生行政诉讼案件败诉的情况。", ""},
		{"2021", "政府信息公开行政复议、行政诉讼案件24件。", "t4.litigation.direct.total=24?"},
		{"2021", "办理政府信息公开申请答复26件，指导基层答复政府信息公开申请300余件。", "t3.concluded.total=26 t3.concluded.total=300余?"},
		{"2007", "2016年，水利局累计主动公开政府信息300余条。", "disclosed.total=300余 annex.disclosed=300余"},
		{"2007", "截至2016年底，累计主动公开政府信息4100条。", "disclosed.total=4100? annex.disclosed=4100?"},
		{"2007", "我县自《条例》施行以来主动公开政府信息4100条。", "disclosed.total=4100? annex.disclosed=4100?"},
		{"2007", "全年通过门户网站发布各类信息46条。", "disclosed.total=46~ annex.disclosed=46~"},
		{"2007", "政府网站公开信息36条，政务微信公开信息21条。", "disclosed.total=36?~ annex.disclosed=36?~ disclosed.total=21?~ annex.disclosed=21?~"},
		{"2007", "我局没有接到群众要求公开政府信息的申请。", "requests.received=0 annex.requests.received=0"},
		{"2007", "收到群众提出的公开申请2件。", "requests.received=2 annex.requests.received=2"},
		{"2007", "没有产生对公民、法人和其他组织的收费情况。", "fees.charged=0 annex.fees=0"},
		{"2007", "其中：计划总结信息24条、工作动态信息数139条、其他类信息9条。", "disclosed.work_update=139 disclosed.other=9"},
		{"2007", "截至2016年底，我局累计主动公开2016年度政府信息28条。", "disclosed.total=28 annex.disclosed=28"},
		{"2007", "没有违规收费情况。", "fees.charged=0? annex.fees=0?"},
		{"2007", "没有依申请公开政府信息办理事项。", "requests.received=0 annex.requests.received=0"},
		{"2007", "未发生超期答复申请的情况。", ""},
		{"2007", "县政府收到申请7件。某县水利局收到申请5件。", "requests.received=7? annex.requests.received=7? requests.received=5 annex.requests.received=5"},
		{"2007", "在已经答复的9件申请中，“同意公开”的7件，占总数的78%。", "requests.concluded=9 annex.requests.answered=9 requests.granted=7 annex.requests.granted=7"},
		{"2007", "申请同意公开答复29件，申请补正信息的2件。", "requests.concluded=29? annex.requests.answered=29? requests.granted=29 annex.requests.granted=29 requests.unclear=2 annex.requests.unclear=2"},
		{"2007", "依申请收取检索、复印、邮递等成本费用共计0元，减免收取检索费用共计20元。", "fees.charged=0 annex.fees=0 fees.charged=20? annex.fees=20? fees.waived=20"},
		{"2007", "未发生信息公开收费和减免情况。", "fees.charged=0 annex.fees=0 fees.waived=0"},
		{"2007", "无一例因政府信息公开申请行政复议和提起行政诉讼发生。", "appeals.reconsideration=0 annex.reconsiderations=0 appeals.litigation=0 annex.litigations=0"},
		{"2007", "主动公开政府信息1.2万条", "disclosed.total=1.2万 annex.disclosed=1.2万"},
	} {
		f, _ := forms.Get(c.form)
		var got []string
		for _, m := range f.Mentions {
			for _, s := range m.In(form.Plain(c.text), form.Speaker{Name: "某县水利局", Year: map[string]int{"2021": 2023, "2007": 2016}[c.form]}) {
				one := m.Cells[0] + "=" + s.Number
				if s.Doubtful {
					one += "?"
				}
				if s.Loose {
					one += "~"
				}
				got = append(got, one)
			}
		}
		want := strings.Fields(c.want)
		got = slices.DeleteFunc(slices.Clone(got), func(one string) bool {
			sure, loose := strings.CutSuffix(one, "~")
			return loose && slices.Contains(got, sure)
		})
		slices.Sort(got)
		got = slices.Compact(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %s\n got %v\nwant %v", c.form, c.text, got, want)
		}
	}
}

// Numbers as texts write them, in the unit of the cell: things, or fen where the form prints yuan or 10 000 yuan.
func TestCellRead(t *testing.T) {
	things, yuan, wan := form.Cell{Unit: form.Count}, form.Cell{Unit: form.Fen}, form.Cell{Unit: form.Fen, Printed: form.WanYuan}
	for _, c := range []struct {
		cell   form.Cell
		number string
		want   string // value±slack; empty: no number of the cell
	}{
		{things, "12", "12±0"},
		{things, "0", "0±0"},
		{things, "1.5", ""},
		{things, "3.0", "3±0"},
		{things, "1.2万", "12000±1000"},
		{things, "3万", "30000±10000"},
		{things, "200余", "200±100"},
		{things, "755多", "755±10"},
		{things, "1.2万余", "12000±1000"},
		{things, "三十余", "30±10"},
		{things, "零", "0±0"},
		{things, "两", "2±0"},
		{things, "十", "10±0"},
		{things, "十二", "12±0"},
		{things, "二十", "20±0"},
		{things, "一百零五", "105±0"},
		{things, "一千二百三十四", "1234±0"},
		{things, "三万五千", "35000±0"},
		{things, "二〇", "20±0"},
		{things, "一百一十", "110±0"},
		{things, "两千", "2000±0"},
		{things, "999999999999亿", ""},
		{yuan, "320", "32000±0"},
		{yuan, "320.5", "32050±0"},
		{yuan, "0.005", ""},
		{yuan, "1.2万", "1200000±100000"},
		{wan, "315.6", "315600000±0"},
		{wan, "两", "2000000±0"},
	} {
		got := ""
		if value, slack, ok := c.cell.Read(c.number); ok {
			got = fmt.Sprintf("%d±%d", value, slack)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.number, got, c.want)
		}
	}
	if !things.Agrees("1.2万", 12_340) || things.Agrees("1.2万", 13_000) || things.Agrees("12", 13) || !things.Agrees("十二", 12) {
		t.Error("agrees with what it does not")
	}
}
