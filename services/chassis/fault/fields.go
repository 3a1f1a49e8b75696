package fault

import (
	"regexp"
	"strconv"
	"strings"
)

// fieldsZh are the names by which clerks know the fields of requests, by the last part of their paths. What only a
// program sets, and no clerk sees, keeps its path.
func fieldsZh() map[string]string {
	return map[string]string{
		"already": "本月此前件数", "answered_on": "答复日期", "applicant": "申请人", "applicant_kind": "申请人类型", "applicant_name": "申请人姓名或名称",
		"amount_fen": "金额（分）", "appeals": "行政复议、诉讼", "as_of": "截至日期", "attribute": "公开属性", "basis": "依据",
		"category": "类别", "cell": "表格栏目", "channel": "公开渠道", "channels": "公开渠道", "contact": "联系方式", "content": "正文",
		"date": "日期", "day": "日", "days": "天数", "description": "内容描述", "disclosures": "信息", "display_name": "名称",
		"document_number": "文号", "due_on": "到期日", "effective_on": "生效日期", "end": "截止日期", "ended_on": "终止日期",
		"figures": "数据", "file": "文件", "file_name": "文件名", "filter": "筛选条件", "form": "报告格式", "format": "文件格式",
		"formed_on": "成文日期", "founded_on": "成立日期", "from": "起算日", "grounds": "理由", "identity_check": "身份核验", "index_number": "索引号",
		"items": "件数", "kind": "类型", "label": "名称", "markdown": "正文", "measure": "统计口径", "mode": "导入方式", "month": "月", "name": "编号",
		"narrative": "文字说明", "narratives": "文字说明", "no_report_reason": "不编报的原因", "note": "备注", "number": "编号",
		"on": "日期", "organization": "机关", "organization_id": "机关代码", "organizations": "机关", "outcome": "办理结果",
		"owes_report": "是否编报年度报告", "page_size": "每页条数", "page_token": "翻页标记", "pages": "页数", "parent": "所属机关",
		"part": "部分", "period": "期间", "personal_data": "申请人资料", "published_on": "公开日期", "purpose": "用途",
		"reason": "原因", "reasons": "原因", "received_on": "收到日期", "requests": "申请", "return_reasons": "退回原因",
		"start": "起始位置", "stated_none": "填报为无的部分", "submitted_on": "提交日期", "successors": "承接机关", "text": "文字",
		"title": "标题", "to": "截止日", "typed_figures": "填报的数据", "unit": "单位", "update_mask": "修改的字段", "value": "数值", "values": "数值",
		"wanted_form": "获取信息的形式", "withdraw_reason": "撤回原因", "withdrawn_on": "撤回日期", "year": "年份",
	}
}

var placeInList = regexp.MustCompile(`\[([0-9]+)\]`)

// fieldName is what a user calls a field: in Chinese by its name, with the place in a list, counted from 1; in English,
// and where it has no name, by its path.
func fieldName(path string, l Language) string {
	if l != Chinese {
		return path
	}
	segments := strings.Split(path, ".")
	last := placeInList.ReplaceAllString(segments[len(segments)-1], "")
	name, ok := fieldsZh()[snake(last)]
	if !ok {
		return path
	}
	if m := placeInList.FindStringSubmatch(path); m != nil {
		if i, err := strconv.Atoi(m[1]); err == nil {
			return "第" + strconv.Itoa(i+1) + "项的" + name
		}
	}
	return name
}

// snake is a name in the spelling of the contract: file_name for fileName.
func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
