package main

// reportCommand works with annual reports as files, without server, store or network.
type reportCommand struct {
	Check  reportCheckCommand  `cmd:"" help:"Check published annual reports: .docx, .xlsx, .html, .csv, .txt, .json. (检查年度报告)"`
	Export reportExportCommand `cmd:"" help:"Write a report as .docx, .html, .xlsx, .csv or .json. (导出年度报告)"`
}
