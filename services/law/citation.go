package law

import (
	"fmt"
	"regexp"
	"strconv"
)

// Label is one text in both languages of the suite.
type Label struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Missing tells whether the text is missing in either language.
func (l Label) Missing() bool { return l.Zh == "" || l.En == "" }

// Citation points at a place in an act.
type Citation struct {
	Act Act `json:"act"`
	// Article is the place: "33" is an article (条), "33(2)" its second paragraph (款), "36 item 4" its fourth
	// item (项), "4(2) item 3" an item of a paragraph. Empty, the act as a whole is cited.
	Article string `json:"article,omitempty"`
}

var place = regexp.MustCompile(`^([1-9][0-9]{0,2})(?:\(([1-9][0-9]?)\))?(?: item ([1-9][0-9]?))?$`)

// Valid tells whether act and place are known forms. It does not look the place up in the act.
func (c Citation) Valid() bool {
	_, ok := c.Act.describe()
	return ok && (c.Article == "" || place.MatchString(c.Article))
}

// IsZero tells whether nothing is cited.
func (c Citation) IsZero() bool { return c == Citation{} }

// Label writes the citation in both languages: 《政府信息公开条例》(2019)第三十三条第二款, and
// Regulation on Open Government Information (2019) art. 33(2). The label of the zero citation is empty.
func (c Citation) Label() Label {
	if c.IsZero() {
		return Label{}
	}
	l := c.Act.titled()
	if c.Article == "" {
		return l
	}
	return Label{Zh: l.Zh + c.placeZh(), En: l.En + " art. " + c.Article}
}

// String is the English form of [Citation.Label].
func (c Citation) String() string { return c.Label().En }

func (c Citation) placeZh() string {
	m := place.FindStringSubmatch(c.Article)
	if m == nil {
		return c.Article
	}
	s := fmt.Sprintf("第%s条", numeral(m[1]))
	if m[2] != "" {
		s += fmt.Sprintf("第%s款", numeral(m[2]))
	}
	if m[3] != "" {
		s += fmt.Sprintf("第%s项", numeral(m[3]))
	}
	return s
}

// numeral writes a number of one to three digits in Chinese, as laws do: 10 is 十, 110 is 一百一十.
func numeral(decimal string) string {
	n, err := strconv.Atoi(decimal)
	if err != nil {
		return decimal
	}
	digits := []rune("零一二三四五六七八九")
	s := ""
	if n >= 100 {
		s = string(digits[n/100]) + "百"
		if n%100 != 0 && n%100 < 10 {
			s += "零"
		}
	}
	if tens := n / 10 % 10; tens > 1 || tens == 1 && n >= 100 {
		s += string(digits[tens])
	}
	if n/10%10 > 0 {
		s += "十"
	}
	if n%10 > 0 {
		s += string(digits[n%10])
	}
	return s
}
