package published

import (
	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
)

// The checks of reading.
const (
	TableMissing   = "read.table_missing"
	RowMissing     = "read.row_missing"
	ColumnMissing  = "read.column_missing"
	RowUnknown     = "read.row_unknown"
	RowIncomplete  = "read.row_incomplete"
	ColumnUnknown  = "read.column_unknown"
	ValueTwice     = "read.value_twice"
	ColumnsByOrder = "read.columns_by_order"
	LabelDiffers   = "read.label_differs"
	OrganUnknown   = "read.organ_unknown"
)

// meaning says what a check of reading found, and what to do.
type meaning struct{ text, remedy law.Label }

func meanings() map[string]meaning {
	return map[string]meaning{
		TableMissing: {
			law.Label{Zh: "文件中没有找到格式规定的这张表", En: "The file has no such table, which the form prescribes"},
			law.Label{Zh: "补上该表；若是图片，请改为可识别的表格", En: "Add the table; if it is a picture, put in a table"},
		},
		RowMissing: {
			law.Label{Zh: "缺少格式规定的这一行", En: "The table lacks this row of the form"},
			law.Label{Zh: "按格式补上该行，没有的填0", En: "Add the row as the form has it; write 0 where there is none"},
		},
		ColumnMissing: {
			law.Label{Zh: "缺少格式规定的这一列", En: "The table lacks this column of the form"},
			law.Label{Zh: "按格式补上该列，没有的填0", En: "Add the column as the form has it; write 0 where there is none"},
		},
		RowUnknown: {
			law.Label{Zh: "这一行不是格式中的行，其中的数字没有归入任何一项", En: "The form has no such row; its figures were counted nowhere"},
			law.Label{Zh: "按格式改正行的名称，或并入相应的行", En: "Give the row the form's label, or add its figures to the row where they belong"},
		},
		RowIncomplete: {
			law.Label{Zh: "这一行的数字与格式的列数不符，不能确定各属哪一列，没有归入任何一项", En: "The row has not as many figures as the form has columns; which column each is of cannot be told, and they were counted nowhere"},
			law.Label{Zh: "每一列都填数字，没有的填0；若是从网页复制的文字，请用原文件检查", En: "Fill in every column, 0 where there is none; where the text was copied from a page, check the file itself"},
		},
		ColumnUnknown: {
			law.Label{Zh: "这一列不是格式中的列，其中的数字没有归入任何一项", En: "The form has no such column; its figure was counted nowhere"},
			law.Label{Zh: "按格式改正表头，或删去多余的列", En: "Correct the header after the form, or take the column out"},
		},
		ValueTwice: {
			law.Label{Zh: "同一项有两个不同的数", En: "The report has two figures for one cell"},
			law.Label{Zh: "保留正确的一个", En: "Keep the one that is right"},
		},
		ColumnsByOrder: {
			law.Label{Zh: "表头与数据列没有对齐，已按格式的列序读取", En: "Header and figures are not aligned; the columns were read in the order of the form"},
			law.Label{Zh: "核对各列，改正表头的合并单元格", En: "Compare the columns, and correct the merged cells of the header"},
		},
		LabelDiffers: {
			law.Label{Zh: "名称与格式不一致，按相近的一项读取", En: "The label is not the form's; it was read as the nearest one"},
			law.Label{Zh: "按格式改正名称", En: "Correct the label after the form"},
		},
		OrganUnknown: {
			law.Label{Zh: "没有找到报告单位的名称", En: "The organisation's name was not found"},
			law.Label{Zh: "在标题中写明单位全称", En: "State the organisation's full name in the title"},
		},
	}
}

// same is a label that the report has.
func same(s string) law.Label {
	s = clipped(s)
	return law.Label{Zh: s, En: s}
}

// remark adds what there is to say of a table.
func (m *mapper) remark(t *form.Table, id string, severity check.Severity, f check.Finding) {
	f.Table = t.Label
	m.remarks = append(m.remarks, finding(id, severity, f))
}

// finding makes a finding of one of the checks of reading.
func finding(id string, severity check.Severity, f check.Finding) check.Finding {
	says := meanings()[id]
	f.Check, f.Severity, f.Text, f.Remedy = id, severity, says.text, says.remedy
	return f
}
