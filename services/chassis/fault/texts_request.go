package fault

import "gongkai/services/law"

// requestTexts are those of what happens to a request for information.
func requestTexts() map[law.Reason]law.Label {
	return map[law.Reason]law.Label{
		"PERSONAL_DATA_NONE":             {Zh: "申请没有登记个人信息；无需查阅或删除。", En: "The request has no personal data; there is nothing to read or erase."},
		"PERSONAL_DATA_ERASED":           {Zh: "个人信息已删除，不能恢复；请查阅纸质档案。", En: "The personal data were erased and cannot be brought back; look in the organ's paper files."},
		"PERSONAL_DATA_UNREADABLE":       {Zh: "服务器的密钥文件与保存个人信息时的不同，无法解密；请管理员恢复原来的 keys/personal.key。", En: "The personal data were encrypted with another key file; have the administrator put back the former keys/personal.key."},
		"PERSONAL_DATA_IN_USE":           {Zh: "申请尚在办理，个人信息仍需使用；请在办结之后删除。", En: "The request is still open and its personal data are needed; erase them once it is concluded."},
		"REQUEST_NOT_OPEN":               {Zh: "申请{state_zh}，不能再办理此环节；请办理相应的另一件申请。", En: "The request is {state_en} and takes no such step; go on with the other request."},
		"REQUEST_NOT_CONCLUDED":          {Zh: "申请尚未答复，不能办理此环节；请先办结。", En: "The request has no answer yet, so this cannot be done; conclude it first."},
		"STEPS_TOO_MANY":                 {Zh: "一件申请最多登记{limit}个环节；请核对是否重复登记。", En: "A request has at most {limit} steps; check whether some were recorded twice."},
		"STEP_UNFIT_FOR_KIND":            {Zh: "更正信息的申请没有“{event_zh}”这一环节；请直接办理。", En: "A request to correct a record has no step \"{event_en}\" ({event}); handle it directly."},
		"STEP_DATE_IN_FUTURE":            {Zh: "日期{date}晚于今天（{today}）；请核对日期。", En: "The date {date} is after today, {today}; check it."},
		"STEP_BEFORE_RECEIPT":            {Zh: "日期{date}早于收到日期{received_on}；请核对这两个日期。", En: "The date {date} is before that of receipt, {received_on}; check both."},
		"REQUEST_NOT_HANDED_ON":          {Zh: "申请没有转办记录，不能退回；请核对。", En: "The request was never handed on, so it cannot be sent back; check it."},
		"NOTHING_TO_ABANDON":             {Zh: "申请人没有逾期未补正或者逾期未缴费，不能按放弃申请处理；请核对日期。", En: "The applicant is late with neither a correction nor a payment, so the request is not abandoned; check the date."},
		"PARTY_UNKNOWN":                  {Zh: "没有编号为{party}的被征求意见方；请核对编号。", En: "Nobody with the number {party} was asked; check the number."},
		"OPINION_WITHOUT_DATE":           {Zh: "没有收到征求意见书的日期，也没有提出意见的日期；请至少填写一个。", En: "Neither the day on which the letter was received nor that of the opinion is given; give one of them."},
		"FEE_NOT_CHARGED":                {Zh: "{received_on}收到的申请不收取信息处理费；请直接答复。", En: "A request received on {received_on} is not charged an information processing fee; answer it without."},
		"FEE_NOTHING_DUE":                {Zh: "按收费标准，本件申请无需缴费；请直接答复。", En: "By the schedule nothing is to be paid for this request; answer it without a fee notice."},
		"FEE_PAYMENT_DIFFERS":            {Zh: "缴费金额{paid}元与收费通知的{billed}元不一致；请核对，退补之后再登记。", En: "{paid} yuan were paid, the notice says {billed}; settle the difference, then record it."},
		"GROUND_NOT_OF_OUTCOME":          {Zh: "办理结果“{outcome_zh}”（{outcome}）不以第{article}条（款、项）为依据；请从以下依据中选择：{known}。", En: "Outcome {outcome_en} ({outcome}) does not rest on article {article}; choose from {known}."},
		"WITHHELD_NOT_DENIED":            {Zh: "不予公开的部分不能填“{outcome}”；请填写不予公开的具体情形。", En: "\"{outcome}\" is no denial, so no part can be withheld by it; name a denial."},
		"WITHHELD_WITHOUT_PARTIAL":       {Zh: "办理结果“{outcome_zh}”（{outcome}）不是部分公开，不能填写不予公开的部分；请核对办理结果。", En: "Outcome {outcome_en} ({outcome}) is not an answer in part, so nothing is withheld beside it; check the outcome."},
		"DUPLICATE_OF_ITSELF":            {Zh: "不能与本件申请自身并案；请填写另一件申请。", En: "A request is no duplicate of itself; name the other one."},
		"DUPLICATE_DIFFERS":              {Zh: "与“{of}”的申请人不同，不能并案；请分别办理。", En: "The applicant of {of} is another one; handle both."},
		"SPLIT_UNDER_WAY":                {Zh: "申请已开始办理或者本身就是拆分件，不能拆分；请在登记之后、办理之前拆分。", En: "Something was done to the request already, or it is an item itself; split a request before anything else."},
		"APPEAL_CONCLUDED":               {Zh: "复议、诉讼已于{decided_on}有结果；无需再次办理。", En: "The appeal was concluded on {decided_on}; there is nothing to do."},
		"APPEAL_DATES_REVERSED":          {Zh: "日期{date}早于{before}；请核对这两个日期。", En: "The date {date} is before {before}; check both."},
		"APPEAL_RUNS_ALREADY":            {Zh: "同一申请已有未结的复议或者诉讼“{appeal}”；请待其结束后再登记。", En: "{appeal} over the same request is still under way; enter another once it has ended."},
		"APPEAL_WITHOUT_RECONSIDERATION": {Zh: "没有已经结束的行政复议，不属于复议后起诉；请按直接起诉登记，或先登记复议结果。", En: "No reconsideration of the request has ended, so a suit is not one after it; enter it as direct, or the reconsideration's result first."},
		"APPEAL_ORDER_UNFIT":             {Zh: "只有结果纠正且涉及一件申请时，才能责令重新答复；请核对结果和申请。", En: "Only a result that corrects, over a request, orders a new answer; check both."},
		"APPEAL_STATE_UNFIT":             {Zh: "只有诉讼才有二审；请核对类型。", En: "Only a suit has a second instance; check the kind."},
		"APPEAL_WITHOUT_REQUEST":         {Zh: "对答复或者不答复提起的复议、诉讼须填写所涉申请；请补填。", En: "An appeal over an answer, or over none, names the request; give it."},
	}
}
