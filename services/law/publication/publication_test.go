package publication_test

import (
	"errors"
	"fmt"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/publication"
	"gongkai/services/law/workday"
)

func day(t *testing.T, s string) workday.Date {
	t.Helper()
	if s == "" {
		return workday.Date{}
	}
	d, err := workday.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCheck(t *testing.T) {
	const today = "2019-05-20"
	for _, c := range []struct {
		formed, published string
		reasons           string
		act               law.Act // that the breach cites
	}{
		{"2018-06-01", "2018-06-20", "[]", ""},
		{"", "2018-06-20", "[]", ""},
		{"2018-06-20", "2018-06-20", "[]", ""},
		{"2018-01-01", "2018-12-31", "[]", ""}, // late, but no reason to refuse it
		{"", today, "[]", ""},
		{"", "", "[PUBLISH_DATE_MISSING]", law.R2019},
		{"2018-06-20", "", "[PUBLISH_DATE_MISSING]", law.R2019},
		{"", "2019-05-21", "[PUBLISH_DATE_IN_FUTURE]", law.R2019},
		{"2019-05-22", "2019-05-21", "[PUBLISH_DATE_IN_FUTURE PUBLISHED_BEFORE_FORMED]", law.R2019},
		{"2019-05-15", "2019-05-14", "[PUBLISHED_BEFORE_FORMED]", law.R2007}, // art. 18, on its last day
		{"2019-05-16", "2019-05-15", "[PUBLISHED_BEFORE_FORMED]", law.R2019}, // art. 26, on its first
	} {
		err := publication.Check(publication.Publication{FormedOn: day(t, c.formed), PublishedOn: day(t, c.published)}, day(t, today))
		if got := fmt.Sprint(law.Reasons(err)); got != c.reasons {
			t.Errorf("formed %q, published %q: %s, want %s", c.formed, c.published, got, c.reasons)
		}
		var breach *law.Breach
		if errors.As(err, &breach) && (breach.Violations[0].Citation.Act != c.act || breach.Violations[0].Field != "published_on") {
			t.Errorf("formed %q, published %q: %v", c.formed, c.published, err)
		}
	}
}

func TestCheckImpossibleDate(t *testing.T) {
	err := publication.Check(publication.Publication{PublishedOn: workday.Date{Year: 2018, Month: 2, Day: 30}}, day(t, "2019-05-20"))
	if got := fmt.Sprint(law.Reasons(err)); got != "[PUBLISH_DATE_INVALID]" {
		t.Errorf("reasons = %s", got)
	}
}

func TestCheckFormed(t *testing.T) {
	const today = "2019-05-20"
	for _, c := range []struct {
		formed string
		ahead  bool
	}{
		{"", false}, {"2007-01-01", false}, {today, false}, {"2019-05-21", true}, {"2030-01-01", true},
	} {
		err := publication.CheckFormed(day(t, c.formed), day(t, today))
		if reasons := law.Reasons(err); (len(reasons) == 1 && reasons[0] == publication.FormedAhead) != c.ahead {
			t.Errorf("formed on %q: %v", c.formed, err)
		}
	}
}
