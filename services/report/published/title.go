package published

import (
	"regexp"
	"strconv"
	"strings"

	"gongkai/services/report/document"
)

// told is what a report says of itself.
type told struct {
	title, organization string
	year                int
}

var (
	reportWord = regexp.MustCompile(`(政府信息公开|政务公开|信息公开)(工作)?(情况)?的?(年度|年)?(工作)?(报告|年报|总结)`)
	yearWord   = regexp.MustCompile(`(?:^|[^0-9])(20[0-9]{2})(?:年度|年|-|—)`)
	periodWord = regexp.MustCompile(`(20[0-9]{2})年0?1月0?1日(?:起|开始)?(?:至|到|-|—|~)(?:(?:同年|20[0-9]{2}年)?12月31日)`)
	speaker    = regexp.MustCompile(`(?:^|[,，。])([^,，。《》()]{2,25}(?:政府|局|乡|镇|街道|办事处|委员会))(?:对|现将|编制|公布|现公布)20[0-9]{2}年`)
	chinese    = regexp.MustCompile(`二[〇○零oO0][〇○零oO0一二三四五六七八九]{2}`)
	around     = regexp.MustCompile(`^(关于|中共|附件[0-9]?[:：]?)+|[-_|—–].*$|(人民政府门户网站|政府网站|门户网站)$`)
	organWord  = regexp.MustCompile(`(政府|委员会|办公室|办事处|局|厅|部|院|镇|乡|街道|中心|县|市|区|州|旗|盟|省|会|队|所|站|管委会|集团|公司|学校|大学|医院|署|处|馆|社|团|办)$`)
)

const titleBlocks = 40 // paragraphs among which a title stands

// titleOf finds title, organisation and year: in the first lines, in the title of the file, in the period that the
// figures cover.
func titleOf(doc *document.Document) told {
	var t told
	var lines []string
	for _, b := range doc.Blocks {
		if b.Table != nil {
			for _, row := range b.Table.Rows[:min(len(b.Table.Rows), 3)] {
				if said := saying(items(row)); len(said) == 1 {
					lines = append(lines, strings.Split(said[0].text, "\n")...)
				}
			}
		} else {
			lines = append(lines, strings.Split(b.Text, "\n")...)
		}
		if len(lines) > titleBlocks {
			break
		}
	}
	for i, line := range append([]string{doc.Title}, lines...) {
		line = western(compact(line))
		if len([]rune(line)) > 60 || !reportWord.MatchString(line) || strings.ContainsAny(line, "。，;") || strings.ContainsAny(line, "《》") {
			continue
		}
		before := ""
		if i > 1 {
			before = western(compact(lines[i-2]))
		}
		t.take(line, before)
		if t.organization != "" && t.year != 0 {
			break
		}
	}
	for _, line := range lines {
		if m := speaker.FindStringSubmatch(compact(line)); m != nil && t.organization == "" {
			t.organization = m[1]
		}
		if m := periodWord.FindStringSubmatch(western(compact(line))); m != nil && t.year == 0 {
			t.year, _ = strconv.Atoi(m[1]) // four digits
		}
	}
	return t
}

// take takes what a title says, and the line above it where that names the organisation.
func (t *told) take(line, above string) {
	if t.title == "" {
		t.title = line
	}
	if m := yearWord.FindStringSubmatch(line); m != nil && t.year == 0 {
		t.year, _ = strconv.Atoi(m[1]) // four digits
	}
	name := organ(line)
	if name == "" && organWord.MatchString(above) && len([]rune(above)) <= 40 {
		name = organ(above)
	}
	if t.organization == "" {
		t.organization = name
	}
	if t.year == 0 {
		if m := yearWord.FindStringSubmatch(above); m != nil {
			t.year, _ = strconv.Atoi(m[1]) // four digits
		}
	}
}

// organ is the name of an organisation in a title without what else stands there.
func organ(line string) string {
	if at := reportWord.FindStringIndex(line); at != nil {
		line = line[:at[0]]
	}
	line = regexp.MustCompile(`20[0-9]{2}(年度|年)?`).ReplaceAllString(line, "")
	line = around.ReplaceAllString(line, "")
	line = strings.Trim(line, " :：、,，()（）-—·“”\"")
	if n := len([]rune(line)); n < 2 || n > 40 || !organWord.MatchString(line) {
		return ""
	}
	return line
}

// western writes a year that is written in Chinese digits, as 二〇二二年, in ours.
func western(s string) string {
	return chinese.ReplaceAllStringFunc(s, func(year string) string {
		var b strings.Builder
		for _, r := range year {
			if i := strings.IndexRune("〇一二三四五六七八九", r); i >= 0 {
				b.WriteString(strconv.Itoa(len([]rune("〇一二三四五六七八九"[:i]))))
			} else {
				b.WriteByte('0')
			}
		}
		return b.String()
	})
}
