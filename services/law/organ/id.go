package organ

import (
	"regexp"
	"strings"

	"gongkai/services/law"
)

// ID names an organisation for ever; codes are not reused. It is a division code of 2, 4, 6, 9 or 12 digits
// (GB/T 2260 and the statistics bureau: 65, 6527, 652701, 652701201, 652701201001), or, for a department, the code of
// its government of at most 6 digits, a hyphen and a slug: 652701-jiaoyuju. The country, which has no code there, is
// [Nation]. The empty ID names nothing.
type ID string

// Nation is the id of the country as a whole.
const Nation ID = "00"

// Level is how high an organisation stands. A higher level is a smaller number.
type Level int

// The levels from the highest. A department has the level of its government.
const (
	Country Level = iota + 1
	Province
	Prefecture
	County
	Township
	Village
)

// String names the level in English; an id that is none has the level "none".
func (l Level) String() string {
	switch l {
	case Country:
		return "country"
	case Province:
		return "province"
	case Prefecture:
		return "prefecture"
	case County:
		return "county"
	case Township:
		return "township"
	case Village:
		return "village"
	}
	return "none"
}

// MalformedID is the reason of a text that is no organisation's id. Values: id.
const MalformedID law.Reason = "ORGANIZATION_ID_MALFORMED"

var (
	codeForm = regexp.MustCompile(`^[1-9][0-9]([0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?)?$`)
	slugForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`)
)

// ParseID reads an id, or returns a [*law.Breach] with [MalformedID].
func ParseID(s string) (ID, error) {
	broken := law.Under(law.Citation{Act: law.GBT2260})
	broken.If(ID(s).Level() == 0, MalformedID, "id", "id", s)
	if err := broken.Err(); err != nil {
		return "", err
	}
	return ID(s), nil
}

// Level is the level of the id; that of its government for a department; 0 if the id is malformed.
func (id ID) Level() Level {
	code, slug, isDepartment := strings.Cut(string(id), "-")
	level := levelOf(code)
	if isDepartment && (level > County || !slugForm.MatchString(slug)) {
		return 0
	}
	return level
}

func levelOf(code string) Level {
	if ID(code) == Nation {
		return Country
	}
	if !codeForm.MatchString(code) {
		return 0
	}
	switch len(code) {
	case 2:
		return Province
	case 4:
		return Prefecture
	case 6:
		return County
	case 9:
		return Township
	}
	return Village
}

// IsDepartment tells whether the id has the form of a department's.
func (id ID) IsDepartment() bool { return strings.Contains(string(id), "-") }

// Government is the government of a department; of any other id it is the id itself.
func (id ID) Government() ID {
	code, _, _ := strings.Cut(string(id), "-")
	return ID(code)
}
