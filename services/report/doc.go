// Package report derives each organisation's report of a period from the facts in the logs, carries it
// through its life, and rolls it up. Source: R2007 arts. 31, 32; R2019 arts. 49, 50.
//
// It follows the feeds of the other services: the directory's gives the tree, those of disclosures and
// requests give facts. A fact is folded as minus before, plus after, so that the fold needs no copy of any
// record; totals and feed position are one transaction, so that each entry counts exactly once.
//
// What the fold keeps:
//   - own totals: organisation, month, measure; flows, never stocks;
//   - subtree totals: organisation, period, measure, kept up on the ancestor path of the period's tree,
//     which is that of its last day. So a roll-up reads its cells, whatever the number of records;
//   - late totals: the part of both that came at or after the seal of an accepted report.
//
// Acceptance adds the report's figures to the submitted totals on the same path, in the same transaction. Of a report
// that also sums those below it these are the organisation's own part, so that every report counts once.
// A roll-up shows both bases side by side: submitted is the sum of accepted reports, records the sum of all
// records; each difference is listed with its cause.
//
// Invariants, which [Recompute] checks from the logs alone:
//   - a subtree total is the sum of the own totals of everything below it in the period's tree;
//   - a fact is late if and only if its log index is at or after the position in the seal.
package report
