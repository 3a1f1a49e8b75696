package request

import (
	"strings"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"
)

// Reasons of a request that is said to repeat another, with the values that their texts name.
const (
	RepeatedWithoutEarlier law.Reason = "REPEATED_WITHOUT_EARLIER" //
	EarlierNotAnswered     law.Reason = "EARLIER_NOT_ANSWERED"     // earlier
)

// repeated is the outcome of a request that repeats one already answered.
const repeated = "not_processed_repeated"

// repeatedAt is where the law has it: the organ has answered the applicant, who asks for the same again.
func repeatedAt() law.Citation { return law.Citation{Act: law.R2019, Article: "36 item 6"} }

// earlier finds the request whose answer another repeats: the one named, which must have been answered by the day, or the
// last such one of the same applicant for the same. It is empty if there is none, or the personal data cannot tell.
func (s *Server) earlier(c *call, named string) (string, error) {
	if named != "" {
		n, ok := parseName(named)
		if !ok || n.organization != c.organization {
			return "", fault.NotFound(named)
		}
		other, err := load(c.tx, n)
		if err != nil {
			return "", err
		}
		broken := law.Under(repeatedAt())
		broken.If(n == c.name || !answeredBy(other.request(), c.on), EarlierNotAnswered, "earlier_request", "earlier", named)
		return named, broken.Err()
	}
	if c.request().GetPersonalDataState() != requestv1.PersonalDataState_PERSONAL_DATA_STATE_KEPT {
		return "", nil
	}
	data, err := s.open(c.tx, c.record)
	if err != nil {
		return "", unreadable(err)
	}
	answered := make(map[name]bool)
	err = s.scanSame(c.tx, c.record, data, sameApplicant, workday.Date{}, func(other *record) (bool, error) {
		answered[other.name] = other.name != c.name && answeredBy(other.request(), c.on)
		return true, nil
	})
	if err != nil {
		return "", err
	}
	found := ""
	err = s.scanSame(c.tx, c.record, data, sameContent, workday.Date{}, func(other *record) (bool, error) {
		if answered[other.name] {
			found = other.name.String()
		}
		return true, nil
	})
	return found, err
}

// answeredBy tells whether a request was answered by a day in its substance: not as repeated itself, nor ended otherwise.
func answeredBy(q *requestv1.InformationRequest, on workday.Date) bool {
	outcome := q.GetOutcome()
	ended := q.GetState() == requestv1.RequestState_REQUEST_STATE_CONCLUDED && !civil(q.GetAnsweredOn()).After(on)
	return ended && outcome != repeated && !strings.HasPrefix(outcome, "other")
}

// withoutEarlier marks a request that was not processed as a repeated one, of which no earlier answer is known.
func withoutEarlier(q *requestv1.InformationRequest) []deadline.Mark {
	if q.GetOutcome() != repeated || q.GetEarlierRequest() != "" {
		return nil
	}
	return []deadline.Mark{{Reason: RepeatedWithoutEarlier, Effect: deadline.Unfinished, Event: -1, On: civil(q.GetAnsweredOn()), Citation: repeatedAt()}}
}
