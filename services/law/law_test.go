package law_test

import (
	"errors"
	"fmt"
	"maps"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

func TestCitationLabel(t *testing.T) {
	const en = "Regulation on Open Government Information"
	for _, c := range []struct {
		citation law.Citation
		zh, en   string
	}{
		{law.Citation{Act: law.R2019, Article: "33(2)"}, "《政府信息公开条例》(2019)第三十三条第二款", en + " (2019) art. 33(2)"},
		{law.Citation{Act: law.R2007, Article: "18"}, "《政府信息公开条例》(2007)第十八条", en + " (2007) art. 18"},
		{law.Citation{Act: law.R2019, Article: "36 item 4"}, "《政府信息公开条例》(2019)第三十六条第四项", en + " (2019) art. 36 item 4"},
		{law.Citation{Act: law.R2019, Article: "4(2) item 3"}, "《政府信息公开条例》(2019)第四条第二款第三项", en + " (2019) art. 4(2) item 3"},
		{law.Citation{Act: law.R2019, Article: "20 item 15"}, "《政府信息公开条例》(2019)第二十条第十五项", en + " (2019) art. 20 item 15"},
		{law.Citation{Act: law.VillagersCommittees, Article: "10"}, "《村民委员会组织法》(2018)第十条", "Organic Law of Villagers' Committees (2018) art. 10"},
		{law.Citation{Act: law.R2019}, "《政府信息公开条例》(2019)", en + " (2019)"},
		{law.Citation{Act: law.R2019, Article: "107"}, "《政府信息公开条例》(2019)第一百零七条", en + " (2019) art. 107"},
		{law.Citation{Act: law.R2019, Article: "110"}, "《政府信息公开条例》(2019)第一百一十条", en + " (2019) art. 110"},
		{law.Citation{}, "", ""},
	} {
		got := c.citation.Label()
		if got != (law.Label{Zh: c.zh, En: c.en}) {
			t.Errorf("label of %#v = %+v", c.citation, got)
		}
	}
}

func TestCitationValid(t *testing.T) {
	for citation, want := range map[law.Citation]bool{
		{Act: law.R2019, Article: "33(2)"}:       true,
		{Act: law.R2019, Article: "4(2) item 3"}: true,
		{Act: law.GBT2260}:                       true,
		{Act: law.R2019, Article: "33 (2)"}:      false,
		{Act: law.R2019, Article: "033"}:         false,
		{Act: law.R2019, Article: "art. 33"}:     false,
		{Act: "R1999", Article: "1"}:             false,
		{}:                                       false,
	} {
		if got := citation.Valid(); got != want {
			t.Errorf("%#v valid = %v", citation, got)
		}
	}
}

// Every act has both names, a number of dates that exist, and no two acts are cited by the same name.
func TestActs(t *testing.T) {
	names := map[law.Label]law.Act{}
	for _, act := range law.Acts() {
		if act.Label().Missing() {
			t.Errorf("%s: label is missing in one language", act)
		}
		cited := law.Citation{Act: act}.Label()
		if other, taken := names[cited]; taken {
			t.Errorf("%s and %s are both cited as %s", act, other, cited.En)
		}
		names[cited] = act
		span := act.InForce()
		from, err := workday.Parse(span.From)
		if err != nil {
			t.Errorf("%s: %v", act, err)
		}
		if span.Until == "" {
			continue
		}
		if until, err := workday.Parse(span.Until); err != nil || until.Before(from) {
			t.Errorf("%s: in force from %s until %s: %v", act, span.From, span.Until, err)
		}
	}
}

// R2007 until 2019-05-14, R2019 from 2019-05-15 (R2019 art. 56).
func TestInForce(t *testing.T) {
	for _, c := range []struct {
		act  law.Act
		date string
		want bool
	}{
		{law.R2007, "2008-04-30", false},
		{law.R2007, "2008-05-01", true},
		{law.R2007, "2019-05-14", true},
		{law.R2007, "2019-05-15", false},
		{law.R2019, "2019-05-14", false},
		{law.R2019, "2019-05-15", true},
		{law.R2019, "2099-12-31", true},
	} {
		if got := c.act.InForce().Covers(c.date); got != c.want {
			t.Errorf("%s in force on %s = %v", c.act, c.date, got)
		}
	}
}

func TestBrokenCollects(t *testing.T) {
	broken := law.Under(law.Citation{Act: law.R2019, Article: "26"})
	broken.If(false, "NEVER", "a")
	if err := broken.Err(); err != nil {
		t.Fatalf("nothing broken, yet %v", err)
	}
	broken.If(true, "FIRST", "a", "b", "2", "a", "1")
	broken.Under(law.Citation{}).If(true, "SECOND", "", "odd")
	err := fmt.Errorf("publish: %w", broken.Err())

	var breach *law.Breach
	if !errors.As(err, &breach) || len(breach.Violations) != 2 {
		t.Fatalf("breach = %v", err)
	}
	first, second := breach.Violations[0], breach.Violations[1]
	if first.Reason != "FIRST" || first.Field != "a" || first.Citation.Article != "26" || !maps.Equal(first.Values, map[string]string{"a": "1", "b": "2"}) {
		t.Errorf("first = %+v", first)
	}
	if second.Reason != "SECOND" || !second.Citation.IsZero() || !maps.Equal(second.Values, map[string]string{"odd": ""}) {
		t.Errorf("second = %+v", second)
	}
	const want = "publish: FIRST in a: a=1 b=2 (Regulation on Open Government Information (2019) art. 26); SECOND: odd="
	if err.Error() != want {
		t.Errorf("error = %q", err)
	}
	if got := fmt.Sprint(law.Reasons(err)); got != "[FIRST SECOND]" {
		t.Errorf("reasons = %s", got)
	}
	if law.Reasons(errors.New("other")) != nil {
		t.Error("reasons of an error that is no breach")
	}
}

// What was returned stays as it is when the check goes on.
func TestErrIsASnapshot(t *testing.T) {
	broken := law.Under(law.Citation{})
	broken.If(true, "FIRST", "")
	err := broken.Err()
	broken.If(true, "SECOND", "")
	if got := len(law.Reasons(err)); got != 1 {
		t.Errorf("%d reasons", got)
	}
}
