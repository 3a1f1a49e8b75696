package fault

import "gongkai/services/law"

// reportTexts are those of the checks of reports and of what follows from them.
func reportTexts() map[law.Reason]law.Label {
	return map[law.Reason]law.Label{
		"REPORT_CHECK_FAILED":  {Zh: "检查“{check}”未通过：{place_zh}，{text_zh}（应为{expected}，实为{found}）；请改正，或写明姓名和理由后说明。", En: "Check {check}: {place_en}: {text_en} (expected {expected}, found {found}); put it right, or explain it with name and reason."},
		"FINDING_NOT_FOUND":    {Zh: "没有这样的检查结果（{check}，{cell}）；请重新检查后再处理。", En: "There is no such finding ({check}, {cell}); check the report again."},
		"REPORT_NOT_ACCEPTED":  {Zh: "报告尚未接收；请在接收后登记公布。", En: "The report is not accepted; note its publication once it is."},
		"REPORT_NOT_PUBLISHED": {Zh: "报告尚未公布；公布前请退回后改正，公布后才用更正。", En: "The report is not published; have it returned and put right, a correction is for published ones."},
		"CELL_FROM_RECORDS":    {Zh: "“{cell_zh}”（{cell}）由记录得出，不接收其他系统的数字；请核对单元格。", En: "{cell_en} ({cell}) follows from records and takes no figure of another system; check the cell."},
		"FORM_UNKNOWN":         {Zh: "没有格式“{form}”；请核对。", En: "There is no form {form}; check it."},
	}
}
