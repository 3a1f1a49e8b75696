package directory

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gongkai/services/chassis/server"
	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Reasons of the directory's own rules, with the values that their texts name. Those on places in the tree
// are in package organ.
const (
	DateAhead    law.Reason = "ORGANIZATION_DATE_IN_FUTURE" // date, today
	EndedAlready law.Reason = "ORGANIZATION_ENDED_ALREADY"  // ended_on
)

// mostViolations is how many broken rules an answer names at most, so that it stays one that can be sent
// and read.
const mostViolations = 20

// notAhead refuses a date that has not come.
func notAhead(on workday.Date, at server.Stamp, field string) error {
	today := workday.On(at.At)
	broken := law.Under(law.Citation{})
	broken.If(on.After(today), DateAhead, field, "date", on.String(), "today", today.String())
	return broken.Err()
}

func endedAlready(on workday.Date) error {
	broken := law.Under(law.Citation{})
	broken.If(true, EndedAlready, "ended_on", "ended_on", on.String())
	return broken.Err()
}

// renamed returns a breach with the fields of the request, given those of the organisation.
func renamed(err error, field func(string) string) error {
	var breach *law.Breach
	if !errors.As(err, &breach) {
		return err
	}
	out := &law.Breach{Violations: slices.Clone(breach.Violations)}
	for i := range out.Violations {
		out.Violations[i].Field = field(out.Violations[i].Field)
	}
	return out
}

// short cuts a breach down to what an answer can name.
func short(err error) error {
	var breach *law.Breach
	if !errors.As(err, &breach) || len(breach.Violations) <= mostViolations {
		return err
	}
	return &law.Breach{Violations: breach.Violations[:mostViolations]}
}

// newcomerField names the fields of a request to create, which stands at a path of the whole request.
func newcomerField(path string) func(string) string {
	return func(field string) string {
		switch name := strings.TrimPrefix(field, "versions[0]."); name {
		case "id":
			return path + "organization_id"
		case "effective_on":
			return path + "organization.founded_on"
		default:
			return path + "organization." + name
		}
	}
}

// versionField names the fields of the version that a request brings; what breaks a rule elsewhere is put
// down to another field.
func versionField(otherwise string) func(int, string) string {
	return func(version int, field string) string {
		if name, ok := strings.CutPrefix(field, fmt.Sprintf("versions[%d].", version)); ok {
			return "version." + name
		}
		return otherwise
	}
}

// endField names the fields of a request to abolish.
func endField(_ int, field string) string {
	if strings.HasPrefix(field, "successors[") {
		return field
	}
	return "ended_on"
}
