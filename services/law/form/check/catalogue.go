package check

import (
	"maps"
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/form"
)

// Definition is a check: what it asks for, and what to do where that is not so.
type Definition struct {
	ID       string
	Severity Severity
	Basis    form.Basis
	Source   law.Citation // zero where the check is arithmetic or the suite's own
	Text     law.Label
	Remedy   law.Label
}

var (
	format   = law.Citation{Act: law.R2019, Article: "50(2)"}
	contents = law.Citation{Act: law.R2019, Article: "50(1)"}
	deadline = law.Citation{Act: law.R2019, Article: "49"}
	fees     = law.Citation{Act: law.Fees2020}
	// separated prints the rule in the row itself: 区分处理的，只计这一情形，不计其他情形.
	separated = law.Citation{Act: law.Form2021}
)

// Catalogue returns the checks that every form has, by id, and those of a form; the form may be nil.
func Catalogue(f *form.Form) []Definition {
	all := catalogue()
	if f != nil {
		for _, e := range f.Equations() {
			if _, known := all[e.Check]; !known {
				all[e.Check] = defined(f, e)
			}
		}
	}
	sorted := make([]Definition, 0, len(all))
	for _, id := range slices.Sorted(maps.Keys(all)) {
		sorted = append(sorted, all[id])
	}
	return sorted
}

// defined is the check of an identity of a form.
func defined(f *form.Form, e form.Equation) Definition {
	d := Definition{ID: e.Check, Severity: Hard, Basis: e.Basis, Text: e.Label, Remedy: e.Remedy}
	if e.Basis == form.Printed && len(f.Source.Citations) > 0 {
		d.Source = f.Source.Citations[0]
	}
	return d
}

// The checks of the catalogue.
const (
	FigureBlank      = "figure.blank"
	FigureSlash      = "figure.slash"
	FigureUnreadable = "figure.unreadable"
	FigureNegative   = "figure.negative"
	FigureNone       = "figure.none"
	FigureStrange    = "figure.strange"
	FigureMerged     = "figure.merged"

	PreviousPeriod = "years.previous"
	NoPredecessor  = "years.no_predecessor"

	FormFitsYear  = "who.form_fits_year"
	PeriodStated  = "who.period_stated"
	OrganExisted  = "who.organ_existed"
	OneReport     = "who.one_report"
	MayRegulate   = "who.regulations"
	LevelsAdd     = "levels.sum"
	LevelsMissing = "levels.missing"
	LevelsForm    = "levels.form"

	TextMissing    = "text.missing"
	TextFigures    = "text.figures"
	TextParts      = "text.parts"
	TextShare      = "text.share"
	TextFees       = "text.fees"
	TextAssessment = "text.assessment"
	FeeNotices     = "records.fee_notices"
	PartialDenied  = "cross.partial_denied"
	HandledAnew    = "cross.handled_anew"

	Jump          = "soft.jump"
	ZeroAmongBusy = "soft.zero_among_peers"
	TextAlike     = "soft.text_alike"
	StateSecret   = "soft.state_secret"
	OneDay        = "soft.one_day"
)

// catalogue is the table of checks. It is a function, so that nothing can change it.
func catalogue() map[string]Definition {
	all := make(map[string]Definition)
	for _, rows := range [][]Definition{figureChecks(), whoChecks(), crossChecks(), softChecks()} {
		for _, d := range rows {
			all[d.ID] = d
		}
	}
	return all
}

func zh(zh, en string) law.Label { return law.Label{Zh: zh, En: en} }

func figureChecks() []Definition {
	fill := zh("填写数字；没有的填 0", "Fill in a number; 0 where there is none")
	total := zh("核对各分项与总计，改正有误的一项", "Compare the parts with the total and correct the one that is wrong")
	return []Definition{
		{FigureBlank, Hard, form.Reading, format, zh("单元格空白", "The cell is blank"), fill},
		{FigureSlash, Hard, form.Reading, format, zh("单元格填了斜杠或短横，不是数字", "A stroke stands in place of a figure"), fill},
		{FigureUnreadable, Hard, form.Reading, format, zh("应为数字（件数为整数，万元可有小数）", "It has to be a number: whole for things, with decimals for amounts"), fill},
		{FigureNegative, Hard, form.Arithmetic, law.Citation{}, zh("不应小于 0", "It cannot be below 0"), zh("核对该数字", "Check the figure")},
		{FigureNone, Hard, form.Reading, format, zh("表格应填 0，不写“无”", "A table says 0, not none"), zh("改填 0", "Write 0")},
		{FigureStrange, Hard, form.Reading, format, zh("该格式没有这一单元格", "The form has no such cell"), zh("删去，或改用该年度的格式", "Leave it out, or use the form of the year")},
		{FigureMerged, Hard, form.Reading, format, zh("格式分列的几行合并成了一行，各分项不明", "Rows that the form has apart stand as one; their figures are not known"), zh("按格式分列各项", "Fill in the rows apart, as the form has them")},
		{form.RowTotal, Hard, form.Arithmetic, law.Citation{}, zh("总计应等于本行各列之和", "The total is the sum of the row's columns"), total},
		{form.ColumnTotal, Hard, form.Arithmetic, law.Citation{}, zh("总计应等于本列各项之和", "The total is the sum of the column's rows"), total},
		{form.CellTotal, Hard, form.Arithmetic, law.Citation{}, zh("总数应等于各项之和", "The total is the sum of its parts"), total},
	}
}

func whoChecks() []Definition {
	return []Definition{
		{PreviousPeriod, Hard, form.Reading, law.Citation{}, zh("所给的上期报告不是紧接在前的一期", "The report given as the one before is not that of the period before"), zh("换成上一期已公布的报告", "Give the published report of the period before")},
		{NoPredecessor, Note, form.Reading, law.Citation{}, zh("上期报告没有对应的单元格，未作跨年核对", "The report before has no such cell: not compared over years"), zh("格式更换的首年无需处理", "Nothing, in the first year of a form")},
		{FormFitsYear, Hard, form.Reading, format, zh("报告格式与年度不符", "The form is not that of the year"), zh("改用该年度的格式", "Use the form of the year")},
		{PeriodStated, Hard, form.Reading, contents, zh("未写明统计期限", "The report does not say what period it is about"), zh("写明年度或统计期限", "State the year or the period")},
		{OrganExisted, Hard, form.Reading, deadline, zh("该机关在报告期内不存在", "The organ did not exist in the period"), zh("核对机关与年度；已撤并的由承继机关说明", "Check organ and year; who took over explains")},
		{OneReport, Hard, form.Reading, deadline, zh("同一机关同一期间有不止一份报告", "An organ has more than one report of a period"), zh("保留一份，其余作为更正版本", "Keep one; others are its corrections")},
		{MayRegulate, Hard, form.Reading, law.Citation{}, zh("该机关无权制定规章，规章各栏应为 0（《立法法》）", "The organ cannot make regulations (Legislation Law): the cells are 0"), zh("改填 0；规范性文件填入下一行", "Write 0; normative documents stand in the next row")},
		{LevelsAdd, Hard, form.Arithmetic, law.Citation{}, zh("应等于本级与所属各单位之和", "It is the sum of the organ's own and of those below"), zh("与所属各单位的报告逐一核对；转办、联办的只由一个机关计", "Compare with the reports below; a case handed on or handled jointly is counted by one organ")},
		{LevelsMissing, Note, form.Reading, law.Citation{}, zh("所属单位的报告或数字缺失，未按 0 计", "Reports or figures of the level below are missing; they are not taken as 0"), zh("补齐后重新核对", "Check again when they are there")},
		{LevelsForm, Hard, form.Reading, format, zh("所属单位的报告与本报告的格式或期间不同", "A report of the level below has another form or period"), zh("换成同一期间、同一格式的报告", "Give one of the same period and form")},
	}
}

func crossChecks() []Definition {
	return []Definition{
		{TextMissing, Cross, form.Reading, contents, zh("该部分没有内容", "The part has no text"), zh("补写；确无内容的写“无”", "Write it; where there is nothing, say so")},
		{TextFigures, Cross, form.Reading, contents, zh("文字中的数字与表格不一致", "A figure in the text differs from the table"), zh("改正文字或表格中有误的一处", "Correct the text or the table")},
		{TextParts, Cross, form.Arithmetic, law.Citation{}, zh("文字中各分项之和与总数不符", "The items that the text lists do not add up to its total"), zh("核对各分项与总数", "Compare the items with the total")},
		{TextFees, Cross, form.Reading, fees, zh("收取了信息处理费或有逾期未缴费的申请，第六部分却未报告", "Information processing fees were charged, or not paid in time, and part six does not say so"), zh("在第六部分写明发出收费通知的件数、总金额和实际收取的金额", "Say in part six how many notices were sent, how much was billed and received")},
		{TextAssessment, Cross, form.Reading, contents, zh("各级人民政府的报告还应包括工作考核、社会评议和责任追究结果", "A government's report also tells assessment, public appraisal and accountability"), zh("在第一部分补写所缺的内容", "Add to part one what is missing")},
		{PartialDenied, Cross, form.Reading, separated, zh("多出的件数可能是部分公开的申请又计入了不予公开；区分处理的只计部分公开，不计其他情形", "Requests answered in part may have been counted as denied, too; such an answer counts as partial only"), zh("核对部分公开与不予公开的各件，每件只计一种结果", "Go through the requests that were partly disclosed and denied; each counts once")},
		{HandledAnew, Cross, form.Reading, law.Citation{}, zh("相差的件数可能是复议、诉讼后重新处理的申请；重新处理的不算新收，也不重复计入办理结果", "Cases handled anew after an appeal may have been counted as new, or twice; neither is right"), zh("核对被纠正后重新处理的各件", "Go through the cases that were handled anew")},
		{FeeNotices, Cross, form.Reading, fees, zh("逾期未缴费的申请数多于发出的收费通知数", "More requests ended unpaid than fee notices were sent"), zh("核对收费通知与办理结果", "Compare the fee notices with the outcomes")},
	}
}

func softChecks() []Definition {
	look := zh("核对原始记录；属实的说明原因", "Compare with the records; where it is so, say why")
	return []Definition{
		{Jump, Soft, form.Reading, law.Citation{}, zh("与上期相差五倍以上", "It differs from the report before by more than five times"), look},
		{ZeroAmongBusy, Soft, form.Reading, law.Citation{}, zh("同类机关大多有申请，本机关为 0", "It is 0, where most of its peers had requests"), look},
		{TextShare, Soft, form.Arithmetic, law.Citation{}, zh("文字中的百分比与件数不符", "A percentage in the text does not fit its figure"), zh("重新计算百分比", "Compute the percentage anew")},
		{TextAlike, Soft, form.Reading, law.Citation{}, zh("文字与另一份报告雷同", "The text is much like that of another report"), zh("据本年实际重写", "Write what this year was like")},
		{StateSecret, Soft, form.Reading, law.Citation{Act: law.R2019, Article: "14"}, zh("乡镇（街道）以国家秘密为由不予公开，较为少见", "A township denied requests as state secrets, which is rare"), zh("核对定密依据", "Check on what it was classified")},
		{OneDay, Soft, form.Reading, law.Citation{}, zh("全部申请在同一天答复", "All requests were answered on one day"), look},
	}
}
