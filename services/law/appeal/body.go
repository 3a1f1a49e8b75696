// Package appeal holds where an applicant turns to who does not accept an answer, or got none: which body hears a
// reconsideration (行政复议), and whether that has to come before a suit (行政诉讼).
//
// The law in force on the day of the act applies, over no answer that of the last day of the reply period (our reading).
package appeal

import (
	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Kind is what sort of organ answered.
type Kind string

// The kinds of organ.
const (
	Government Kind = "government" // 地方人民政府
	Agency     Kind = "agency"     // 派出机关, as a sub-district office (街道办事处)
	Department Kind = "department" // 地方政府工作部门
	Justice    Kind = "justice"    // 司法行政部门 of a local government, which handles reconsiderations
	Vertical   Kind = "vertical"   // 海关、金融、外汇管理等垂直领导的机关、税务、国家安全机关
	Branch     Kind = "branch"     // 工作部门的派出机构, acting in its own name
	Authorized Kind = "authorized" // 法律、法规授权的组织 that a local government or its department manages
	Ministry   Kind = "ministry"   // 国务院部门
)

// Level is how high the organ stands; a department has the level of its government, a branch that of the department.
type Level string

// The levels.
const (
	Province   Level = "province"
	Prefecture Level = "prefecture"
	County     Level = "county"
	Township   Level = "township"
)

// Organ is who answered.
type Organ struct {
	Kind  Kind  `json:"kind"`
	Level Level `json:"level,omitempty"` // of a local organ
}

// Body is who hears a reconsideration, as seen from the organ that answered.
type Body string

// The bodies.
const (
	OwnGovernment      Body = "own_government"
	UpperGovernment    Body = "upper_government"
	FoundingGovernment Body = "founding_government"
	LocalGovernment    Body = "local_government"
	UpperDepartment    Body = "upper_department"
	FoundingDepartment Body = "founding_department"
	ManagingOrgan      Body = "managing_organ"
	Itself             Body = "itself"
)

// Label is the body's name; an unknown one is its own.
func (b Body) Label() law.Label {
	switch b {
	case OwnGovernment:
		return law.Label{Zh: "本级人民政府", En: "the people's government of its own level"}
	case UpperGovernment:
		return law.Label{Zh: "上一级人民政府", En: "the people's government one level up"}
	case FoundingGovernment:
		return law.Label{Zh: "设立该派出机关的人民政府", En: "the people's government that set it up"}
	case LocalGovernment:
		return law.Label{Zh: "派出机构所在地的人民政府", En: "the people's government of the place where it stands"}
	case UpperDepartment:
		return law.Label{Zh: "上一级主管部门", En: "the competent department one level up"}
	case FoundingDepartment:
		return law.Label{Zh: "设立该派出机构的部门", En: "the department that set it up"}
	case ManagingOrgan:
		return law.Label{Zh: "直接管理该组织的人民政府或者工作部门", En: "the government or department that manages it"}
	case Itself:
		return law.Label{Zh: "该机关自己", En: "the organ itself"}
	}
	return law.Label{Zh: string(b), En: string(b)}
}

// Reasons for which no body is named, with the values that their texts name.
const (
	OrganUnknown law.Reason = "APPEAL_ORGAN_UNKNOWN" // kind, level
	LawUnknown   law.Reason = "APPEAL_BEFORE_LAW"    // date
)

// Bodies are who hears a reconsideration of an organ's act of a day: of several the applicant chooses.
//
// 2023 arts. 24, 25, 27, 28; before 2024 those of 2017, arts. 12 to 15. It returns a [*law.Breach] of [OrganUnknown] or
// [LawUnknown].
func Bodies(o Organ, on workday.Date) ([]Body, law.Citation, error) {
	broken := law.Under(law.Citation{})
	broken.If(!o.valid(), OrganUnknown, "organ", "kind", string(o.Kind), "level", string(o.Level))
	broken.If(!on.Valid() || !law.Reconsideration2017.InForce().Covers(on.String()) && !law.Reconsideration2023.InForce().Covers(on.String()),
		LawUnknown, "on", "date", on.String())
	if err := broken.Err(); err != nil {
		return nil, law.Citation{}, err
	}
	if law.Reconsideration2023.InForce().Covers(on.String()) {
		bodies, article := o.bodies2023()
		return bodies, law.Citation{Act: law.Reconsideration2023, Article: article}, nil
	}
	bodies, article := o.bodies2017()
	return bodies, law.Citation{Act: law.Reconsideration2017, Article: article}, nil
}

// valid tells whether there are such organs: agencies, departments and their branches below a government at county
// level or above.
func (o Organ) valid() bool {
	switch o.Kind {
	case Ministry, Vertical:
		return true
	case Government, Agency:
		return o.Level == Province || o.Level == Prefecture || o.Level == County || o.Level == Township
	case Department, Justice, Branch, Authorized:
		return o.Level == Province || o.Level == Prefecture || o.Level == County
	}
	return false
}

func (o Organ) bodies2023() ([]Body, string) {
	switch o.Kind {
	case Government:
		if o.Level == Province {
			return []Body{Itself}, "24(2)"
		}
		return []Body{UpperGovernment}, "24(1) item 2"
	case Agency:
		return []Body{FoundingGovernment}, "24(1) item 3"
	case Justice:
		return []Body{OwnGovernment, UpperDepartment}, "28"
	case Vertical:
		return []Body{UpperDepartment}, "27"
	case Branch:
		if o.Level == Prefecture { // a branch for a division of it
			return []Body{OwnGovernment, LocalGovernment}, "24(4)"
		}
		return []Body{OwnGovernment}, "24(4)"
	case Authorized:
		return []Body{OwnGovernment}, "24(1) item 4"
	case Ministry:
		return []Body{Itself}, "25 item 1"
	}
	return []Body{OwnGovernment}, "24(1) item 1"
}

func (o Organ) bodies2017() ([]Body, string) {
	switch o.Kind {
	case Government:
		if o.Level == Province {
			return []Body{Itself}, "14"
		}
		return []Body{UpperGovernment}, "13(1)"
	case Agency:
		return []Body{FoundingGovernment}, "15(1) item 1"
	case Vertical:
		return []Body{UpperDepartment}, "12(2)"
	case Branch:
		return []Body{FoundingDepartment, OwnGovernment}, "15(1) item 2"
	case Authorized:
		return []Body{ManagingOrgan}, "15(1) item 3"
	case Ministry:
		return []Body{Itself}, "14"
	}
	return []Body{OwnGovernment, UpperDepartment}, "12(1)"
}
