package ground_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
)

func day(t *testing.T, s string) workday.Date {
	t.Helper()
	d, err := workday.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func ids(outcomes []ground.Outcome) string {
	var names []string
	for _, o := range outcomes {
		names = append(names, o.ID)
	}
	return strings.Join(names, " ")
}

const (
	outcomes2007 = "already_public granted partial denied_state_secret denied_business_secret denied_privacy denied_security " +
		"denied_not_government_information denied_other not_held not_existing unclear other"
	outcomes2019 = "granted partial denied_state_secret denied_other_law denied_security denied_third_party denied_internal_affairs " +
		"denied_process denied_enforcement_file denied_query_matter unable_not_held unable_no_ready_information unable_unclear " +
		"not_processed_petition not_processed_repeated not_processed_publication not_processed_excessive not_processed_reissue " +
		"other_correction_overdue other_fee_overdue other"
)

func TestOn(t *testing.T) {
	beforeFees := strings.Replace(outcomes2019, "other_fee_overdue ", "", 1)
	for received, want := range map[string]string{
		"2008-04-30": "",
		"2008-05-01": outcomes2007,
		"2019-05-14": outcomes2007, // the last day of R2007
		"2019-05-15": beforeFees,   // R2019 art. 56
		"2020-12-31": beforeFees,
		"2021-01-01": outcomes2019, // the fee measures
	} {
		if got := ids(ground.On(day(t, received))); got != want {
			t.Errorf("outcomes on %s = %s", received, got)
		}
	}
}

// On every day each outcome has labels, an id that is one segment of a measure's name, and grounds that can be cited and
// are in force; only "other" rests on none.
func TestEveryOutcome(t *testing.T) {
	for _, received := range []string{"2008-05-01", "2019-05-14", "2019-05-15", "2020-12-31", "2021-01-01", "2026-11-24"} {
		seen := map[string]bool{}
		for _, o := range ground.On(day(t, received)) {
			if seen[o.ID] || o.Label.Missing() || strings.Trim(o.ID, "abcdefghijklmnopqrstuvwxyz_") != "" {
				t.Errorf("%s, %s: %+v", received, o.ID, o)
			}
			seen[o.ID] = true
			if (len(o.Grounds) == 0) != (o.ID == "other") {
				t.Errorf("%s, %s: grounds %v", received, o.ID, o.Grounds)
			}
			for _, c := range o.Grounds {
				if !c.Valid() || !c.Act.InForce().Covers(received) {
					t.Errorf("%s, %s: %v is malformed or not in force", received, o.ID, c)
				}
			}
		}
	}
}

func TestGet(t *testing.T) {
	for _, c := range []struct {
		id, received, reasons string
		grounds               []law.Citation
	}{
		{"denied_third_party", "2019-05-15", "[]", []law.Citation{{Act: law.R2019, Article: "15"}, {Act: law.R2019, Article: "32"}}},
		{"denied_business_secret", "2019-05-14", "[]", []law.Citation{{Act: law.R2007, Article: "14(4)"}, {Act: law.R2007, Article: "23"}}},
		{"partial", "2019-05-14", "[]", []law.Citation{{Act: law.R2007, Article: "22"}}},
		{"partial", "2019-05-15", "[]", []law.Citation{{Act: law.R2019, Article: "37"}}},
		{"not_processed_reissue", "2020-12-31", "[]", []law.Citation{{Act: law.Form2019}}},
		{"not_processed_reissue", "2021-01-01", "[]", []law.Citation{{Act: law.Form2021}}},
		{"other", "2021-01-01", "[]", nil},
		{"denied_third_party", "2019-05-14", "[OUTCOME_NOT_IN_FORCE]", nil},
		{"already_public", "2019-05-15", "[OUTCOME_NOT_IN_FORCE]", nil},
		{"other_fee_overdue", "2020-12-31", "[OUTCOME_NOT_IN_FORCE]", nil},
		{"granted", "2008-04-30", "[OUTCOME_NOT_IN_FORCE]", nil},
		{"lost", "2021-01-01", "[UNKNOWN_OUTCOME]", nil},
		{"", "2021-01-01", "[UNKNOWN_OUTCOME]", nil},
	} {
		o, err := ground.Get(c.id, day(t, c.received))
		if got := fmt.Sprint(law.Reasons(err)); got != c.reasons {
			t.Errorf("%q received on %s: %v, want %s", c.id, c.received, err, c.reasons)
		}
		if !slices.Equal(o.Grounds, c.grounds) || err == nil && o.ID != c.id {
			t.Errorf("%q received on %s: %+v", c.id, c.received, o)
		}
	}
}
