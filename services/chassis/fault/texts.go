package fault

import (
	"maps"

	"gongkai/services/law"
)

// Texts returns what users read, by reason, in both languages.
func Texts() map[law.Reason]law.Label { return maps.Clone(texts) }

// texts is the one table of what users read, by reason. A clerk must understand each without help. Areas with
// many reasons have a file of their own.
var texts = joined(
	commonTexts(),
	calculatorTexts(),
	requestTexts(),
	requestMoreTexts(),
	letterTexts(),
	deadlineTexts(),
	reportTexts(),
	lifeTexts(),
	documentTexts(),
)

func joined(tables ...map[law.Reason]law.Label) map[law.Reason]law.Label {
	all := make(map[law.Reason]law.Label)
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

// commonTexts are those of the public enum and, below, those of field rules, which stand in field violations only.
func commonTexts() map[law.Reason]law.Label {
	return map[law.Reason]law.Label{
		"INVALID_FIELD":      {Zh: "有{count}处填写不符合规定，请按提示修改。", En: "{count} fields break a rule; see the field violations."},
		"UNDECODABLE":        {Zh: "提交的内容无法读取，请检查格式和编码（须为UTF-8）。", En: "The message cannot be decoded; check its format and that its text is UTF-8."},
		"TOO_LARGE":          {Zh: "提交的内容过大；请减少内容，或分几次提交。", En: "The message is larger than the server takes; shorten it, or send it in parts."},
		"INVALID_FILTER":     {Zh: "筛选条件无法识别，请检查字段名、引号和括号后重新查询；写法如 category = \"work_report\" AND published_on >= \"2018-01-01\"。", En: "The filter cannot be read: {cause}. Mend it and ask again."},
		"INVALID_PAGE_TOKEN": {Zh: "翻页标记无效，或属于另一次查询，请从第一页重新查询。", En: "The page token is damaged or belongs to another query; start again from the first page."},
		"NOT_FOUND":          {Zh: "没有找到“{resource}”；请核对代码或编号。", En: "{resource} was not found; check its name."},
		"ALREADY_EXISTS":     {Zh: "“{resource}”已经存在；请勿重复新建，如需改动请修改已有的。", En: "{resource} exists already; change it instead of making it anew."},
		"REQUEST_ID_REUSED":  {Zh: "请求编号“{request_id}”已用于另一次内容不同的提交，请换一个编号。", En: "The request_id {request_id} was used before with another request; use a new one."},
		"STALE_ETAG":         {Zh: "“{resource}”在您读取之后已被他人修改，请重新读取后再提交。", En: "{resource} was changed since it was read; read it again."},
		"UNAUTHENTICATED":    {Zh: "请先登录：本次调用没有有效的令牌，或令牌已过期。", En: "The call carries no valid token, or it has expired; sign in again."},
		"PERMISSION_DENIED":  {Zh: "您的账号在“{organization}”没有此项权限（{permission_zh}）；如确需办理，请联系管理员授权。", En: "Your account lacks the permission {permission} in {organization}; ask the administrator for it."},
		"UNAVAILABLE":        {Zh: "服务暂时不可用，请稍后重试。", En: "The service is not available just now; try again."},
		"DEADLINE_EXCEEDED":  {Zh: "处理超时或已取消；请重试。登记和修改的，请用原请求编号重试，不会重复办理。", En: "The call ran out of time or was given up; try again. A change that is sent again with its request_id is not made twice."},
		"INTERNAL":           {Zh: "系统内部错误，不是您的操作有误；请将编号{id}告知管理员。", En: "Internal error, which is no fault of yours; tell the administrator the id {id}."},
		"OUT_OF_RANGE":       {Zh: "所给位置超出日志末尾；请先查询日志现有的长度。", En: "The position lies beyond the end of the log; ask for the log's size first."},
		"LOG_DIVERGED":       {Zh: "该日志与先前跟随的日志不一致，请运行 gongkai fsck 核对。", En: "The log is not the one that was followed; run gongkai fsck."},
		"STORAGE_FULL":       {Zh: "服务器存储空间已满，本次提交没有保存；请联系管理员腾出空间后重新提交。", En: "The server has no room left; nothing was stored. Ask the administrator to make room, then send it again."},
		"LOG_DAMAGED":        {Zh: "日志已损坏，请运行 gongkai fsck 核对并告知管理员。", En: "The log is damaged; run gongkai fsck and tell the administrator."},
		"UNIMPLEMENTED":      {Zh: "没有这个方法；请核对地址和方法名。", En: "There is no such method; check its name and path."},

		// Rules of fields.
		"REQUIRED":      {Zh: "此项必填。", En: "is required."},
		"TOO_LONG":      {Zh: "超过长度上限{limit}字；请缩短。", En: "is longer than {limit} characters; shorten it."},
		"TOO_SHORT":     {Zh: "不能少于{limit}字；请补充。", En: "has fewer than {limit} characters; complete it."},
		"TOO_MANY":      {Zh: "最多{limit}项；请减少，或分几次提交。", En: "has more than {limit} items; leave some out, or send them in parts."},
		"TOO_FEW":       {Zh: "至少{limit}项；请补充。", En: "has fewer than {limit} items; add to them."},
		"NOT_UNIQUE":    {Zh: "有重复项；请删去重复的一项。", En: "has an item twice; leave out one of them."},
		"BAD_FORMAT":    {Zh: "格式不正确；请对照填写说明核对。", En: "does not have the form it must have; compare it with the description of the field."},
		"NOT_IN_LIST":   {Zh: "不是可选的值；请从可选的值中选择。", En: "is none of the values that can be chosen; choose one of these."},
		"OUT_OF_BOUNDS": {Zh: "数值超出允许范围；请核对。", En: "lies outside its bounds; check the number."},
		"NOT_UTF8":      {Zh: "含有无法识别的字符（须为UTF-8编码）；请重新输入。", En: "holds text that is not UTF-8; type it anew."},
		"BAD_DATE":      {Zh: "不是有效的日期；请核对年、月、日。", En: "is no date of the calendar; check year, month and day."},
		"BREAKS_RULE":   {Zh: "不符合规定：{rule}。", En: "breaks its rule: {rule}."},

		// Findings of an import from a spreadsheet; each says what to do.
		"LEDGER_FORMAT_UNKNOWN":         {Zh: "这不是台账文件；请上传 .xlsx、.csv 或 .jsonl 文件。", En: "The file is no ledger; give an .xlsx, .csv or .jsonl file."},
		"LEDGER_OLD_FORMAT":             {Zh: "不支持这种表格文件（旧版 .xls、.xlsb、.ods 或加密的文件）；请取消密码，另存为 .xlsx 后再导入。", En: "This kind of spreadsheet (.xls, .xlsb, .ods, or one with a password) cannot be read; save it as .xlsx without a password."},
		"LEDGER_DAMAGED":                {Zh: "文件已损坏，读不下去；请用表格软件打开后另存为 .xlsx 再导入。", En: "The file is damaged ({cause}); open it in a spreadsheet program and save it anew as .xlsx."},
		"LEDGER_TOO_LARGE":              {Zh: "文件或其中的一行过大，超过{limit} MiB；请拆分后分次导入。", En: "The file or one of its rows is larger than {limit} MiB; split it."},
		"LEDGER_TOO_MANY_ROWS":          {Zh: "文件超过{limit}行；请拆分后分次导入。", En: "The file has more than {limit} rows; split it."},
		"LEDGER_WITHOUT_HEADER":         {Zh: "没有找到表头；表头须在前20行内，至少有“标题”和“信息类别”两栏，请补上表头，或下载模板填写。", En: "No header was found; it must stand in the first 20 rows and name at least 标题 (title) and 信息类别 (category). The template has one."},
		"COLUMN_MISSING":                {Zh: "缺少“{column}”一栏；请补上该栏后重新导入。", En: "The column {column} is missing; add it."},
		"COLUMN_TWICE":                  {Zh: "“{column}”与“{other}”两栏含义相同；请只保留一栏。", En: "The columns {column} and {other} mean the same; keep one of them."},
		"COLUMN_NOT_IMPORTED":           {Zh: "“{column}”一栏不导入；无需处理，需要导入的请改用模板中的栏名。", En: "The column {column} is not imported; if it should be, give it a name that the template has."},
		"SHEET_NOT_IMPORTED":            {Zh: "本工作表没有表头，不导入；无需处理，需要导入的请加上表头。", En: "The sheet has no header and is not imported; if it should be, give it one."},
		"CELL_IS_FORMULA":               {Zh: "“{column}”是公式，系统不计算公式；请复制该单元格并选择性粘贴为数值。", En: "{column} is a formula, which is never evaluated; paste its value instead."},
		"CELL_IS_ERROR":                 {Zh: "“{column}”是错误值{value}；请改为正确的内容。", En: "{column} is the error value {value}; write what is meant."},
		"CELL_REQUIRED":                 {Zh: "“{column}”必填；请补填。", En: "{column} must be filled in."},
		"CELL_TOO_LONG":                 {Zh: "“{column}”有{length}字，超过上限{limit}字；请缩短。", En: "{column} has {length} characters, more than {limit}; shorten it."},
		"TEXT_UNREADABLE":               {Zh: "“{column}”含有无法识别的字符（{value}）；请重新输入，或将文件另存为 UTF-8 编码。", En: "{column} holds characters that cannot be read ({value}); type it anew, or save the file as UTF-8."},
		"DATE_UNREADABLE":               {Zh: "“{column}”的“{value}”不是有效日期；请写成 2018-03-05 或 2018年3月5日。", En: "\"{value}\" in {column} is no date; write 2018-03-05 or 2018年3月5日."},
		"CHANNEL_UNKNOWN":               {Zh: "没有公开渠道“{value}”；请从以下渠道中选填：{known}，多个用顿号隔开。", En: "There is no channel \"{value}\"; choose from {known}, separated by 、."},
		"VALUE_UNKNOWN":                 {Zh: "“{column}”的“{value}”不是可选的值；请从以下各项中选填：{known}。", En: "\"{value}\" cannot be chosen in {column}; choose from {known}."},
		"LINE_UNREADABLE":               {Zh: "本行不是一条JSON记录，或者有不认识的字段；请改正或删去本行。", En: "The line is no disclosure in JSON ({cause}); mend it or leave it out."},
		"DOCUMENT_NUMBER_NORMALIZED":    {Zh: "文号“{given}”按GB/T 9704-2012写作“{written}”。", En: "The document number \"{given}\" is written as {written} (GB/T 9704-2012)."},
		"INDEX_NUMBER_TWICE":            {Zh: "索引号“{number}”与第{row}行重复；请改正其中一行。", En: "The index number {number} stands in row {row} already; change one of them."},
		"RECORD_DIFFERS":                {Zh: "记录“{record}”已在系统中，内容与本行不同；导入不改动已有记录，请在系统中更正该记录，或删去本行。", En: "{record} exists and differs from this row; an import changes no record, so correct the record itself or leave out the row."},
		"ROW_WITHDRAWN":                 {Zh: "本行状态为“已撤回”，不能导入；请删去本行。", En: "The row is marked as withdrawn and cannot be imported; leave it out."},
		"PUBLICATION_DATE_NOT_IMPORTED": {Zh: "未选择公开，有公开日期的行也只存为草稿，公开日期不导入；要直接公开，请选择公开后重新导入。", En: "Rows become drafts and their publication dates are not kept, since publishing was not asked for; import again with it to publish them."},

		// Rules of the field; each names its article beside it.
		"ORGANIZATION_ID_MALFORMED":           {Zh: "“{id}”不是有效的机关代码；请填写2、4、6、9或12位行政区划代码，部门为本级政府代码加“-”和拼音，如652701-jiaoyuju。", En: "\"{id}\" is not a valid organisation id; it has 2, 4, 6, 9 or 12 digits, a department's is that of its government, - and a name, as 652701-jiaoyuju."},
		"ORGANIZATION_WITHOUT_VERSION":        {Zh: "机关{id}至少要有一个版本，最后一个不能删去；机关已撤销的，请办理终止。", En: "Organisation {id} must have a version, so the last one cannot be taken out; abolish what is no more."},
		"EFFECTIVE_DATE_MISSING":              {Zh: "第{version}个版本的生效日期缺失或无效；请补填。", En: "Version {version} has no valid effective date; give one."},
		"END_DATE_INVALID":                    {Zh: "终止日期无效；请核对年、月、日。", En: "The end date is not a day of the calendar; check it."},
		"VERSIONS_NOT_ASCENDING":              {Zh: "版本日期{effective_on}应晚于前一版本的{before}；请核对日期。", En: "The version of {effective_on} must be later than the one before it, {before}; check the dates."},
		"VERSION_AFTER_END":                   {Zh: "版本日期{effective_on}不早于终止日期{ended_on}；请核对终止日期。", En: "The version of {effective_on} is not before the end on {ended_on}; check the end."},
		"DISPLAY_NAME_MISSING":                {Zh: "{effective_on}起的版本没有名称；请补填机关名称。", En: "The version of {effective_on} has no name; give one."},
		"KIND_DOES_NOT_FIT_LEVEL":             {Zh: "机关类型与代码{id}的层级不符；请核对类型和代码。", En: "Kind \"{kind}\" does not fit the level of {id}; check both."},
		"NO_REPORT_WITHOUT_REASON":            {Zh: "{effective_on}起的版本不需报送报告，但未说明理由；请补填理由。", En: "The version of {effective_on} owes no report but gives no reason; give one."},
		"ROOT_NOT_PROVINCE":                   {Zh: "{id}没有上级；只有省级机关和全国(00)可以没有上级，请填写上级机关。", En: "{id} has no parent; only a province or the country (00) may have none, so name its parent."},
		"PARENT_UNKNOWN":                      {Zh: "上级机关{parent}不存在；请核对代码，或先登记上级机关。", En: "Parent {parent} is unknown; check its id, or enter it first."},
		"PARENT_DOES_NOT_EXIST_THEN":          {Zh: "自{from}起的期间内，上级机关{parent}并非一直存在；请核对日期和上级机关。", En: "Parent {parent} does not exist for the whole time from {from} on; check the date and the parent."},
		"PARENT_LEVEL_NOT_HIGHER":             {Zh: "上级机关{parent}的层级不高于本机关；请核对上级机关。", En: "Parent {parent} ({parent_level}) is not of a higher level than {level}; check the parent."},
		"PARENT_IS_DEPARTMENT":                {Zh: "{parent}是部门，其下不能设行政区划机关；请改为本级政府。", En: "{parent} is a department and has no divisions below it; name its government."},
		"DEPARTMENT_NOT_BELOW_ITS_GOVERNMENT": {Zh: "部门应隶属本级政府{government}，而不是{parent}；请改正上级机关。", En: "A department stands below its government {government}, not {parent}; change the parent."},
		"ORGANIZATION_CYCLE":                  {Zh: "自{from}起，以{parent}为上级会形成循环隶属；请核对上级机关。", En: "From {from} on, parent {parent} would make a cycle; check the parent."},
		"ORGANIZATION_HAS_CHILDREN":           {Zh: "下级机关{child}将失去上级；请先变更或终止该下级机关。", En: "{child} below it would be left without a parent; move or abolish it first."},
		"SUCCESSOR_UNKNOWN":                   {Zh: "承继机关{successor}不存在或就是本机关；请核对代码。", En: "Successor {successor} is unknown or is the organisation itself; check its id."},
		"SUCCESSOR_DOES_NOT_EXIST_THEN":       {Zh: "承继机关{successor}在{ended_on}不存在；请核对承继机关和终止日期。", En: "Successor {successor} does not exist on {ended_on}; check it and the end."},
		"SUCCESSOR_WITHOUT_END":               {Zh: "机关未终止，不能有承继机关{successor}；请先填写终止日期。", En: "It has not ended, so {successor} cannot be its successor; give its end first."},
		"NO_FORM_FOR_PERIOD":                  {Zh: "{period}没有适用的报告格式；现有格式适用于{years}，请核对期间。", En: "There is no report form for {period}; there are forms for {years}."},
		"CATEGORY_UNKNOWN_TO_FORM":            {Zh: "{year}年没有类别“{category}”；请从以下类别中选择：{known_zh}。", En: "{year} has no category \"{category}\"; it has {known}."},
		"NEGATIVE_FIGURE":                     {Zh: "“{cell_zh}”（{cell}）不能为负数（{value}）；请改正。", En: "{cell_en} ({cell}) is negative: {value}."},
		"CELL_UNFILLED":                       {Zh: "“{cell_zh}”（{cell}）未填写；请补填。", En: "{cell_en} ({cell}) is not filled in; fill it in."},
		"SUM_DIFFERS":                         {Zh: "“{cell_zh}”（{cell}）应为{expected}，填报为{found}；请核对各分项。", En: "{cell_en} ({cell}) should be {expected} but is {found}; check what it is the sum of."},
		"UNKNOWN_CELL":                        {Zh: "报告格式{form}没有指标“{cell}”；请核对指标代码。", En: "Form {form} has no cell {cell}; check its id."},
		"UNKNOWN_PART":                        {Zh: "报告格式{form}没有“{part}”部分；请核对部分代码。", En: "Form {form} has no part {part}; check its id."},
		"NARRATIVE_MISSING":                   {Zh: "“{part_zh}”（{part}）部分缺少文字说明；请补写。", En: "Part {part_en} ({part}) needs text."},
		"STATED_NONE_NOT_ZERO":                {Zh: "“{cell_zh}”（{cell}）填“无”，但数值为{value}；请核对，有数值的不能填“无”。", En: "{cell_en} ({cell}) is stated as none but is {value}; check which of them holds."},
		"CANNOT_STATE_NONE":                   {Zh: "“{part_zh}”部分的“{cell_zh}”（{cell}）不能填“无”；请填数字，没有的填0。", En: "{cell_en} ({cell}) in part {part_en} cannot be stated as none; give a number, 0 if there is nothing."},
		"FIGURE_STATE_UNKNOWN":                {Zh: "“{cell_zh}”（{cell}）的填报状态无效；请重新填写。", En: "{cell_en} ({cell}) has an unknown state; fill it in anew."},
		"UNKNOWN_OUTCOME":                     {Zh: "没有办理结果“{outcome}”；请从办理结果清单中选择。", En: "There is no outcome \"{outcome}\"; choose one of the list."},
		"OUTCOME_NOT_IN_FORCE":                {Zh: "办理结果“{outcome_zh}”（{outcome}）不适用于{received_on}收到的申请；请选择收到申请时施行的条例所列的结果。", En: "Outcome {outcome_en} ({outcome}) is not in force for a request received on {received_on}; choose one of the Regulation of that day."},
		"PUBLISH_DATE_MISSING":                {Zh: "缺少公开日期；请补填。", En: "The publication date is missing; give one."},
		"PUBLISH_DATE_INVALID":                {Zh: "公开日期{date}无效；请核对年、月、日。", En: "Publication date {date} is not a day of the calendar; check it."},
		"PUBLISH_DATE_IN_FUTURE":              {Zh: "公开日期{date}晚于今天（{today}）；请在公开之后登记，或核对日期。", En: "Publication date {date} is after today, {today}; enter it once it is published, or check the date."},
		"PUBLISHED_BEFORE_FORMED":             {Zh: "公开日期{date}早于信息形成日期{formed_on}；请核对这两个日期。", En: "Publication date {date} is before the information was formed, {formed_on}; check both dates."},
		"REPORT_ALREADY_SUBMITTED":            {Zh: "报告已报送，等待审核；需要修改的，请联系审核单位退回后重新编制。", En: "The report is submitted and waits; it can be compiled anew once it is returned."},
		"REPORT_ALREADY_ACCEPTED":             {Zh: "报告已接收，不能重新编制；如有差错，请联系上级主管部门。", En: "The report is accepted and cannot be compiled anew; if something is wrong with it, ask the supervisor."},
		"REPORT_NOT_A_DRAFT":                  {Zh: "报告不是草稿；请先编制，再报送。", En: "The report is no draft; compile it, then submit it."},
		"REPORT_NOT_SUBMITTED":                {Zh: "报告尚未报送，不能退回或接收；请等报送之后再办理。", En: "The report is not submitted, so it can be neither returned nor accepted; wait until it is."},
		"PERIOD_NOT_ENDED":                    {Zh: "{period}尚未结束（至{last}），不能报送；请在期满之后报送。", En: "{period} has not ended yet (it lasts until {last}); submit it afterwards."},
		"ORGANIZATION_ABSENT_IN_PERIOD":       {Zh: "“{organization}”在{period}不存在；请核对机关和期间。", En: "{organization} did not exist in {period}; check both."},
		"CELL_IS_SUM":                         {Zh: "“{cell_zh}”（{cell}）由其他指标相加得出，不能填报；请填报各分项。", En: "{cell_en} ({cell}) is a sum of others and cannot be typed in; give what it is the sum of."},
		"PART_CANNOT_BE_NONE":                 {Zh: "“{part_zh}”（{part}）部分不能整体填“无”；请逐项填写，没有的填0。", En: "Part {part_en} ({part}) cannot be stated as none; fill in its cells, with 0 where there is nothing."},
		"PERIOD_MALFORMED":                    {Zh: "“{period}”不是有效的期间；请写成2018、2018-q2或2018-06。", En: "\"{period}\" is no period; write 2018, 2018-q2 or 2018-06."},
		"ORGANIZATION_DATE_IN_FUTURE":         {Zh: "{date}晚于今天（{today}），尚未发生的设立、变更或终止不能预先登记；请在发生之后登记。", En: "{date} is after today, {today}; what has not happened yet cannot be entered."},
		"ORGANIZATION_ENDED_ALREADY":          {Zh: "机关已于{ended_on}终止；无需再次办理。", En: "The organisation ended on {ended_on} already; there is nothing to do."},
		"PARENT_DIFFERS":                      {Zh: "批量提交中的机关须与整批一致（{parent}）；请改正，或分批提交。", En: "The parent in a batch must be that of the batch, {parent}; change it, or send it apart."},
		"UNKNOWN_FIELD":                       {Zh: "没有字段“{path}”，或该字段不能修改；请核对字段名。", En: "There is no field \"{path}\", or it cannot be changed; check its name."},
		"NOT_A_DRAFT":                         {Zh: "不是草稿，不能再次公开；如有差错，请更正该记录。", En: "It is no draft, so it cannot be published again; correct the record if something is wrong."},
		"NOT_PUBLISHED":                       {Zh: "尚未公开，不能撤回，也没有公开日期可改；请先公开。", En: "It is not published, so it cannot be withdrawn and has no publication date to correct; publish it first."},
		"WITHDRAWN":                           {Zh: "已于{withdrawn_on}撤回，不能再修改；如需公开，请新建记录。", En: "It was withdrawn on {withdrawn_on} and cannot be changed; write down a new record to publish it again."},
		"NOT_FOR_DISCLOSURE":                  {Zh: "公开属性不是“主动公开”，不能公开；请核对公开属性。", En: "Its disclosure attribute is not proactive, so it cannot be published; check the attribute."},
		"ORGANIZATION_NOT_ON_DATE":            {Zh: "“{organization}”在{date}不存在；请核对机关和日期。", En: "{organization} does not exist on {date}; check both."},
		"RECEIVED_IN_FUTURE":                  {Zh: "收到日期{date}晚于今天（{today}）；请核对日期。", En: "The date of receipt {date} is after today, {today}; check it."},
		"RECEIVED_BEFORE_REGULATION":          {Zh: "收到日期{date}早于《政府信息公开条例》施行之日（2008年5月1日）；请核对日期。", En: "The date of receipt {date} is before the Regulation came into force on 1 May 2008; check it."},
		"ALREADY_CONCLUDED":                   {Zh: "申请已于{answered_on}办结（{outcome_zh}）；无需再次办理。", En: "The request was concluded on {answered_on} ({outcome_en}); there is nothing to do."},
		"ANSWERED_IN_FUTURE":                  {Zh: "答复日期{date}晚于今天（{today}）；请核对日期。", En: "The date of the answer {date} is after today, {today}; check it."},
		"ANSWERED_BEFORE_RECEIVED":            {Zh: "答复日期{date}早于收到日期{received_on}；请核对这两个日期。", En: "The date of the answer {date} is before that of receipt, {received_on}; check both."},
		"DATE_OUTSIDE_CALENDAR":               {Zh: "工作日历只涵盖{first}年至{last}年，不含{date}；请核对日期，或请管理员补充工作日历。", En: "The working-day calendar covers {first} to {last}, not {date}; check the date, or have the calendar extended."},
		"WORKING_DAYS_NEGATIVE":               {Zh: "工作日天数不能为负数（{days}）；请核对天数。", En: "The number of working days, {days}, is negative; check it."},
		"REPORT_PERIOD_NOT_A_YEAR":            {Zh: "{period}不是一个年度，只有年度报告有法定期限；请填写年度。", En: "{period} is no year; only annual reports have a due date."},
		"REPORT_YEAR_BEFORE_REGULATION":       {Zh: "{period}年早于首个应报告的年度（{first}年）；请核对年度。", En: "{period} is before {first}, the first year to report on; check the year."},
		"REPORT_DUE_AFTER_LAW":                {Zh: "规定的报送日期{date}晚于最迟日期{due}；请提前。", En: "The due date set, {date}, is after {due}, the latest allowed; set an earlier one."},
		"REPORT_DUE_BEFORE_PERIOD_ENDED":      {Zh: "规定的报送日期{date}不晚于期间最后一日{last}；请推后。", En: "The due date set, {date}, is not after the period's last day, {last}; set a later one."},
		"FORMED_IN_FUTURE":                    {Zh: "形成日期{date}晚于今天（{today}）；请核对日期。", En: "The information was formed on {date}, which is after today, {today}; check the date."},
	}
}
