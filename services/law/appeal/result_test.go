package appeal_test

import (
	"slices"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/appeal"
)

// Table 4: every result has its column, by the articles of both laws and of the suit.
func TestColumns(t *testing.T) {
	want := map[appeal.Result]string{
		appeal.IsUpheld: "upheld 28(1) item 1, 68, 69", appeal.ClaimRejected: "upheld 48(1) item 1, 69, 69",
		appeal.Changed: "corrected 47, 63, 77", appeal.Revoked: "corrected 28(1) item 3, 64, 70",
		appeal.Unlawful: "corrected 28(1) item 3, 65, 74", appeal.Ordered: "corrected 28(1) item 2, 66, 72",
		appeal.Void: "corrected 28(1) item 3, 67, 75", appeal.WithoutProof: "corrected 28(1) item 4, 70, 34(2)",
		appeal.Dismissed: "other_result 48(1) item 2, 33, 69", appeal.Ended: "other_result 42, 41, 62",
		appeal.Mediated: "other_result 50, 73, 60", appeal.Settled: "other_result 40, 74, -",
		appeal.NotAccepted: "other_result 17(1), 30(2), -", appeal.IsAbandoned: "other_result 29, 31(2), -", appeal.NotYet: "pending , , ",
	}
	for _, r := range appeal.Results() {
		old, err := appeal.OfReconsideration(r, day(t, "2023-12-31"))
		if err != nil {
			t.Errorf("%s: %v", r, err)
		}
		now, err := appeal.OfReconsideration(r, day(t, "2024-01-01"))
		if err != nil || now.Column != old.Column {
			t.Errorf("%s: %+v, %+v, %v", r, old, now, err)
		}
		article := "-"
		if suit, err := appeal.OfSuit(r); err == nil {
			if article = suit.Citation.Article; suit.Column != now.Column {
				t.Errorf("%s: %+v of a suit, %+v of a reconsideration", r, suit, now)
			}
		}
		if got := string(now.Column) + " " + old.Citation.Article + ", " + now.Citation.Article + ", " + article; got != want[r] {
			t.Errorf("%s: %s, want %s", r, got, want[r])
		}
		for _, c := range []law.Citation{old.Citation, now.Citation} {
			if r != appeal.NotYet && !c.Valid() {
				t.Errorf("%s: %v", r, c)
			}
		}
	}
	for _, err := range []error{second(appeal.OfSuit(appeal.Settled)), second(appeal.OfReconsideration("danced", day(t, "2024-01-01")))} {
		if !slices.Equal(law.Reasons(err), []law.Reason{appeal.ResultUnknown}) {
			t.Errorf("an unknown result: %v", err)
		}
	}
	for want, columns := range map[appeal.Column][]appeal.Column{
		appeal.Corrected:   {appeal.Upheld, appeal.Corrected},
		appeal.Upheld:      {appeal.OtherResult, appeal.Upheld},
		appeal.OtherResult: {appeal.OtherResult},
		appeal.Pending:     nil,
	} {
		if got := appeal.Together(columns...); got != want {
			t.Errorf("%v together: %s", columns, got)
		}
	}
}

func second[T any](_ T, err error) error { return err }
