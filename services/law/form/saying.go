package form

import (
	"regexp"
	"strconv"
	"strings"
)

// Saying is a place in a text that tells a figure: the words, and the number in them as written; 0 where the words say
// that there is none.
type Saying struct {
	Words  string
	Number string
	At     int // the byte at which the words begin
	// Doubtful tells that the figure may be another one: of another time or organ, of part of it, or of more than it.
	Doubtful bool
	// Loose tells that it may be another one where other words tell the figure.
	Loose bool
}

// Speaker is whose report a text is of.
type Speaker struct {
	Name string // may be empty
	Year int    // 0: not known
	Part string // the heading that the text stands under; may be empty
}

const (
	maxSayings     = 50 // places of one pattern that are looked at
	longestHeading = 90 // bytes of a line that may be a heading
)

// In returns the places in a text that tell the figure. The text must be one of [Plain].
func (m Mention) In(text string, by Speaker) []Saying {
	var found []Saying
	add := func(p pattern, none, loose bool) {
		for _, at := range p.find(text, maxSayings) {
			s := Saying{Words: text[at[0]:at[1]], Number: "0", At: at[0], Loose: loose}
			if !none {
				s.Number = text[at[2]:at[3]]
			}
			s.Doubtful = m.strays(text, at[0], by) || by.doubts(text, at[0], at[1], none)
			found = append(found, s)
		}
	}
	for _, p := range m.said {
		add(p, false, false)
	}
	for _, p := range m.none {
		add(p, true, false)
	}
	for _, p := range m.maybe {
		add(p, false, true)
	}
	return found
}

// strays tells whether the paragraph, with the heading above it, speaks of something else.
func (m Mention) strays(text string, at int, by Speaker) bool {
	if m.about == nil || m.about.MatchString(by.Part) {
		return false
	}
	from, to := strings.LastIndexByte(text[:at], '\n')+1, len(text)
	if above := strings.LastIndexByte(text[:max(from-1, 0)], '\n') + 1; from-above < longestHeading {
		from = above
	}
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		to = at + i
	}
	return !m.about.MatchString(text[from:to])
}

var (
	// compares are the words by which a clause compares a figure with another time or place.
	compares = regexp.MustCompile(`上年同期|去年|同比|环比|比上年|较上|上升|增加|增长|减少|下降|历年|以来|历史|占|目标|任务|计划|力争|指导|协助`)
	// since is the word of a sum over years, unless the sentence names the year.
	since, thisYear = regexp.MustCompile(`累计|以来|截[至止].*已(?:经)?(?:主动)?公开`), regexp.MustCompile(`全年|本年|今年|当年|年度|(?:^|[^至止到])20[0-9]{2}年`)
	// joined is what stands before words that tell but the second of two things, as 予以公开及部分公开; a list of figures, as
	// 予以公开3件、部分公开1件, is none.
	joined = regexp.MustCompile(`[及和与或、/]$`)
	listed = regexp.MustCompile(`(?:[件条份宗例起项个笔次元%)]|[0-9])(?:以及|[及和与、])$`)
	// limits are words that make a figure one of a part.
	limits = regexp.MustCompile(`(?:按时|按期|及时|如期|延期|逾期|超期|限期|当场|当年|不|未|网上|网络|线上|在线|当面|现场|信函|邮寄|邮件|传真|书面|口头|电话|其他|部分|减免|微信|微博|公众号|客户端|(?:同意|予以|不予|部分|全部)公开)$`)
	// site is what one of several media is called that a sentence lists.
	site, media = regexp.MustCompile(`(?:网|网站|平台|媒体|发布会|公报|报刊|电视|广播)$`), regexp.MustCompile(`微信|微博|公报|新闻发布会|公开栏`)
	// holds is what stands behind a figure that holds more, as 70件(含上年结转3件), or other things.
	holds = regexp.MustCompile(`^[(,，、]?(?:其中)?(?:(?:含|包含|包括|加上|连同)[^。;；]{0,10}(?:上|去)(?:一)?年|[:：]?(?:本年)?新收|[^。;；]{0,6}(?:非|不属于|不涉及)(?:政府)?信息公开)`)
	// some are words in or behind one that says none: there is none with such a result, or on such a way, but there may be
	// others.
	some = regexp.MustCompile(`败诉|纠正|纠错|撤销|维持|超期|逾期|超时|不当|违法|违规|乱收|擅自|重复|(?:当面|传真|网络|网上|信函|邮寄|其[他它][^组，,。]{0,6})(?:形式|方式|渠道|提交|的)*申请`)
	// others are the subjects of a clause about another organ, or one of its own parts.
	others  = regexp.MustCompile(`([^，,。;；:(]{0,24}?(?:局|委|办|办公室|办公厅|厅|院|街道|镇|乡|科|股|处|所|站|中心|大队|支队|县|区|市|政府|本级|机关|机构|部门|单位))(?:未|没有|也|共计|总共|共|累计|全年|本年|当年|年度|20[0-9]{2}年|新|依法|先后|已|分别|办理结果|主动)*$`)
	general = regexp.MustCompile(`(?:我|本|全)(?:局|委|办|厅|院|街道|街|镇|乡|科|处|所|站|中心|县|区|市|州|省|(?:街道|镇|乡|县|区|市|州|省)?(?:人民)?政府|单位|行政机关|机关|部门|系统|厅机关|局机关|委机关)$`)
	years   = regexp.MustCompile(`(20[0-9]{2})年`)
	verbs   = regexp.MustCompile(`^(?:新收|收到|受理|接收|接到|办理|办结|答复|收取|主动公开|公开|制发|制定|印发|出台|废止|因|被)`)
	// object is in a clause about something done to an organ, or on a website (网站), which ends like the name of one.
	object = regexp.MustCompile(`[向给于在]|网站$`)
	// government is what a name may have at its end or not, as 某县 and 某县人民政府.
	government = regexp.MustCompile(`(?:人民政府|政府|办事处|人民政府办公室|政府办公室)$`)
)

// doubts tells whether words may be about something else than the report's own figure of its own year.
func (by Speaker) doubts(text string, from, to int, none bool) bool {
	sentence := text[:from]
	if i := strings.LastIndexAny(sentence, "。;；!！?？\n"); i >= 0 {
		sentence = sentence[i:]
	}
	part := sentence
	if i := strings.LastIndexAny(part, "，,:。;；!！?？\n"); i >= 0 {
		part = part[i:]
	}
	part = strings.TrimLeft(part, "，,:。；！？;!?\n")
	last := part // of a list within the clause
	if i := strings.LastIndex(part, "、"); i >= 0 {
		last = part[i+len("、"):]
	}
	switch {
	case compares.MatchString(last), limits.MatchString(part):
		return true
	case !none && since.MatchString(sentence+text[from:to]) && !thisYear.MatchString(sentence+text[from:to]):
		return true
	case site.MatchString(part) && media.MatchString(sentence+sentenceOf(text[to:])):
		return true
	case !none && joined.MatchString(part) && !listed.MatchString(part):
		return true
	case none && some.MatchString(text[from:to]+clauseOf(text[to:])), !none && holds.MatchString(text[to:]):
		return true
	case by.otherYear(sentence):
		return true
	}
	return by.otherOrgan(sentence, text[from:to])
}

// sentenceOf and clauseOf are what of a text is in its first sentence or clause.
func sentenceOf(text string) string { return before(text, "。;；\n") }
func clauseOf(text string) string   { return before(text, "，,。;；\n") }

func before(text, signs string) string {
	if i := strings.IndexAny(text, signs); i >= 0 {
		return text[:i]
	}
	return text
}

// otherYear tells whether the last year that a sentence names is not that of the report.
func (by Speaker) otherYear(sentence string) bool {
	all := years.FindAllStringSubmatch(sentence, -1)
	return by.Year != 0 && len(all) > 0 && all[len(all)-1][1] != strconv.Itoa(by.Year)
}

// otherOrgan tells whether the subject of the words, or of an earlier clause of the sentence, is named and is not the
// organ that reports.
func (by Speaker) otherOrgan(sentence, said string) bool {
	clauses := strings.FieldsFunc(sentence, func(r rune) bool { return strings.ContainsRune("，,。;；:!！?？\n", r) })
	for i := len(clauses) - 1; i >= 0; i-- {
		clause := clauses[i]
		if i < len(clauses)-1 || !strings.HasSuffix(sentence, clause) {
			at := firstVerb(clause)
			if at < 0 {
				continue
			}
			clause = clause[:at]
		} else if !verbs.MatchString(said) {
			if at := firstVerb(clause); at >= 0 {
				clause = clause[:at]
			}
		}
		if m := others.FindStringSubmatch(clause); m != nil && !object.MatchString(m[1]) {
			return !by.is(m[1])
		}
	}
	return false
}

// is tells whether a subject means the organ that reports: 我局, its name, or the end of it.
func (by Speaker) is(subject string) bool {
	if general.MatchString(subject) {
		return true
	}
	name := government.ReplaceAllString(by.Name, "")
	subject = government.ReplaceAllString(strings.TrimLeft(subject, "由对截至止自到0123456789年月日度"), "")
	return name != "" && subject != "" && (strings.HasSuffix(subject, name) || strings.HasSuffix(name, subject) || abridged(subject, name))
}

// abridged tells whether a name is another one with a sign or two left out.
func abridged(short, name string) bool {
	rest := []rune(short)
	left := 0
	for _, r := range name {
		if len(rest) > 0 && r == rest[0] {
			rest = rest[1:]
		} else {
			left++
		}
	}
	return len(rest) == 0 && left <= 2
}

// firstVerb is where the first of the verbs begins; -1 if none does.
func firstVerb(clause string) int {
	for i := range clause {
		if verbs.MatchString(clause[i:]) {
			return i
		}
	}
	return -1
}
