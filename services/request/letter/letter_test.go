package letter_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"gongkai/services/chassis/paper"
	"gongkai/services/law"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
	"gongkai/services/request/letter"
)

var update = flag.Bool("update", false, "write the golden files anew")

func on(y int, m, d int) workday.Date {
	date, _ := workday.Parse(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
	return date
}

// full is a case that has a value for everything.
func full() letter.Case {
	return letter.Case{
		Organ: "临江市人民政府办公室", Number: "临政办公开〔2024〕7号", Date: on(2024, 1, 22),
		Office:    letter.Office{Name: "临江市人民政府办公室政务公开科", Phone: "0000-2220000", Address: "临江市人民路1号"},
		Applicant: "王某某", ReceiptNumber: "652701/2024-00007", QueryCode: "K7QF-2M9X", ReceivedOn: on(2024, 1, 5), Channel: "邮寄",
		Description: "临江市2023年城市更新项目的实施方案", Reasons: "第一项理由。\n第二项理由。", Given: "《临江市2023年城市更新项目实施方案》1份。",
		Way: "纸质件邮寄", Withheld: "附件3所列住户的姓名和住址。", Asked: "一、请说明所指项目的名称。\n二、请说明所需信息的年份。", Until: on(2024, 2, 2), Days: 20,
		Due: on(2024, 2, 2), SentOn: on(2024, 1, 10), ThirdParty: "临江市某某建设有限公司",
		OtherOrgan: letter.Office{Name: "临江市自然资源局", Phone: "0000-2221111", Address: "临江市建设路2号"},
		Earlier:    letter.Earlier{On: on(2023, 12, 1), Number: "临政办公开〔2023〕99号"},
		Fee: letter.Fee{
			Standard: "按件计收，一个自然月内第11至30件每件100元，第31件起每10件为一档，每档每件增加100元",
			Detail:   "第11至30件：20件×100元=2000元。\n第31件：1件×200元=200元。", Fen: 2200_00, Way: "缴入临江市财政局非税收入专户",
		},
		Remedy: letter.Remedy{Bodies: []string{"临江市人民政府"}, Online: "https://fy.example.gov.cn/"},
	}
}

// full2007 is such a case of the last day of the Regulation of 2007.
func full2007() letter.Case {
	c := full()
	c.ReceivedOn, c.Date, c.Until, c.Due, c.SentOn = on(2019, 5, 14), on(2019, 6, 4), on(2019, 5, 31), on(2019, 6, 4), on(2019, 5, 16)
	c.Number, c.ReceiptNumber, c.Description = "临政办公开〔2019〕7号", "652701/2019-00007", "临江市2018年城市更新项目的实施方案"
	return c
}

func embedded(t *testing.T) *letter.Set {
	t.Helper()
	set, err := letter.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// Every letter of a full case, as people read it.
func TestGolden(t *testing.T) {
	set := embedded(t)
	var all bytes.Buffer
	write := func(all *bytes.Buffer, k letter.Kind, c letter.Case) {
		d, err := set.Write(k, c)
		if err != nil {
			t.Errorf("%s: %v", k, err)
			return
		}
		fmt.Fprintf(all, "======== %s %s\n\n", k, k.Label().Zh)
		for _, w := range []func() error{
			func() error { return paper.Plain(all, d) },
			func() error { return paper.Docx(new(bytes.Buffer), d) },
			func() error { return paper.HTML(new(bytes.Buffer), d) },
		} {
			if err := w(); err != nil {
				t.Errorf("%s: %v", k, err)
			}
		}
		all.WriteString("\n")
	}
	for _, k := range letter.Kinds() {
		c := full()
		if strings.HasPrefix(string(k), "denied_") && k != "denied_query_matter" {
			c.Remedy.First = letter.Required
		}
		if k == "partial" || k == "denied_query_matter" {
			c.Remedy.First = letter.Recommended
		}
		if _, err := set.Write(k, c); fmt.Sprint(law.Reasons(err)) == "[LETTER_UNKNOWN]" { // only R2007 has it
			c = full2007()
		}
		write(&all, k, c)
		if k == letter.Correction || k == letter.Consultation || k == "partial" { // R2007 has other words for it
			write(&all, k, full2007())
		}
	}
	file := filepath.Join("testdata", "letters.txt")
	if *update {
		if err := os.WriteFile(file, all.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(all.Bytes(), want) {
		t.Errorf("%s differs; see with -update and git diff", file)
	}
}

// Each outcome of the Regulation of 2019 has its letter, under a name and a citation of its own.
func TestKinds(t *testing.T) {
	for _, o := range ground.On(on(2024, 1, 5)) {
		k, err := letter.Answer(o.ID, on(2024, 1, 5), o.Grounds)
		if err != nil || string(k) != o.ID {
			t.Errorf("%s: %s, %v", o.ID, k, err)
		}
	}
	seen := map[law.Label]bool{}
	for _, k := range letter.Kinds() {
		if k.Label().Missing() || seen[k.Label()] {
			t.Errorf("%s: label %v", k, k.Label())
		}
		seen[k.Label()] = true
	}
	if n := len(letter.Kinds()); n != 41 {
		t.Errorf("%d kinds", n)
	}
}

func TestAnswer(t *testing.T) {
	article := func(s ...string) []law.Citation {
		var all []law.Citation
		for _, a := range s {
			all = append(all, law.Citation{Act: law.R2019, Article: a})
		}
		return all
	}
	for _, c := range []struct {
		outcome, received string
		grounds           []law.Citation
		want              letter.Kind
		reasons           string
	}{
		{"granted", "2024-01-05", article("36 item 1"), letter.AlreadyPublic, "[]"},
		{"granted", "2024-01-05", article("36 item 2"), "granted", "[]"},
		{"granted", "2024-01-05", nil, "granted", "[]"},
		{"unable_not_held", "2024-01-05", article("36 item 4"), letter.NotExisting, "[]"},
		{"unable_not_held", "2024-01-05", article("36 item 5"), letter.NotThisOrgan, "[]"},
		{"denied_process", "2019-05-15", article("16(2)"), "denied_process", "[]"}, // the first day of R2019
		{"granted", "2019-05-14", nil, "granted", "[]"},                            // the last day of R2007
		{"denied_privacy", "2019-05-14", nil, "denied_privacy", "[]"},
		{"denied_privacy", "2019-05-15", nil, "", "[OUTCOME_NOT_IN_FORCE]"},
		{"denied_process", "2019-05-14", nil, "", "[OUTCOME_NOT_IN_FORCE]"},
		{"lost", "2024-01-05", nil, "", "[UNKNOWN_OUTCOME]"},
	} {
		received, err := workday.Parse(c.received)
		if err != nil {
			t.Fatal(err)
		}
		k, err := letter.Answer(c.outcome, received, c.grounds)
		if got := fmt.Sprint(law.Reasons(err)); k != c.want || got != c.reasons {
			t.Errorf("%s received on %s: %s, %s", c.outcome, c.received, k, got)
		}
	}
}

// An empty case lacks everything that a letter needs, each named once with its field.
func TestMissing(t *testing.T) {
	set := embedded(t)
	_, err := set.Write("denied_process", letter.Case{})
	var breach *law.Breach
	if !errors.As(err, &breach) {
		t.Fatal(err)
	}
	var fields []string
	for _, v := range breach.Violations {
		if v.Reason != letter.ValueMissing || v.Values["value"] == "" || v.Values["letter_zh"] == "" {
			t.Errorf("%+v", v)
		}
		fields = append(fields, v.Field)
	}
	if got := strings.Join(fields, " "); got != "organ applicant receipt_number received_on description reasons remedy.bodies date" {
		t.Errorf("missing are %s", got)
	}
	for _, k := range letter.Kinds() {
		c := letter.Case{}
		if _, err := set.Write(k, c); fmt.Sprint(law.Reasons(err)) == "[LETTER_UNKNOWN]" {
			c.ReceivedOn = on(2019, 5, 14)
		}
		if _, err := set.Write(k, c); len(law.Reasons(err)) < 3 {
			t.Errorf("%s of nothing: %v", k, err)
		}
	}
	if _, err := set.Write("lost", full()); fmt.Sprint(law.Reasons(err)) != "[LETTER_UNKNOWN]" {
		t.Errorf("an unknown kind: %v", err)
	}
}

// A request that R2007 governs has letters that cite R2007, each outcome one; what R2007 does not know has none.
func TestR2007(t *testing.T) {
	set, received := embedded(t), on(2019, 5, 14)
	for _, o := range ground.On(received) {
		k, err := letter.Answer(o.ID, received, o.Grounds)
		if err != nil {
			t.Fatal(err)
		}
		d, err := set.Write(k, full2007())
		if err != nil {
			t.Errorf("%s: %v", o.ID, err)
			continue
		}
		got := text(d)
		for _, g := range o.Grounds {
			place := strings.TrimPrefix(g.Label().Zh, law.Citation{Act: g.Act}.Label().Zh)
			if !strings.Contains(got, "《中华人民共和国政府信息公开条例》（国务院令第492号）") || !strings.Contains(got, place) {
				t.Errorf("%s does not cite %s:\n%s", o.ID, place, got)
			}
		}
	}
	for k, want := range map[letter.Kind]string{
		letter.Receipt: "（国务院令第492号）第二十四条第二款", letter.Extension: "（国务院令第492号）第二十四条第二款", letter.Correction: "第二十一条第四项的规定，请对下列事项作出更改、补充",
		letter.Consultation: "第二十三条的规定，现书面征求你方意见", letter.ThirdParty: "第十四条第四款、第二十三条", "partial": "第二十二条", letter.RecordFixed: "第二十五条第二款",
		letter.Delay: "[LETTER_NONE_BEFORE]", letter.FeeNotice: "[LETTER_NONE_BEFORE]", letter.CoProducer: "[LETTER_NONE_BEFORE]", "denied_process": "[LETTER_NONE_BEFORE]",
	} {
		d, err := set.Write(k, full2007())
		if got := text(d) + fmt.Sprint(law.Reasons(err)); !strings.Contains(got, want) || strings.Contains(got, "15个工作日内") {
			t.Errorf("%s: %s, want %s", k, got, want)
		}
	}
	if _, err := set.Write("denied_privacy", full()); fmt.Sprint(law.Reasons(err)) != "[LETTER_UNKNOWN]" {
		t.Errorf("an answer of R2007 under R2019: %v", err)
	}
	// Until 2015-04-30 a suit had three months.
	for date, want := range map[workday.Date]string{on(2015, 4, 30): "三个月内", on(2015, 5, 1): "六个月内"} {
		c := full2007()
		c.ReceivedOn, c.Date = on(2015, 4, 15), date
		if d, err := set.Write("granted", c); err != nil || !strings.Contains(text(d), want) {
			t.Errorf("%s: %s, %v, want %s", date, text(d), err, want)
		}
	}
}

// The remedies: what comes first, both periods, every body, the way online (Reconsideration Law 2023 arts. 20, 22, 23; Litigation Law 2017 arts. 45, 46).
func TestRemedy(t *testing.T) {
	set := embedded(t)
	const online = "网上申请行政复议的渠道：https://fy.example.gov.cn/。"
	for _, c := range []struct {
		kind   letter.Kind
		remedy letter.Remedy
		want   string
	}{
		{
			"denied_security",
			letter.Remedy{Bodies: []string{"甲市人民政府"}, First: letter.Required, Online: "https://fy.example.gov.cn/"},
			"如对本答复不服，根据《中华人民共和国行政复议法》第二十三条的规定，应当先申请行政复议，可以自收到本答复之日起六十日内向甲市人民政府提出；对行政复议决定不服的，可以自收到行政复议决定书之日起十五日内依法向人民法院提起行政诉讼。" + online,
		},
		{
			"partial",
			letter.Remedy{Bodies: []string{"甲市人民政府"}, First: letter.Recommended, Court: "乙人民法院"},
			"如对本答复不服，可以自收到本答复之日起六十日内先向甲市人民政府申请行政复议；对行政复议决定不服的，可以自收到行政复议决定书之日起十五日内依法向乙人民法院提起行政诉讼。",
		},
		{
			"granted",
			letter.Remedy{Bodies: []string{"甲市人民政府", "丙省自然资源厅"}},
			"如对本答复不服，可以自收到本答复之日起六十日内向甲市人民政府或者丙省自然资源厅申请行政复议，也可以自收到本答复之日起六个月内依法向人民法院提起行政诉讼。",
		},
		{
			"not_processed_petition",
			letter.Remedy{Bodies: []string{"甲市人民政府"}},
			"如对本告知不服，可以自收到本告知之日起六十日内向甲市人民政府申请行政复议，也可以自收到本告知之日起六个月内依法向人民法院提起行政诉讼。",
		},
	} {
		in := full()
		in.Remedy = c.remedy
		d, err := set.Write(c.kind, in)
		if err != nil {
			t.Fatal(err)
		}
		if got := text(d); !strings.Contains(got, c.want) {
			t.Errorf("%s says\n%s\nwant\n%s", c.kind, got, c.want)
		}
	}
}

func text(d paper.Document) string {
	var out bytes.Buffer
	if err := paper.Plain(&out, d); err != nil {
		return err.Error()
	}
	return out.String()
}

// What stands in a value is text, also if it looks like a template; lines of a value that stands alone are paragraphs.
func TestValues(t *testing.T) {
	in := full()
	in.Organization = true
	in.Description = "{查询码}[?理由]\n## 标题"
	in.Reasons = "{申请人}\r\n\n[!理由]丙"
	in.Grounds = []law.Citation{{Act: law.R2019, Article: "15"}, {Act: law.R2019, Article: "32"}, {Act: law.R2019, Article: "15"}, {Act: law.Form2021}, {Act: law.Fees2020}}
	d, err := embedded(t).Write("denied_third_party", in)
	if err != nil {
		t.Fatal(err)
	}
	got := text(d)
	for _, want := range []string{
		"申请公开“{查询码}[?理由] ## 标题”", "　　{申请人}\n　　[!理由]丙\n", "收到你单位提交的",
		"根据《中华人民共和国政府信息公开条例》第十五条、第三十二条和《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）的规定",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

// The letter to a third party does not say who asks.
func TestConsultation_NoApplicant(t *testing.T) {
	for _, k := range []letter.Kind{letter.Consultation, letter.CoProducer, letter.ThirdParty} {
		d, err := embedded(t).Write(k, full())
		if err != nil {
			t.Fatal(err)
		}
		if got := text(d); strings.Contains(got, "王某某") || strings.Contains(got, "K7QF") {
			t.Errorf("%s tells who asks:\n%s", k, got)
		}
	}
}

// An organ's own template takes the place of its namesake; all others stay.
func TestLoad(t *testing.T) {
	const own = "\ufeff# 我们的回执\r\n标题：回执\r\n称呼：{申请人}\r\n[?发]附注：丙\r\n"
	sets, err := letter.Load(fstest.MapFS{
		"652701201/extension.txt": {Data: []byte("标题：甲镇的延期\n\n延{延长天数}日\n")},
		"receipt.txt":             {Data: []byte(strings.ReplaceAll(own, "[?发]", "[?查询码]") + "\r\n## 一、{登记编号}\r\n[!理由]无\r\n[?理由]{理由}\r\n")},
		"README.md":               {Data: []byte("{不管}")},
	})
	if err != nil {
		t.Fatal(err)
	}
	set := sets.Of("652701")
	d, err := set.Write(letter.Receipt, full())
	if err != nil {
		t.Fatal(err)
	}
	const want = "　　　　　　　　　　　　　回执\n　　　　　　　　 临政办公开〔2024〕7号\n\n王某某：\n　　一、652701/2024-00007\n　　第一项理由。\n　　第二项理由。\n\n" +
		"　　　　　　　　　　　　　　　 临江市人民政府办公室\n　　　　　　　　　　　　　　　　　 2024年1月22日\n　　（丙）\n"
	if got := text(d); got != want {
		t.Errorf("got\n%s", got)
	}
	if _, err := set.Write(letter.Correction, full()); err != nil {
		t.Error(err)
	}
	for organization, own := range map[string]bool{"652701201": true, "652701202": false} { // one organ's own beside all organs'
		extended, err := sets.Of(organization).Write(letter.Extension, full())
		if err != nil || strings.Contains(text(extended), "甲镇的延期") != own {
			t.Errorf("%s: %v\n%s", organization, err, text(extended))
		}
		if r, err := sets.Of(organization).Write(letter.Receipt, full()); err != nil || text(r) != want {
			t.Errorf("%s: %v\n%s", organization, err, text(r))
		}
	}
}

// Each fault is told with file and line, all of them at once.
func TestLoad_Refused(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"placeholder": {"receipt.txt", "标题：{标}\n\n甲{查询}\n[?没有]乙\n", []string{"receipt.txt:1: there is no placeholder \"标\"", "receipt.txt:3: there is no placeholder \"查询\"", "receipt.txt:4: "}},
		"brace":       {"fee.txt", "标题：甲\n\n乙{申请人\n丙}\n{申{请}人}\n", []string{"fee.txt:3: { and }", "fee.txt:4: ", "fee.txt:5: "}},
		"bracket":     {"fee.txt", "标题：甲\n\n[?理由\n", []string{"fee.txt:3: [ has no ]"}},
		"head":        {"fee.txt", "标题：甲\n收件：乙\n\n丙", []string{"fee.txt:2: the head has only"}},
		"no title":    {"fee.txt", "\n甲", []string{"fee.txt:2: the head has only", "fee.txt: it has no 标题", "fee.txt: it has no body"}},
		"empty":       {"fee.txt", "", []string{"fee.txt: it has no 标题", "fee.txt: it has no body"}},
		"name":        {"reciept.txt", "标题：甲\n\n乙", []string{"reciept.txt: there is no such letter; names are receipt"}},
		"below":       {"652701201/fee.txt", "标题：甲\n\n{乙}", []string{"652701201/fee.txt:3: there is no placeholder"}},
		"no organ":    {"镇/fee.txt", "标题：甲\n\n乙", []string{"镇: it is no organisation's code"}},
		"encoding":    {"fee.txt", "\xb1\xea", []string{"fee.txt: it is not UTF-8"}},
		"size":        {"fee.txt", strings.Repeat("长", 30000), []string{"fee.txt: it is larger than 64 KB"}},
	} {
		_, err := letter.Load(fstest.MapFS{c.file: {Data: []byte(c.text)}})
		if err == nil {
			t.Errorf("%s: not refused", name)
			continue
		}
		var fault *letter.Fault
		if !errors.As(err, &fault) || !strings.HasPrefix(c.file, fault.File) {
			t.Errorf("%s: %v is no fault of the file", name, err)
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q is not told: %v", name, want, err)
			}
		}
	}
}

// Every article that a template names itself is one that the Regulation of 2019 has; all else is cited by the grounds.
func TestTemplates_Cite(t *testing.T) {
	cited := map[string]bool{}
	files, err := filepath.Glob("templates/*.txt")
	if err != nil || len(files) != len(letter.Kinds()) {
		t.Fatalf("%d templates, %v", len(files), err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range regexp.MustCompile(`《[^》]*》(第[零一二三四五六七八九十百]+[条款项])+`).FindAllString(string(content), -1) {
			cited[place] = true
		}
	}
	want := map[string]bool{
		law.Citation{Act: law.R2019, Article: "33"}.Label().Zh: true, // delay.txt: the periods of art. 33
	}
	for place := range cited {
		if !want[strings.Replace(place, "中华人民共和国政府信息公开条例》", "政府信息公开条例》(2019)", 1)] {
			t.Errorf("a template cites %s", place)
		}
	}
	if len(cited) != len(want) {
		t.Errorf("the templates cite %v", cited)
	}
}

func FuzzLoad(f *testing.F) {
	files, err := fs.Glob(os.DirFS("templates"), "*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files[:4] {
		content, err := os.ReadFile(filepath.Join("templates", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(content), "王某某")
	}
	f.Add("标题：{理由}\n\n[?理由][!查询码]{理由}}{", "{理由}\n")
	f.Fuzz(func(t *testing.T, template, value string) {
		set, err := letter.Load(fstest.MapFS{"receipt.txt": {Data: []byte(template)}})
		if err != nil {
			return
		}
		c := full()
		c.Reasons, c.Description, c.Applicant = value, value, value
		d, err := set.Of("").Write(letter.Receipt, c)
		if err != nil {
			if law.Reasons(err) == nil {
				t.Errorf("%v is no breach", err)
			}
			return
		}
		if err := paper.Docx(new(bytes.Buffer), d); err != nil {
			t.Error(err)
		}
	})
}
