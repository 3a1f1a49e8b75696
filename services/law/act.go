package law

// Act names one version of an act, standard or notice. A later version of the same act is another Act.
type Act string

// The acts that rules cite.
const (
	// R2007 is the Regulation on Open Government Information of 2007 (State Council Decree 492).
	R2007 Act = "R2007"
	// R2019 is the Regulation on Open Government Information as revised in 2019 (State Council Decree 711).
	R2019 Act = "R2019"
	// Form2019 is the General Office's form of the annual reports for 2019 and 2020 (国办公开办函〔2019〕60号).
	Form2019 Act = "FORM2019"
	// Form2021 is the General Office's form of the annual reports from 2021 on (国办公开办函〔2021〕30号).
	Form2021 Act = "FORM2021"
	// Fees2020 is the Measures on Information Processing Fees (国办函〔2020〕109号).
	Fees2020 Act = "FEES2020"
	// Reply2015 is the reply on when a request is received under R2007 (国办公开办函〔2015〕207号). It bears no date;
	// 2015-11-18 is the earliest on which it was seen published, and is taken as its first day.
	Reply2015 Act = "REPLY_2015_207"
	// Reply2016 is the reply on when an answer is given and how it is served (国办公开办函〔2016〕235号).
	Reply2016 Act = "REPLY_2016_235"
	// Reconsideration2017 is the Administrative Reconsideration Law of 1999 as last amended in 2017. What is cited of it
	// has read the same since 1999-10-01.
	Reconsideration2017 Act = "RECONSIDERATION_2017"
	// Reconsideration2023 is the Administrative Reconsideration Law as revised in 2023.
	Reconsideration2023 Act = "RECONSIDERATION_2023"
	// ReconsiderationRules is the Regulation on the Implementation of the Administrative Reconsideration Law of 2007
	// (State Council Decree 499).
	ReconsiderationRules Act = "RECONSIDERATION_RULES_2007"
	// Litigation1989 is the Administrative Litigation Law before the amendment of 2014.
	Litigation1989 Act = "LITIGATION_1989"
	// Litigation2017 is the Administrative Litigation Law as amended in 2014 and 2017. What is cited of it has read
	// the same since 2015-05-01.
	Litigation2017 Act = "LITIGATION_2017"
	// LitigationInterpretation2000 is the Supreme People's Court's interpretation of that law of 2000 (法释〔2000〕8号).
	LitigationInterpretation2000 Act = "LITIGATION_INTERPRETATION_2000"
	// LitigationInterpretation2018 is the Supreme People's Court's interpretation of that law of 2018 (法释〔2018〕1号).
	LitigationInterpretation2018 Act = "LITIGATION_INTERPRETATION_2018"
	// DisclosureInterpretation2025 is the Supreme People's Court's interpretation on cases of government information
	// (法释〔2025〕8号).
	DisclosureInterpretation2025 Act = "DISCLOSURE_INTERPRETATION_2025"
	// CivilCode is the Civil Code of 2020.
	CivilCode Act = "CIVIL_CODE_2020"
	// VillagersCommittees is the Organic Law of Villagers' Committees as amended in 2018.
	VillagersCommittees Act = "VILLAGERS_COMMITTEES_2018"
	// Constitution is the Constitution of 1982, with its later amendments.
	Constitution Act = "CONSTITUTION_1982"
	// GBT2260 is the national standard of division codes down to the county level.
	GBT2260 Act = "GBT2260_2007"
	// Holidays2007 is the Measures on Holidays as amended on 14 December 2007 (State Council Decree 513).
	Holidays2007 Act = "HOLIDAYS_2007"
	// Holidays2013 is the Measures on Holidays as amended on 11 December 2013 (State Council Decree 644).
	Holidays2013 Act = "HOLIDAYS_2013"
	// Holidays2024 is the Measures on Holidays as amended on 10 November 2024 (State Council Decree 795).
	Holidays2024 Act = "HOLIDAYS_2024"
)

// Span is a time in force: from the day From to the day Until, both included, as 2019-05-15.
// An empty Until means still in force.
type Span struct{ From, Until string }

// Covers tells whether a civil date, given as 2019-05-15, lies within the span.
func (s Span) Covers(date string) bool {
	return s.From <= date && (s.Until == "" || date <= s.Until)
}

type act struct {
	label  Label
	year   string // shown behind the name, to tell the versions of one act apart
	span   Span
	decree string // number of the decree, notice or standard
}

// describe is the table of acts. It is a function, so that nothing can change it.
func (a Act) describe() (act, bool) {
	holidays := Label{"全国年节及纪念日放假办法", "Measures on Holidays for National Festivals and Memorial Days"}
	switch a {
	case R2007:
		return act{Label{"政府信息公开条例", "Regulation on Open Government Information"}, "2007", Span{"2008-05-01", "2019-05-14"}, "国务院令第492号"}, true
	case R2019:
		return act{Label{"政府信息公开条例", "Regulation on Open Government Information"}, "2019", Span{"2019-05-15", ""}, "国务院令第711号"}, true
	case Form2019:
		return act{Label{"政府信息公开工作年度报告格式", "Form of Annual Reports on Open Government Information"}, "2019", Span{"2019-01-01", "2020-12-31"}, "国办公开办函〔2019〕60号"}, true
	case Form2021:
		return act{Label{"政府信息公开工作年度报告格式", "Form of Annual Reports on Open Government Information"}, "2021", Span{"2021-01-01", ""}, "国办公开办函〔2021〕30号"}, true
	case Fees2020:
		return act{Label{"政府信息公开信息处理费管理办法", "Measures on Information Processing Fees"}, "2020", Span{"2021-01-01", ""}, "国办函〔2020〕109号"}, true
	case Reply2015:
		return act{Label{"关于政府信息公开期限有关问题的解释", "Reply on Periods in Open Government Information"}, "2015", Span{"2015-11-18", "2019-05-14"}, "国办公开办函〔2015〕207号"}, true
	case Reply2016:
		return act{Label{"关于政府信息公开处理决定送达问题的解释", "Reply on the Service of Decisions on Open Government Information"}, "2016", Span{"2016-12-07", ""}, "国办公开办函〔2016〕235号"}, true
	case Reconsideration2017:
		return act{Label{"行政复议法", "Administrative Reconsideration Law"}, "2017", Span{"1999-10-01", "2023-12-31"}, ""}, true
	case Reconsideration2023:
		return act{Label{"行政复议法", "Administrative Reconsideration Law"}, "2023", Span{"2024-01-01", ""}, ""}, true
	case ReconsiderationRules:
		return act{Label{"行政复议法实施条例", "Regulation on the Implementation of the Administrative Reconsideration Law"}, "2007", Span{"2007-08-01", ""}, "国务院令第499号"}, true
	case Litigation1989:
		return act{Label{"行政诉讼法", "Administrative Litigation Law"}, "1989", Span{"1990-10-01", "2015-04-30"}, ""}, true
	case Litigation2017:
		return act{Label{"行政诉讼法", "Administrative Litigation Law"}, "2017", Span{"2015-05-01", ""}, ""}, true
	case LitigationInterpretation2000:
		return act{Label{"最高人民法院关于执行行政诉讼法若干问题的解释", "Interpretation on the Administrative Litigation Law"}, "2000", Span{"2000-03-10", "2018-02-07"}, "法释〔2000〕8号"}, true
	case LitigationInterpretation2018:
		return act{Label{"最高人民法院关于适用行政诉讼法的解释", "Interpretation on the Administrative Litigation Law"}, "2018", Span{"2018-02-08", ""}, "法释〔2018〕1号"}, true
	case DisclosureInterpretation2025:
		return act{Label{"最高人民法院关于审理政府信息公开行政案件适用法律若干问题的解释", "Interpretation on Administrative Cases of Government Information"}, "2025", Span{"2025-06-01", ""}, "法释〔2025〕8号"}, true
	case CivilCode:
		return act{Label{"民法典", "Civil Code"}, "2020", Span{"2021-01-01", ""}, ""}, true
	case VillagersCommittees:
		return act{Label{"村民委员会组织法", "Organic Law of Villagers' Committees"}, "2018", Span{"2018-12-29", ""}, ""}, true
	case Constitution:
		return act{Label{"宪法", "Constitution"}, "1982", Span{"1982-12-04", ""}, ""}, true
	case GBT2260:
		return act{Label{"中华人民共和国行政区划代码", "Codes for the administrative divisions of the People's Republic of China"}, "2007", Span{"2008-02-01", ""}, "GB/T 2260"}, true
	case Holidays2007:
		return act{holidays, "2007", Span{"2008-01-01", "2013-12-31"}, "国务院令第513号"}, true
	case Holidays2013:
		return act{holidays, "2013", Span{"2014-01-01", "2024-12-31"}, "国务院令第644号"}, true
	case Holidays2024:
		return act{holidays, "2024", Span{"2025-01-01", ""}, "国务院令第795号"}, true
	}
	return act{}, false
}

// Acts returns every act that rules cite.
func Acts() []Act {
	return []Act{
		R2007, R2019, Form2019, Form2021, Fees2020, Reply2015, Reply2016, Reconsideration2017, Reconsideration2023,
		ReconsiderationRules, Litigation1989, Litigation2017, LitigationInterpretation2000, LitigationInterpretation2018,
		DisclosureInterpretation2025, CivilCode, VillagersCommittees, Constitution, GBT2260, Holidays2007, Holidays2013, Holidays2024,
	}
}

// Label is the act's official name and its English one, without the year. An unknown act is its own name.
func (a Act) Label() Label {
	if d, ok := a.describe(); ok {
		return d.label
	}
	return Label{Zh: string(a), En: string(a)}
}

// InForce is the time in which the act is in force, for a form of reports the years reported on; of an unknown act it is empty and covers every date.
func (a Act) InForce() Span {
	d, _ := a.describe()
	return d.span
}

// Number is the number of the decree, notice or standard, as 国务院令第711号; empty where the act has none.
func (a Act) Number() string {
	d, _ := a.describe()
	return d.decree
}

// titled is the act's name as it stands in a citation, with its year.
func (a Act) titled() Label {
	d, ok := a.describe()
	if !ok {
		return a.Label()
	}
	return Label{Zh: "《" + d.label.Zh + "》(" + d.year + ")", En: d.label.En + " (" + d.year + ")"}
}
