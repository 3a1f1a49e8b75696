package report

import (
	"crypto/sha256"
	"fmt"

	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// The kinds of event in the report log. Some are public: accepted and corrected carry the report, rebuilt the positions,
// attached, once the report is accepted, the hash of the signed copy.
const (
	compiled  = "report.compiled"
	submit    = "report.submitted"
	returned  = "report.returned"
	accepted  = "report.accepted"
	judged    = "report.judged"
	published = "report.published"
	corrected = "report.corrected"
	given     = "figures.given"
	dueSet    = "dueDates.set"
	attached  = "report.copy_attached"
	rebuilt   = "totals.rebuilt"
)

// stamp is what a call draws before its transaction.
type stamp struct {
	server.Stamp
	salt   eventlog.Salt
	before []*logv1.Fact // the facts of what is corrected, found in the transaction
}

// maxReport is the most bytes that a report may have, so that the entry of its acceptance can carry it.
const maxReport = eventlog.MaxPayload * 3 / 4

// save is the one way to write a report: state, revision and log entry together.
func (s *Server) save(tx kv.Tx, at stamp, n reportName, stored *storev1.StoredReport, kind string) error {
	stored.Revision++
	report := stored.GetReport()
	report.Etag = fmt.Sprint(stored.GetRevision())
	report.UpdateTime = timestamppb.New(at.At)
	if size := proto.Size(report); size > maxReport {
		return fmt.Errorf("%s has %d bytes: %w", n, size, eventlog.ErrTooLarge)
	}
	value, err := putReport(tx, n, stored)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(value)
	entry := &logv1.Entry{
		Kind: kind, Resource: report.GetName(), Revision: stored.GetRevision(),
		HappenedOn: dateOf(workday.On(at.At)), RecordedAt: timestamppb.New(at.At),
		Actor: at.Actor, Authority: at.Authority, ContentSha256: hash[:],
	}
	public := kind == accepted || kind == corrected || kind == attached && isAccepted(report)
	switch kind {
	case attached: // whoever has the log has the hash of the copy
		if entry.State, err = anypb.New(report.GetSignedCopies()[len(report.GetSignedCopies())-1]); err != nil {
			return fmt.Errorf("log signed copy: %w", err)
		}
	case accepted, corrected:
		entry.Before, entry.After = at.before, reportFacts(n, report)
		if entry.State, err = anypb.New(forAll(proto.CloneOf(report))); err != nil { // everyone can read it
			return fmt.Errorf("log report: %w", err)
		}
	}
	if err := s.Log.Append(tx, entry, at.salt, public); err != nil {
		return fmt.Errorf("log report: %w", err)
	}
	return nil
}

// reportFacts are an organisation's own figures in its accepted report as facts: the measure is the cell, the date the
// period's last day.
func reportFacts(n reportName, r *reportv1.Report) []*logv1.Fact {
	var facts []*logv1.Fact
	for _, f := range ownFigures(r) {
		if valueOf(f) == 0 {
			continue
		}
		facts = append(facts, &logv1.Fact{
			Organization: "organizations/" + string(n.organization), Date: dateOf(n.period.Last()),
			Measure: f.GetCell(), Value: valueOf(f),
		})
	}
	return facts
}
