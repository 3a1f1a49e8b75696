package report

import (
	"strings"

	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// reportName is the name of a report, or of a roll-up.
type reportName struct {
	organization organ.ID
	period       workday.Period
}

// String writes the name of the report.
func (n reportName) String() string {
	return "organizations/" + string(n.organization) + "/reports/" + n.period.String()
}

// parseName reads organizations/{organization}/{collection}/{period}.
func parseName(name string) (reportName, error) {
	parts := strings.Split(name, "/")
	if len(parts) != 4 {
		return reportName{}, fault.Field("name", "BAD_FORMAT")
	}
	return parseParts("name", parts[1], parts[3])
}

func parseParts(field, organization, period string) (reportName, error) {
	id, err := organ.ParseID(organization)
	if err != nil {
		return reportName{}, fault.Field(field, "BAD_FORMAT")
	}
	p, err := workday.ParsePeriod(period)
	if err != nil {
		return reportName{}, fault.Field(field, PeriodMalformed, "period", period)
	}
	return reportName{organization: id, period: p}, nil
}

// PeriodMalformed is the reason of a text that is no period. Values: period.
const PeriodMalformed law.Reason = "PERIOD_MALFORMED"
