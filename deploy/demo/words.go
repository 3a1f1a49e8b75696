package demo

import (
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// words are a table's texts in one language.
type words struct {
	pick   func(*reportv1.Label) string
	narrow func(string) string // breaks a heading into short lines

	title, organization, status, version, sum, records, ended, yuan, comma string

	acceptedOnly, counts, missing, returned, whole, late, notOwed, zero string
	differ, noDifference, difference                                    string

	statuses map[reportv1.RollupStatus]string
	causes   map[reportv1.DifferenceCause]string
}

func wordsIn(lang string) words {
	if lang == "en" {
		return english()
	}
	return chinese()
}

func chinese() words {
	return words{
		pick: (*reportv1.Label).GetZh,
		narrow: func(s string) string {
			var lines []string
			for line := range slices.Chunk([]rune(s), 4) {
				lines = append(lines, string(line))
			}
			return strings.Join(lines, "\n")
		},
		title: "%s %s 政府信息公开工作年度报告汇总", organization: "机关", status: "状态", version: "版本", sum: "合计",
		records: "记录 %s", ended: "（已撤并）", yuan: "(元)", comma: "，",
		acceptedOnly: "应报送 %d 个机关，已接收 %d 个。只列已接收的数字。",
		counts:       "应报送 %d 个机关：已接收 %d，待审核 %d，已退回 %d，未报送 %d。",
		missing:      "未报送：%s", returned: "曾退回：%s，现为第 %d 版（%s）。退回理由：", whole: "全文",
		late: "迟到事实：%s，%s", notOwed: "不需报送：%s，%s", zero: "均为零、未列入表中：%s",
		differ: "记录口径与报送口径之差：", noDifference: "记录口径与报送口径一致。", difference: "  %s（%s）：%s",
		statuses: map[reportv1.RollupStatus]string{
			reportv1.RollupStatus_ROLLUP_STATUS_NOT_OWED:  "不需报送",
			reportv1.RollupStatus_ROLLUP_STATUS_MISSING:   "未报送",
			reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED: "待审核",
			reportv1.RollupStatus_ROLLUP_STATUS_RETURNED:  "已退回",
			reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED:  "已接收",
		},
		causes: map[reportv1.DifferenceCause]string{
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_MISSING:   "未报送",
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_SUBMITTED: "待审核",
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_RETURNED:  "已退回",
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_LATE:      "迟到事实",
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_REPORTED:  "报表与记录不一致",
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_NOT_OWED:  "不需报送",
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_BELOW:     "下级",
		},
	}
}

func english() words {
	return words{
		pick:   (*reportv1.Label).GetEn,
		narrow: func(s string) string { return trimLines(text.WrapSoft(s, 14)) },
		title:  "%s, %s: annual reports on open government information, rolled up", organization: "Organisation",
		status: "Status", version: "Version", sum: "Total", records: "records %s", ended: " (ended)", yuan: " (yuan)", comma: ", ",
		acceptedOnly: "%d organisations owe a report, %d are accepted. Only accepted figures are shown.",
		counts:       "%d organisations owe a report: %d accepted, %d waiting, %d returned, %d missing.",
		missing:      "Missing: %s", returned: "Was returned: %s, now version %d (%s). Reasons:", whole: "Whole report",
		late: "Late: %s, %s", notOwed: "Owes none: %s, %s", zero: "All zero, left out: %s",
		differ: "Records less submitted:", noDifference: "Both bases agree.", difference: "  %s (%s): %s",
		statuses: map[reportv1.RollupStatus]string{
			reportv1.RollupStatus_ROLLUP_STATUS_NOT_OWED:  "owes none",
			reportv1.RollupStatus_ROLLUP_STATUS_MISSING:   "missing",
			reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED: "waiting",
			reportv1.RollupStatus_ROLLUP_STATUS_RETURNED:  "returned",
			reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED:  "accepted",
		},
		causes: map[reportv1.DifferenceCause]string{
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_MISSING:   "missing",
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_SUBMITTED: "waiting",
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_RETURNED:  "returned",
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_LATE:      "late records",
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_REPORTED:  "report is not what the records said",
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_NOT_OWED:  "owes none",
			reportv1.DifferenceCause_DIFFERENCE_CAUSE_BELOW:     "further down",
		},
	}
}
