package fault

import "gongkai/services/law"

// requestMoreTexts are those of the limits of appeals that were lodged, of filings that wait to be confirmed, and of
// what is published to all.
func requestMoreTexts() map[law.Reason]law.Label {
	return map[law.Reason]law.Label{
		"APPEAL_DAY_UNKNOWN":          {Zh: "登记的受理日期{date}晚于起诉或者申请复议的期限（{until}），而提出日期不明，无法判断是否逾期；请补填提出日期。", En: "It was accepted on {date}, after the limit, {until}, and the day on which it was lodged is not known; give that day."},
		"APPEAL_BEFORE_PERIOD_ENDED":  {Zh: "{date}提出时，答复期限（至{due}）尚未届满；请核对日期。", En: "On {date} the reply period, which ends on {due}, was not over; check the dates."},
		"APPEAL_WITHOUT_ANSWER":       {Zh: "所涉申请尚无答复；请先登记答复，或者改按不答复登记。", En: "The request has no answer; record the answer first, or enter the appeal as one over no answer."},
		"RECONSIDERATION_COMES_FIRST": {Zh: "对“{outcome_zh}”应当先申请行政复议，未经复议直接起诉的，法院应当裁定驳回；请在答辩中提出。", En: "Over the outcome {outcome_en} reconsideration has to come before a suit, and a court dismisses a direct one; say so in the defence."},
		"RECONSIDERATION_RECOMMENDED": {Zh: "对“{outcome_zh}”是否应当先申请行政复议，法律规定不明确；请留意法院的审查。", En: "Whether reconsideration has to come before a suit over the outcome {outcome_en} is open; watch what the court holds."},
		"APPEAL_REPLY_LATE":           {Zh: "{date}答复、答辩时，期限已于{until}届满；请向受理机关说明，逾期的视为没有证据。", En: "The organ replied on {date}, after its limit, {until}, and may be taken to have no evidence; explain it to the body."},
		"APPEAL_RESULT_DIFFERS":       {Zh: "结案方式“{ending}”对应的结果与填写的结果不一致；请核对。", En: "The ending {ending} stands in another column than the result that was given; check both."},
		"REQUEST_NOT_UNCONFIRMED":     {Zh: "申请没有待确认的收到日期；请核对编号。", En: "Nothing of the request waits to be confirmed; check its name."},
		"FEE_AMOUNT_DIFFERS":          {Zh: "收费通知的金额{billed}元与收费标准算出的{amount}元不一致；请更正金额，或者不填金额。", En: "The notice says {billed} yuan, by the schedule it is {amount}; correct the amount, or leave it out."},
		"ANSWER_NOT_RELEASED":         {Zh: "申请没有予以公开或者部分公开的答复，不能转为主动公开；请核对办理结果。", En: "Nothing was released in answer to the request, so nothing can be published to all; check its outcome."},
		"PERSONAL_DATA_IN_DRAFT":      {Zh: "拟公开的内容含有申请人的个人信息；请删去之后再转为主动公开。", En: "The draft holds personal data of the applicant; take them out before it is published to all."},
		"DISCLOSURE_NOT_CONNECTED":    {Zh: "依申请公开服务不知道主动公开服务的地址；请管理员用 --disclosure HOST:PORT 指明。", En: "The request service does not know where the disclosure service answers; have the administrator say so with --disclosure HOST:PORT."},
		"REPEATED_WITHOUT_EARLIER":    {Zh: "没有找到就相同申请对同一申请人作出的在先答复；请核对，找不到的应当照常答复。", En: "No earlier answer to the same applicant for the same was found; check, and answer as usual if there is none."},
		"EARLIER_NOT_ANSWERED":        {Zh: "所指的在先申请{earlier}在该日之前没有作出答复；请核对编号，尚未答复的可以并案办理。", En: "The earlier request {earlier} was not answered by that day; check its name, or handle both together while it is open."},
		"SEARCH_RECORD_MISSING":       {Zh: "答复信息不存在、不掌握的，须记录检索情况；请补填检索的范围、方式和结果，或者依据第三十六条第（五）项告知由其他机关负责。", En: "An answer that it does not exist or is not held needs the record of the search; say where and how it was searched for, or answer under art. 36 item 5 that another organ has it."},
		"ITEMS_DO_NOT_COVER":          {Zh: "拆分后的各件没有涵盖申请内容（第{clause}句，共{clauses}句）；请补齐，或者注明已经涵盖。", En: "The items do not cover the request: clause {clause} of {clauses} is in none of them; add it, or state that they are complete."},
	}
}
