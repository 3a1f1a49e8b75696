package main

// reportCommand works with annual reports: as files, without server, store or network, and at a gateway.
type reportCommand struct {
	Check  reportCheckCommand  `cmd:"" help:"Check published annual reports: .docx, .xlsx, .html, .csv, .txt, .json. (检查年度报告)"`
	Export reportExportCommand `cmd:"" help:"Write a report as .docx, .html, .xlsx, .csv or .json. (导出年度报告)"`
	Due    reportDueCommand    `cmd:"" help:"Show or set the dates by which the reports of an area are due. (报送期限)"`
	Attach reportAttachCommand `cmd:"" help:"Attach the signed and stamped copy of a report, or fetch it. (签字盖章件)"`
}
