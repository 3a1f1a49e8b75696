package check

import (
	"regexp"
	"slices"
	"strings"

	"gongkai/services/law/form"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// who checks who reports on what.
func (r *run) who() {
	if r.Period.Kind() == 0 {
		r.add(PeriodStated, Finding{})
	} else if len(r.Forms) > 0 {
		want, err := r.Forms.For(r.Period)
		if err == nil && want.ID != r.Form.ID {
			r.add(FormFitsYear, Finding{Expected: want.ID, Found: r.Form.ID})
		}
		if err != nil {
			r.add(FormFitsYear, Finding{Found: r.Form.ID})
		}
	}
	if r.Organ.Absent {
		r.add(OrganExisted, Finding{Found: r.Organ.Name})
	}
	if r.Organ.MayRegulate() {
		return
	}
	for _, c := range r.Form.Cells() {
		if v, known := r.value(c.ID); c.Regulations && known && v != 0 {
			f := r.at(c)
			f.Expected, f.Found = "0", c.Write(v)
			r.add(MayRegulate, f)
		}
	}
}

// MayRegulate tells whether an organ may make regulations (规章), or that is not known: the Legislation Law lets
// departments of the State Council, provinces, cities with districts and autonomous prefectures, and the four cities
// without districts that are named beside them (东莞, 中山, 嘉峪关, 儋州), which stand at prefecture level as well. The
// offices of a prefecture (地区) or league (盟) are agencies of a province.
func (o Organ) MayRegulate() bool {
	switch {
	case o.Kind == 0 || o.Level == 0:
		return true
	case o.Kind == organ.Department:
		return o.Level == organ.Country
	case o.Kind != organ.Government || o.Level > organ.Prefecture:
		return false
	case o.Level == organ.Prefecture:
		return !strings.Contains(o.Name, "地区") && !strings.HasSuffix(strings.TrimSuffix(o.Name, "行政公署"), "盟")
	}
	return true
}

// before is the period before, of the same kind; none for none.
func before(p workday.Period) workday.Period {
	if p.Kind() == 0 {
		return workday.Period{}
	}
	for _, q := range workday.PeriodsOf(p.First().AddDays(-1)) {
		if q.Kind() == p.Kind() {
			return q
		}
	}
	return workday.Period{}
}

// Guess tells what organ a name is of, as far as the name says it: 贝林哈日莫墩乡人民政府 is a township's government.
// A city (市) stands at prefecture or county level: that of one that is none of today's cities stays unknown.
func Guess(name string) Organ {
	o := Organ{Name: name}
	short := name
	for _, suffix := range []string{"人民政府办公厅", "人民政府办公室", "人民政府"} {
		if cut, ok := strings.CutSuffix(name, suffix); ok {
			short = cut
			if suffix != "人民政府" {
				o.Kind = organ.Department
			}
			break
		}
	}
	if o.Kind == 0 && endsIn(short, "局", "委", "委员会", "厅", "办公室", "办", "中心", "大队", "支队", "总队") && !endsIn(short, "管委会", "管理委员会", "村民委员会", "居民委员会") {
		o.Kind = organ.Department
	}
	if o.Kind == organ.Department {
		o.Level = levelIn(short)
		return o
	}
	switch {
	case endsIn(short, "街道办事处", "街道办", "街道"):
		o.Kind, o.Level = organ.SubdistrictOffice, organ.Township
	case endsIn(short, "乡", "镇", "苏木"):
		o.Kind, o.Level = organ.Government, organ.Township
	case endsIn(short, "管委会", "管理委员会", "开发区", "高新区", "新区"):
		o.Kind = organ.Other
	case endsIn(short, "省", "自治区") || slices.Contains([]string{"北京市", "天津市", "上海市", "重庆市"}, short):
		o.Kind, o.Level = organ.Government, organ.Province
	case endsIn(short, "自治州", "地区", "盟", "地区行政公署", "盟行政公署"):
		o.Kind, o.Level = organ.Government, organ.Prefecture
	case endsIn(short, "县", "区", "旗"):
		o.Kind, o.Level = organ.Government, organ.County
	case endsIn(short, "市", "州"):
		o.Kind, o.Level = organ.Government, organ.CityLevel(short)
	}
	return o
}

func endsIn(s string, suffixes ...string) bool {
	for _, suffix := range suffixes {
		if strings.HasSuffix(s, suffix) && s != suffix {
			return true
		}
	}
	return false
}

// levelIn is the level of the lowest division that a department's name names, that of the country for the State Council's
// own; 0 if it names none. That of a city is taken as a prefecture's: for what a department may do it makes no difference.
func levelIn(name string) organ.Level {
	if national := stateOrgan.FindString(name); national != "" {
		if name = strings.TrimPrefix(name, national); name == "" {
			return organ.Country
		}
	}
	// Words that hold the sign of a division and name none.
	name = noDivision.Replace(name)
	level := organ.Level(0)
	for _, l := range []struct {
		level organ.Level
		marks string
	}{{organ.Province, "省"}, {organ.Prefecture, "市州盟"}, {organ.County, "县区旗"}, {organ.Township, "乡镇"}} {
		if strings.ContainsAny(name, l.marks) {
			level = l.level
		}
	}
	if level == 0 && strings.Contains(name, autonomous) {
		return organ.Province
	}
	return level
}

// autonomous stands for an autonomous region (自治区), which is at province level.
const autonomous = "〔自治〕"

var (
	noDivision = strings.NewReplacer("自治区", autonomous, "市场", "", "城市", "", "市政", "", "城乡", "", "乡村", "", "城镇", "", "村镇", "", "社区", "", "园区", "",
		"景区", "", "区域", "", "灾区", "", "库区", "", "林区", "", "牧区", "", "特区", "", "县域", "")
	// stateOrgan is an organ of the State Council at the beginning of a name; a local one of its own may follow.
	stateOrgan = regexp.MustCompile(`^(?:国家|中华人民共和国|中国)\p{Han}{1,16}?(?:委员会|总局|总署|局|部)`)
)

// levels checks a report of an area against those that it sums up.
func (r *run) levels() {
	if r.Below == nil {
		return
	}
	below := r.partsBelow()
	for _, name := range r.Below.Missing {
		r.add(LevelsMissing, Finding{Found: name})
	}
	if len(below) == 0 {
		return
	}
	for _, c := range r.Form.Cells() {
		r.levelsAt(c, below)
	}
}

// partsBelow are the reports that the report is compared with: those of the same form and period, each organ's once.
func (r *run) partsBelow() []Report {
	var below []Report
	if r.Below.Own != nil {
		below = append(below, *r.Below.Own)
	}
	below = append(below, r.Below.Children...)
	seen := make(map[string]bool)
	var kept []Report
	for _, b := range below {
		key := b.Organ.key()
		switch {
		case b.Form == nil || b.Form.ID != r.Form.ID || b.Period != r.Period && b.Period.Kind() != 0 && r.Period.Kind() != 0:
			f := Finding{Found: b.Organ.Name}
			if b.Form != nil {
				f.Found, f.Expected = b.Organ.Name+" "+b.Form.ID+" "+b.Period.String(), r.Form.ID+" "+r.Period.String()
			}
			r.add(LevelsForm, f)
		case key != "" && seen[key]:
			r.add(OneReport, Finding{Found: b.Organ.Name})
		default:
			kept = append(kept, b)
		}
		seen[key] = true
	}
	return kept
}

// levelsAt compares one cell. What is missing is never taken as 0: then the report may have more than the sum, not less.
func (r *run) levelsAt(c form.Cell, below []Report) {
	found, known := r.value(c.ID)
	if !known {
		return
	}
	whole := r.Below.Stated || r.Below.Whole && len(r.Below.Missing) == 0
	var expected int64
	for _, b := range below {
		v, known := b.value(c.ID)
		if !known {
			whole = false
			continue
		}
		expected += v
	}
	if whole && found == expected || !whole && (found >= expected || c.Signed) {
		return
	}
	f := r.at(c)
	f.Expected, f.Found = c.Write(expected), c.Write(found)
	if !whole {
		d := r.catalogue[LevelsAdd]
		f.Text = zh(d.Text.Zh+"，至少为已有各单位之和", d.Text.En+", at least of those that are there")
	}
	r.add(LevelsAdd, f)
}
