package page

import (
	"fmt"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
)

// words are the pages' words in one of the two languages.
type words struct{ language fault.Language }

// Lang is the language's tag, for the html element.
func (w words) Lang() string { return string(w.language) }

// T is a text of the table; a name that it lacks is shown itself.
func (w words) T(name string) string {
	t, ok := texts[name]
	switch {
	case !ok:
		return name
	case w.language == fault.English:
		return t.en
	}
	return t.zh
}

// With hands a figure to a template that needs the words too.
func (w words) With(f figure) map[string]any { return map[string]any{"figure": f, "w": w} }

// Due hands a due date to a template that needs the words too.
func (w words) Due(d due) map[string]any { return map[string]any{"due": d, "w": w} }

// F is a text of the table with its values filled in.
func (w words) F(name string, values ...any) string { return fmt.Sprintf(w.T(name), values...) }

func (w words) label(l *reportv1.Label) string {
	if w.language == fault.English {
		return l.GetEn()
	}
	return l.GetZh()
}

// space stands between two parts of a title.
func (w words) space() string {
	if w.language == fault.English {
		return " · "
	}
	return " "
}

func (w words) rollupStatus(s reportv1.RollupStatus) string       { return w.T(s.String()) }
func (w words) reportState(s reportv1.ReportState) string         { return w.T(s.String()) }
func (w words) figureState(s reportv1.FigureState) string         { return w.T(s.String()) }
func (w words) differenceCause(c reportv1.DifferenceCause) string { return w.T(c.String()) }
func (w words) disclosureState(s disclosurev1.State) string       { return w.T(s.String()) }
func (w words) channel(c disclosurev1.Channel) string             { return w.T(c.String()) }

// statusClasses, reportClasses and disclosureClasses are how a state is marked beside its word.
var (
	statusClasses = map[reportv1.RollupStatus]string{
		reportv1.RollupStatus_ROLLUP_STATUS_NOT_OWED: "quiet", reportv1.RollupStatus_ROLLUP_STATUS_MISSING: "bad",
		reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED: "open", reportv1.RollupStatus_ROLLUP_STATUS_RETURNED: "warn",
		reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED: "good",
	}
	reportClasses = map[reportv1.ReportState]string{
		reportv1.ReportState_REPORT_STATE_DRAFT: "quiet", reportv1.ReportState_REPORT_STATE_SUBMITTED: "open",
		reportv1.ReportState_REPORT_STATE_RETURNED: "warn", reportv1.ReportState_REPORT_STATE_ACCEPTED: "good",
		reportv1.ReportState_REPORT_STATE_PUBLISHED: "good",
	}
	disclosureClasses = map[disclosurev1.State]string{
		disclosurev1.State_STATE_DRAFT: "quiet", disclosurev1.State_STATE_PUBLISHED: "good", disclosurev1.State_STATE_WITHDRAWN: "bad",
	}
)

// texts is everything that the pages say, by name; the names in capitals are those of the contracts.
var texts = map[string]struct{ zh, en string }{
	"site":           {"政务公开", "Open Government"},
	"subtitle":       {"政府信息公开工作年度报告", "Annual reports on government information disclosure"},
	"skip":           {"跳到正文", "Skip to content"},
	"sign_out":       {"退出登录", "Sign out"},
	"footer":         {"数字由各机关的记录和报告汇总得出，每个数字都可点开查看其来源。", "Every figure is summed from the organisations' records and reports; follow it to see what it stands on."},
	"rollup":         {"政府信息公开工作报告汇总", "roll-up of reports"},
	"annual_rollup":  {"政府信息公开工作年度报告汇总", "roll-up of annual reports"},
	"report":         {"政府信息公开工作报告", "report on government information disclosure"},
	"annual_report":  {"政府信息公开工作年度报告", "annual report on government information disclosure"},
	"accepted_short": {"已接收 %[2]d/%[1]d", "%[2]d/%[1]d accepted"},
	"of_period":      {"%s%s", "%s: %s"},
	"year":           {"%d年", "%d"},
	"quarter":        {"%d年第%d季度", "%d, quarter %d"},
	"month":          {"%d年%d月", "%d, month %d"},
	"none":           {"无", "none"},
	"colon":          {"：", ": "},
	"comma":          {"、", ", "},
	"in_yuan":        {"（元）", " (yuan)"},
	"nothing":        {"无数字", "no figure"},
	"form":           {"格式", "Form"},
	"owed":           {"应报送", "Owe a report"},
	"accepted":       {"已接收", "Accepted"},
	"submitted":      {"待审核", "Awaiting review"},
	"returned":       {"已退回", "Returned"},
	"missing":        {"未报送", "Missing"},
	"accepted_of":    {"应报送 %d 家，已接收 %d 家。", "%[2]d of %[1]d reports owed are accepted."},
	"public_note":    {"本页仅公布已接收报告中的数字。", "Only figures of accepted reports are shown to the public."},
	"both_note": {
		"每格为已接收报告中的数字；“记录”为按记录汇总的数字，仅在两者不同时显示；“迟到”为报告接收之后才发生变化的记录。",
		"Each cell holds the figure of accepted reports; “records” is the sum of all records, shown where the two differ; “late” is what changed in the records after the report was accepted.",
	},
	"to_cell":             {"返回指标", "Back to the figure"},
	"lineage_total":       {"合计 %s", "Total %s"},
	"lineage_entries":     {"按日志记录，逐条相加即为合计", "By log entry; they add up to the total"},
	"lineage_reports":     {"按已接收报告，逐份相加即为合计", "By accepted report; they add up to the total"},
	"by_reports":          {"由哪些报告相加", "Reports that it sums"},
	"by_entries":          {"由哪些记录相加", "Records that it sums"},
	"look_further":        {"这一段日志中没有，请看下一页。", "Nothing in this stretch of the log; see the next page."},
	"date":                {"日期", "Date"},
	"event":               {"事项", "Event"},
	"record":              {"记录编号", "Record"},
	"log_entry":           {"日志位置", "Log entry"},
	"chart":               {"图示", "Chart"},
	"chart_desc":          {"每个机关一条，按分项分段；数字同上表。", "A bar an organisation, in stretches by part; the figures are those of the table above."},
	"views":               {"显示", "Show"},
	"scopes":              {"范围", "Scope"},
	"view_plain":          {"本期", "This period"},
	"view_year_before":    {"与上年同期比较", "Beside the year before"},
	"view_to_date":        {"本年累计", "The year so far"},
	"year_before":         {"上年", "year before"},
	"to_date":             {"累计", "so far"},
	"records_beside":      {"（记录 %s）", " (records %s)"},
	"summed_scope":        {"报告范围：%s，汇总本级与下级已接收的 %d 份报告。", "%s: the organisation's own figures and %d accepted reports below it."},
	"summed_missing":      {"编制时另有 %d 家应报送而未接收，未按 0 计。", "%d more owed one when it was compiled; none of them is taken as 0."},
	"summed_figure":       {"汇总，其中本级 %s", "a sum, of which its own %s"},
	"signed_copies":       {"签字盖章件", "Signed and stamped copies"},
	"file":                {"文件", "File"},
	"application/pdf":     {"PDF 文件", "PDF"},
	"application/ofd":     {"OFD 文件", "OFD"},
	"image/png":           {"图片（PNG）", "picture (PNG)"},
	"image/jpeg":          {"图片（JPEG）", "picture (JPEG)"},
	"discrepancies":       {"核对", "What does not fit"},
	"discrepancies_link":  {"各级核对", "What does not fit, at all levels"},
	"discrepancies_note":  {"包括本机关和各级下属机关；按差异大小排列。对报告提出的问题，在报告的检查结果中说明。", "This organisation and all below it, the largest first. What is asked about a report is explained among its findings."},
	"expected":            {"应为", "Expected"},
	"found":               {"实为", "Found"},
	"by_records":          {"记录", "Records"},
	"by_report":           {"已接收报告", "Accepted report"},
	"period_before":       {"上期", "Period before"},
	"this_period":         {"本期", "This period"},
	"reason":              {"原因", "Reason"},
	"from_records":        {"无报告，按记录", "no report; by records"},
	"nothing_found":       {"没有发现。", "Nothing was found."},
	"dash":                {"——", " – "},
	"everyone":            {"全部", "All"},
	"overdue":             {"逾期", "Late"},
	"owed_title":          {"报送情况", "Who owes a report"},
	"owed_link":           {"各级报送情况", "Who owes a report, at all levels"},
	"owed_none":           {"没有符合条件的机关。", "There is no such organisation."},
	"owed_caption":        {"本机关和各级下属机关，按代码", "This organisation and all below it, by code"},
	"above":               {"上级机关", "Below"},
	"due_on":              {"报送期限", "Due on"},
	"due_by_law":          {"法定期限 %s，由 %s 提前或另定", "by law %s; set by %s"},
	"days_late":           {"逾期 %d 天", "%d days late"},
	"caption":             {"各机关数字", "Figures by organisation"},
	"organization":        {"机关", "Organisation"},
	"status":              {"状态", "Status"},
	"version":             {"版本", "Version"},
	"total":               {"合计", "Total"},
	"own":                 {"本级", "own"},
	"ended":               {"已撤并", "merged or abolished"},
	"records":             {"记录", "records"},
	"late":                {"迟到", "late"},
	"attention":           {"需要关注", "Needs attention"},
	"who_missing":         {"未报送的机关", "Whose report is missing"},
	"who_returned":        {"已退回、尚未重新报送的机关", "Whose report was returned and not submitted again"},
	"who_waits":           {"已报送、待审核的机关", "Whose report awaits review"},
	"all_in":              {"应报送的机关均已接收。", "All reports owed are accepted."},
	"differences":         {"两种口径的差异", "Where the two bases differ"},
	"differences_caption": {"记录与已接收报告之差，按机关、原因和指标", "Records less accepted reports, by organisation, cause and figure"},
	"no_differences":      {"记录与已接收的报告一致。", "Records and accepted reports agree."},
	"cause":               {"原因", "Cause"},
	"cell":                {"指标", "Figure"},
	"difference":          {"差异", "Difference"},
	"sums":                {"由下列指标相加", "The sum of these figures"},
	"by_organization":     {"由下列机关相加", "The sum of these organisations"},
	"value":               {"数值", "Value"},
	"to_rollup":           {"返回汇总", "Back to the roll-up"},
	"disclosures":         {"主动公开信息", "Disclosures"},
	"all_categories":      {"全部类别", "All categories"},
	"all_years":           {"全部时间", "All dates"},
	"count":               {"本页%d条：第%d至%d条", "%d on this page: %d to %d"},
	"no_records":          {"没有符合条件的信息。", "There is nothing that meets these conditions."},
	"number":              {"序号", "No."},
	"title":               {"标题", "Title"},
	"category":            {"类别", "Category"},
	"published_on":        {"公开日期", "Published on"},
	"formed_on":           {"形成日期", "Formed on"},
	"withdrawn_on":        {"撤回日期", "Withdrawn on"},
	"withdraw_reason":     {"撤回原因", "Why it was withdrawn"},
	"index_number":        {"索引号", "Index number"},
	"document_number":     {"文号", "Document number"},
	"channels":            {"公开渠道", "Published through"},
	"content":             {"正文", "Text"},
	"first_page":          {"第一页", "First page"},
	"next_page":           {"下一页", "Next page"},
	"pages":               {"翻页", "Pages"},
	"return_reasons":      {"退回原因", "Why it was returned"},
	"source":              {"来源", "Source"},
	"figures":             {"本部分数字", "Figures of this part"},
	"failure":             {"无法显示此页", "This page cannot be shown"},
	"call_id":             {"编号", "Id"},
	"expired":             {"登录链接无效或已过期。您仍可查看公开的内容，或向管理员索取新的登录链接。", "The sign-in link is not valid or has expired. You can still read what is public, or ask the administrator for a new link."},
	"go_home":             {"返回首页", "Go to the first page"},

	"calculator":                         {"期限和收费计算", "Deadlines and fees"},
	"calculator_lead":                    {"按国务院放假通知、《政府信息公开条例》和收费办法计算，逐步说明依据。不保存任何内容，无需登录。", "Computed by the State Council's holiday notices, the Regulation and the measures on fees, step by step. Nothing is kept; no account is needed."},
	"calculate":                          {"计算", "Calculate"},
	"optional":                           {"可不填", "optional"},
	"ask_deadline":                       {"申请最迟哪一天答复", "By which day a request is to be answered"},
	"ask_limits":                         {"复议、诉讼的各项期限", "The limits of an appeal"},
	"steps":                              {"发生的步骤（先后不限，空行不计）", "Steps, in any order; an empty row is none"},
	"step_kind":                          {"步骤", "Step"},
	"step_on":                            {"日期", "Day"},
	"step_until":                         {"截止日、签收日", "Limit, or signed for"},
	"step_days":                          {"天数（延期、重新答复）", "Days (extension, new answer)"},
	"step_party":                         {"征求对象（多个时区分）", "Who is asked, if several"},
	"step_by":                            {"送达方式（答复）", "Served by (answer)"},
	"more_steps":                         {"再加几步", "More steps"},
	"print_hint":                         {"打印本页时只印结果。", "Printed, this page shows the result alone."},
	"field_as_of":                        {"按哪一天查看", "Asked on"},
	"field_about":                        {"对什么不服", "Over"},
	"field_act_on":                       {"答复之日；逾期不答复：期限届满之日", "Day of the answer; without one, last day of the period"},
	"field_known_on":                     {"申请人知道之日", "Known on"},
	"field_rights":                       {"救济权利、机关和期限", "Right, body and period"},
	"field_rights_known_on":              {"知道救济权利之日", "Rights known on"},
	"field_estate":                       {"是否因不动产", "Over real estate"},
	"field_applied_on":                   {"复议：收到申请", "Reconsideration: applied for"},
	"field_accepted_on":                  {"复议：受理", "Reconsideration: accepted"},
	"field_copy_received_on":             {"复议：答复机关收到副本", "Reconsideration: organ received the copy"},
	"field_decision_known_on":            {"复议：申请人收到决定", "Reconsideration: decision received"},
	"field_decision_rights":              {"复议决定：起诉期限", "Decision: period to sue"},
	"field_decision_rights_known_on":     {"知道起诉期限之日", "Period to sue known on"},
	"field_review_suspended_on":          {"复议：中止", "Reconsideration: suspended"},
	"field_review_resumed_on":            {"复议：恢复审理", "Reconsideration: resumed"},
	"field_suit_suspended_on":            {"诉讼：中止", "Suit: suspended"},
	"field_suit_resumed_on":              {"诉讼：恢复审理", "Suit: resumed"},
	"field_filed_on":                     {"诉讼：收到起诉状", "Suit: filed"},
	"field_docketed_on":                  {"诉讼：立案", "Suit: docketed"},
	"field_suit_copy_on":                 {"诉讼：答复机关收到副本", "Suit: organ received the copy"},
	"field_judgment_served_on":           {"诉讼：判决送达", "Suit: judgment served"},
	"option_answer":                      {"答复", "an answer"},
	"option_record":                      {"不更正自身信息", "a record not corrected"},
	"option_no_real_estate":              {"否（五年）", "no (five years)"},
	"option_real_estate":                 {"是（二十年）", "yes (twenty years)"},
	"option_told":                        {"已告知", "told"},
	"option_not_told":                    {"未告知", "not told"},
	"option_corrected_good_reason":       {"逾期收到补正，理由正当", "Corrected late, for a good reason"},
	"option_new_answer_ordered_by_court": {"判决责令重新答复", "New answer ordered by a court"},
	"option_handed_over":                 {"直接送达", "handed over"},
	"option_served_by_other_unit":        {"委托其他机关送达", "by another organ"},
	"option_posted":                      {"邮寄（邮政企业）", "posted"},
	"option_courier":                     {"快递企业", "private courier"},
	"option_electronic":                  {"电子方式", "electronically"},
	"ask_appeal":                         {"向哪个机关申请行政复议", "Which body hears an appeal"},
	"ask_add":                            {"若干个工作日之后是哪一天", "The day some working days later"},
	"ask_count":                          {"两个日期之间有几个工作日", "Working days between two dates"},
	"ask_day":                            {"某一天是不是工作日", "Whether a day is a working day"},
	"ask_fee":                            {"信息处理费", "Information processing fee"},
	"ask_grounds":                        {"办理结果和理由", "Outcomes and their grounds"},
	"field_from":                         {"起算日（不计入）", "From (not counted)"},
	"field_days":                         {"工作日天数", "Working days"},
	"field_to":                           {"截止日（计入）", "To (counted)"},
	"field_date":                         {"日期", "Date"},
	"field_schedule":                     {"计收方式", "Charged"},
	"field_items":                        {"件数或页数", "Items or pages"},
	"field_already":                      {"同一申请人本月此前件数（按件）", "Items earlier in the month (by item)"},
	"field_received_on":                  {"收到申请之日", "Received on"},
	"field_on":                           {"收到申请之日", "Received on"},
	"field_kind":                         {"答复机关", "Who answered"},
	"field_level":                        {"层级", "Level"},
	"field_answered_on":                  {"答复之日", "Answered on"},
	"field_outcome":                      {"办理结果", "Outcome"},
	"option_":                            {"—", "—"},
	"option_no_answer":                   {"逾期不答复", "No answer in time"},
	"option_department":                  {"政府工作部门", "department"},
	"option_government":                  {"人民政府", "people's government"},
	"option_agency":                      {"派出机关（街道办事处）", "agency (sub-district office)"},
	"option_justice":                     {"司法行政部门", "justice department"},
	"option_vertical":                    {"垂直领导机关、税务、国家安全", "vertically led organ, tax, state security"},
	"option_branch":                      {"部门派出机构", "branch of a department"},
	"option_authorized":                  {"法律、法规授权的组织", "authorised organisation"},
	"option_ministry":                    {"国务院部门", "department of the State Council"},
	"option_province":                    {"省级", "province"},
	"option_prefecture":                  {"市（州）级", "prefecture"},
	"option_county":                      {"县级", "county"},
	"option_township":                    {"乡镇级", "township"},
	"option_items":                       {"按件计收", "by item"},
	"option_pages":                       {"按量计收（页）", "by page"},

	"ROLLUP_STATUS_UNSPECIFIED": {"尚未接收", "Not accepted yet"},
	"ROLLUP_STATUS_NOT_OWED":    {"不需报送", "Owes none"},
	"ROLLUP_STATUS_MISSING":     {"未报送", "Missing"},
	"ROLLUP_STATUS_SUBMITTED":   {"已报送", "Submitted"},
	"ROLLUP_STATUS_RETURNED":    {"已退回", "Returned"},
	"ROLLUP_STATUS_ACCEPTED":    {"已接收", "Accepted"},

	"REPORT_STATE_UNSPECIFIED": {"未知", "unknown"},
	"REPORT_STATE_DRAFT":       {"草稿", "Draft"},
	"REPORT_STATE_SUBMITTED":   {"已报送", "Submitted"},
	"REPORT_STATE_RETURNED":    {"已退回", "Returned"},
	"REPORT_STATE_ACCEPTED":    {"已接收", "Accepted"},
	"REPORT_STATE_PUBLISHED":   {"已公布", "Published"},

	"FIGURE_STATE_UNSPECIFIED": {"未填", "not filled in"},
	"FIGURE_STATE_UNFILLED":    {"未填", "not filled in"},
	"FIGURE_STATE_DERIVED":     {"由记录得出", "derived from records"},
	"FIGURE_STATE_STATED_NONE": {"填报为无", "stated as none"},
	"FIGURE_STATE_TYPED":       {"填报", "typed in"},
	"FIGURE_STATE_GIVEN":       {"系统提供", "given by another system"},
	"FIGURE_STATE_SLASHED":     {"斜杠", "a stroke"},
	"FIGURE_STATE_UNREADABLE":  {"无法识别", "unreadable"},
	"FIGURE_STATE_UNKNOWN":     {"不明", "not known"},
	"FIGURE_STATE_SUMMED":      {"汇总", "a sum of reports"},

	"ROLLUP_SCOPE_OWN":              {"本级", "The organisation alone"},
	"ROLLUP_SCOPE_WITH_DEPARTMENTS": {"本级及所属部门", "With its departments"},
	"ROLLUP_SCOPE_AREA":             {"全区域", "The whole area"},

	"DIFFERENCE_CAUSE_UNSPECIFIED": {"未知", "unknown"},
	"DIFFERENCE_CAUSE_MISSING":     {"未报送", "report missing"},
	"DIFFERENCE_CAUSE_SUBMITTED":   {"待审核", "awaiting review"},
	"DIFFERENCE_CAUSE_RETURNED":    {"已退回", "report returned"},
	"DIFFERENCE_CAUSE_LATE":        {"接收后变化", "late records"},
	"DIFFERENCE_CAUSE_REPORTED":    {"报表与记录不一致", "report and records disagree"},
	"DIFFERENCE_CAUSE_NOT_OWED":    {"不需报送", "owes no report"},
	"DIFFERENCE_CAUSE_BELOW":       {"下级机关", "further down"},

	"disclosure.published": {"公开", "published"},
	"disclosure.withdrawn": {"撤回", "withdrawn"},
	"request.received":     {"收到申请", "request received"},
	"request.concluded":    {"办结", "concluded"},

	"DISCREPANCY_KIND_OVER_YEARS": {"与上年报告不衔接", "Does not go on from last year's report"},
	"DISCREPANCY_KIND_BASES":      {"记录与报告不一致", "Records and reports differ"},
	"DISCREPANCY_KIND_JUMP":       {"异常变化", "Jumps"},

	"VERDICT_KIND_EXPLAINED": {"已说明", "explained"},
	"VERDICT_KIND_ACCEPTED":  {"已认可", "accepted"},
	"VERDICT_KIND_TO_FIX":    {"待改正", "to be put right"},

	"STATE_UNSPECIFIED": {"未知", "unknown"},
	"STATE_DRAFT":       {"草稿", "Draft"},
	"STATE_PUBLISHED":   {"已公开", "Published"},
	"STATE_WITHDRAWN":   {"已撤回", "Withdrawn"},

	"CHANNEL_UNSPECIFIED":      {"未知", "unknown"},
	"CHANNEL_GAZETTE":          {"政府公报", "government gazette"},
	"CHANNEL_WEBSITE":          {"政府网站", "government website"},
	"CHANNEL_PRESS_CONFERENCE": {"新闻发布会", "press conference"},
	"CHANNEL_PRESS":            {"报刊", "newspapers and magazines"},
	"CHANNEL_BROADCAST":        {"广播电视", "radio and television"},
	"CHANNEL_MICROBLOG":        {"政务微博", "microblog"},
	"CHANNEL_WECHAT":           {"政务微信", "WeChat"},
	"CHANNEL_READING_PLACE":    {"查阅场所", "reading place"},
	"CHANNEL_NOTICE_BOARD":     {"公开栏、公示牌", "notice board"},
	"CHANNEL_SCREEN":           {"电子屏", "screen"},
	"CHANNEL_MEETING":          {"会议", "meeting"},
	"CHANNEL_CIRCULAR":         {"内部通报、下发文件", "circular"},
	"CHANNEL_DUTY_DAY_NOTICE":  {"领导值班日公示", "duty-day notice"},
	"CHANNEL_OTHER":            {"其他", "other"},
}
