package appeal

import (
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// ResultUnknown is the reason for which a result has no column.
const ResultUnknown law.Reason = "APPEAL_RESULT_UNKNOWN" // value

// Column is a result column of Table 4 of the annual report.
type Column string

// The columns.
const (
	Upheld      Column = "upheld"       // 结果维持
	Corrected   Column = "corrected"    // 结果纠正
	OtherResult Column = "other_result" // 其他结果
	Pending     Column = "pending"      // 尚未审结
)

// Result is how an appeal ended.
type Result string

// The results. Of a suit there are all but Settled, NotAccepted and Abandoned; of a reconsideration all but none.
const (
	IsUpheld      Result = "upheld"         // 维持
	ClaimRejected Result = "claim_rejected" // 驳回请求
	Changed       Result = "changed"        // 变更
	Revoked       Result = "revoked"        // 撤销或者部分撤销
	Unlawful      Result = "unlawful"       // 确认违法
	Ordered       Result = "ordered"        // 责令、判决履行
	Void          Result = "void"           // 确认无效
	WithoutProof  Result = "without_proof"  // 未提出答复、证据, decided against the organ
	Dismissed     Result = "dismissed"      // 驳回申请、驳回起诉
	Ended         Result = "ended"          // 终止; of a suit: withdrawn
	Mediated      Result = "mediated"       // 调解
	Settled       Result = "settled"        // 和解
	NotAccepted   Result = "not_accepted"   // 不予受理
	IsAbandoned   Result = "abandoned"      // 视为放弃
	NotYet        Result = "not_yet"        // no decision served, no judgment in force
)

// Results are all results.
func Results() []Result {
	return []Result{IsUpheld, ClaimRejected, Changed, Revoked, Unlawful, Ordered, Void, WithoutProof, Dismissed, Ended, Mediated, Settled, NotAccepted, IsAbandoned, NotYet}
}

// Placed is a result in its column.
type Placed struct {
	Column   Column       `json:"column"`
	Citation law.Citation `json:"citation,omitzero"`
	// Anew tells that the result may send the request back to be handled anew.
	Anew bool `json:"anew,omitempty"`
}

// OfReconsideration is the column of a reconsideration's result, by the law in force on the day of its decision. The
// columns are our reading: the form's filling instructions were not found.
//
// It returns a [*law.Breach] of [ResultUnknown].
func OfReconsideration(r Result, decided workday.Date) (Placed, error) {
	now, old := reconsideration2023(r), reconsideration2017(r)
	if law.Reconsideration2023.InForce().Covers(decided.String()) {
		return place(r, law.Citation{Act: law.Reconsideration2023, Article: now})
	}
	return place(r, old)
}

// OfSuit is the column of a suit's result.
//
// It returns a [*law.Breach] of [ResultUnknown].
func OfSuit(r Result) (Placed, error) {
	at := func(article string) law.Citation { return law.Citation{Act: law.Litigation2017, Article: article} }
	switch r {
	case ClaimRejected, IsUpheld:
		return place(r, at("69"))
	case Revoked:
		return place(r, at("70"))
	case Ordered:
		return place(r, at("72"))
	case Unlawful:
		return place(r, at("74"))
	case Void:
		return place(r, at("75"))
	case Changed:
		return place(r, at("77"))
	case WithoutProof:
		return place(r, at("34(2)"))
	case Dismissed:
		return place(r, law.Citation{Act: law.LitigationInterpretation2018, Article: "69"})
	case Ended:
		return place(r, at("62"))
	case Mediated:
		return place(r, at("60"))
	case NotYet:
		return place(r, law.Citation{})
	}
	return Placed{}, unknown(r)
}

func place(r Result, at law.Citation) (Placed, error) {
	p := Placed{Citation: at}
	switch r {
	case IsUpheld, ClaimRejected:
		p.Column = Upheld
	case Changed, Revoked, Unlawful, Ordered, Void, WithoutProof:
		p.Column, p.Anew = Corrected, r == Revoked || r == Ordered || r == WithoutProof
	case Dismissed, Ended, Mediated, Settled, NotAccepted, IsAbandoned:
		p.Column = OtherResult
	case NotYet:
		p.Column, p.Citation = Pending, law.Citation{}
	default:
		return Placed{}, unknown(r)
	}
	return p, nil
}

func unknown(r Result) error {
	broken := law.Under(law.Citation{Act: law.R2019, Article: "50(1) item 3"})
	broken.If(true, ResultUnknown, "result", "value", string(r))
	return broken.Err()
}

func reconsideration2023(r Result) string {
	switch r {
	case IsUpheld:
		return "68"
	case ClaimRejected:
		return "69"
	case Changed:
		return "63"
	case Revoked:
		return "64"
	case Unlawful:
		return "65"
	case Ordered:
		return "66"
	case Void:
		return "67"
	case WithoutProof:
		return "70"
	case Dismissed:
		return "33"
	case Ended:
		return "41"
	case Mediated:
		return "73"
	case Settled:
		return "74"
	case NotAccepted:
		return "30(2)"
	case IsAbandoned:
		return "31(2)"
	}
	return ""
}

func reconsideration2017(r Result) law.Citation {
	old := func(article string) law.Citation { return law.Citation{Act: law.Reconsideration2017, Article: article} }
	rules := func(article string) law.Citation {
		return law.Citation{Act: law.ReconsiderationRules, Article: article}
	}
	switch r {
	case IsUpheld:
		return old("28(1) item 1")
	case ClaimRejected:
		return rules("48(1) item 1")
	case Changed:
		return rules("47")
	case Ordered:
		return old("28(1) item 2")
	case Revoked, Unlawful, Void:
		return old("28(1) item 3")
	case WithoutProof:
		return old("28(1) item 4")
	case Dismissed:
		return rules("48(1) item 2")
	case Ended:
		return rules("42")
	case Mediated:
		return rules("50")
	case Settled:
		return rules("40")
	case NotAccepted:
		return old("17(1)")
	case IsAbandoned:
		return rules("29")
	}
	return law.Citation{}
}

// Together is the one column of a case with several results: partly upheld and partly corrected is corrected; what is
// pending in part is pending; what has no result is pending.
func Together(columns ...Column) Column {
	for _, c := range []Column{Pending, Corrected, Upheld, OtherResult} {
		if slices.Contains(columns, c) {
			return c
		}
	}
	return Pending
}
