package fault

import "gongkai/services/law"

// documentTexts are those of files that are read as published reports.
func documentTexts() map[law.Reason]law.Label {
	return map[law.Reason]law.Label{
		"DOCUMENT_FORMAT_UNKNOWN":  {Zh: "文件格式无法识别；请提供 .docx、.xlsx、.html、.pdf、.csv、.txt，或报告的 JSON。", En: "The format of the file is not known; give a .docx, .xlsx, .html, .pdf, .csv or .txt file, or a report in JSON."},
		"DOCUMENT_OLD_FORMAT":      {Zh: "不支持这种文件（{format}，或加密的文件）；请取消密码，另存为 .docx、.xlsx 或 .html。", En: "Files of this kind ({format}, or with a password) cannot be read; save it as .docx, .xlsx or .html without a password."},
		"DOCUMENT_DAMAGED":         {Zh: "文件已损坏，读不下去（{cause}）；请用办公软件打开后另存。", En: "The file is damaged ({cause}); open it in an office program and save it anew."},
		"DOCUMENT_TOO_LARGE":       {Zh: "文件过大或内容过多，超过上限（{limit}）；请删去图片和无关内容。", En: "The file is larger, or holds more, than is read ({limit}); take out pictures and what does not belong to the report."},
		"DOCUMENT_PICTURES_ONLY":   {Zh: "PDF 的{pages}页里只有图片，没有文字；请提供 .docx，或由办公软件导出的带文字的 PDF。", En: "The {pages} pages of the PDF hold pictures only, and no text; give the .docx, or a PDF with text as an office program exports it."},
		"DOCUMENT_TEXT_UNREADABLE": {Zh: "PDF 的字体没有说明各字是什么字，文字读不出来；请提供 .docx，或用办公软件重新导出 PDF。", En: "The fonts of the PDF do not say which characters they show, so its text cannot be read; give the .docx, or export the PDF anew from an office program."},
		"DOCUMENT_PASSWORD_NEEDED": {Zh: "PDF 设有打开密码；请取消密码后再提供。", En: "The PDF needs a password to be opened; save it without one."},
		"PUBLISHED_NO_REPORT":      {Zh: "文件里没有找到年度报告的表格或各部分标题；请确认是政府信息公开工作年度报告。", En: "Neither a table nor headings of an annual report were found; check that the file is an annual report on open government information."},
		"PUBLISHED_FORM_UNKNOWN":   {Zh: "没有“{form}”这种报告格式；请从以下各项中选：{known}。", En: "There is no report form \"{form}\"; choose from {known}."},
	}
}
