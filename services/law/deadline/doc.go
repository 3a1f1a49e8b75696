// Package deadline holds the periods and dates that the Regulation sets, a file a rule.
//
// Each rule is one function: values in, a date and what it rests on out; a [*law.Breach] where the law has no answer.
// The version in force is looked up in a dated table.
//
// [Of] counts the time of a request, from its events to its due date, and says how; [Receive] and [Serve] find the day of
// receipt and the two dates of an answer. [AppealLimits], [Reconsideration.Limits] and [Litigation.Limits] are those of
// appeals, [ReportDue] that of an annual report. What the law leaves open is decided in one place and has a name, a
// [Reading], which each answer that rests on it carries.
package deadline
