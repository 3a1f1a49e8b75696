package ground

import (
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

func r2019(articles ...string) []law.Citation { return cite(law.R2019, articles...) }

// reportForm is the row of the report's form itself, where the Regulation has no article.
func reportForm() []law.Citation {
	return []law.Citation{{Act: law.Form2019}, {Act: law.Form2021}}
}

// rows2019 are the outcomes under the Regulation of 2019, with the labels of the report's form of 2021.
func rows2019() []row {
	feesFrom := workday.Date{Year: 2021, Month: 1, Day: 1}
	return []row{
		{id: "granted", zh: "予以公开", en: "Granted", grounds: r2019("36 item 1", "36 item 2")},
		{id: "partial", zh: "部分公开", en: "Granted in part", grounds: r2019("37")},
		{id: "denied_state_secret", zh: "不予公开:属于国家秘密", en: "Denied: state secret", grounds: r2019("14")},
		{id: "denied_other_law", zh: "不予公开:其他法律行政法规禁止公开", en: "Denied: forbidden by another law or administrative regulation", grounds: r2019("14")},
		{id: "denied_security", zh: "不予公开:危及“三安全一稳定”", en: "Denied: national, public or economic security, social stability", grounds: r2019("14")},
		{id: "denied_third_party", zh: "不予公开:保护第三方合法权益", en: "Denied: a third party's lawful rights", grounds: r2019("15", "32")},
		{id: "denied_internal_affairs", zh: "不予公开:属于三类内部事务信息", en: "Denied: internal affairs (personnel, logistics, procedure)", grounds: r2019("16(1)")},
		{id: "denied_process", zh: "不予公开:属于四类过程性信息", en: "Denied: process information (discussion, draft, consultation, request for instructions)", grounds: r2019("16(2)")},
		{id: "denied_enforcement_file", zh: "不予公开:属于行政执法案卷", en: "Denied: administrative enforcement file", grounds: r2019("16(2)")},
		{id: "denied_query_matter", zh: "不予公开:属于行政查询事项", en: "Denied: matter of an administrative query", grounds: r2019("36 item 7")},
		{id: "unable_not_held", zh: "无法提供:本机关不掌握相关政府信息", en: "Unable: not held by this organ", grounds: r2019("36 item 4", "36 item 5")},
		{id: "unable_no_ready_information", zh: "无法提供:没有现成信息需要另行制作", en: "Unable: no ready information, it would have to be made", grounds: r2019("38")},
		{id: "unable_unclear", zh: "无法提供:补正后申请内容仍不明确", en: "Unable: still unclear after correction", grounds: slices.Concat(r2019("30"), reportForm())},
		{id: "not_processed_petition", zh: "不予处理:信访举报投诉类申请", en: "Not processed: petition, report or complaint", grounds: r2019("39(1)")},
		{id: "not_processed_repeated", zh: "不予处理:重复申请", en: "Not processed: repeated request", grounds: r2019("36 item 6")},
		{id: "not_processed_publication", zh: "不予处理:要求提供公开出版物", en: "Not processed: asks for a publication", grounds: r2019("39(2)")},
		{id: "not_processed_excessive", zh: "不予处理:无正当理由大量反复申请", en: "Not processed: many and repeated requests without good reason", grounds: r2019("35")},
		{id: "not_processed_reissue", zh: "不予处理:要求行政机关确认或重新出具已获取信息", en: "Not processed: asks to confirm or reissue information already obtained", grounds: reportForm()},
		{id: "other_correction_overdue", zh: "其他处理:申请人无正当理由逾期不补正", en: "Other: not corrected in time, without good reason", grounds: r2019("30")},
		{id: "other_fee_overdue", zh: "其他处理:申请人逾期未按收费通知要求缴纳费用", en: "Other: fee not paid in time", grounds: cite(law.Fees2020, ""), from: feesFrom},
		{id: "other", zh: "其他处理:其他", en: "Other: other"},
	}
}
