package fault

import "gongkai/services/law"

// calculatorTexts are those of what the calculator computes and other services ask the same packages for.
func calculatorTexts() map[law.Reason]law.Label {
	return map[law.Reason]law.Label{
		"FEE_COUNT_OUT_OF_RANGE":    {Zh: "数量{count}不在0至{most}之间；请核对件数或页数。", En: "{count} is not between 0 and {most}; check the number of items or pages."},
		"FEE_SCHEDULE_DOES_NOT_FIT": {Zh: "办理结果“{outcome_zh}”（{outcome}）没有以纸质件、电子邮件或复制电子数据提供信息，不能按量计收；请按件计收。", En: "Outcome {outcome_en} ({outcome}) gives no information on paper, by e-mail or as copied data, so its pages cannot be charged; charge by item."},
		"APPEAL_ORGAN_UNKNOWN":      {Zh: "没有这一类型和层级的机关（{kind}，{level}）；请核对机关类型和层级。", En: "There is no organ of kind \"{kind}\" at level \"{level}\"; check both."},
		"APPEAL_BEFORE_LAW":         {Zh: "日期{date}不在行政复议法施行期间（1999年10月1日起）；请核对日期。", En: "On {date} the Administrative Reconsideration Law was not in force (since 1 October 1999); check the date."},
	}
}
