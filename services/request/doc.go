// Package request keeps the requests for information (依申请公开) that organs receive, and how each ends.
//
// # In law
//
// R2019 arts. 29 to 31 (R2007 art. 20) say when a request is received, arts. 36 to 39 (R2007 art. 21) how it is
// answered. A request counts as new in the month of its receipt, and its outcome in the month of its answer, each in
// the column of its applicant's kind. The version of the Regulation in force on the day of receipt governs the whole
// request, and so which outcomes it can have (our reading, as in package ground).
//
// # States
//
// UNCONFIRMED ── confirm ──▶ OPEN; OPEN ── conclude, close, withdraw ──▶ CONCLUDED ── handle anew ──▶ OPEN; OPEN ── link ──▶ LINKED, OPEN ── split ──▶ SPLIT.
// What waits to be confirmed with its applicant is not received yet: no period runs, and nothing counts.
// While it is open, steps are taken; each is checked by package deadline, which counts the whole case with it: what
// cannot have happened is refused, and so is what would move nothing and is a mistake, as a second extension. What
// happened late all the same is stored, and the timeline marks it. The receipt number (登记号) is drawn on entry from a
// counter of organisation and year of receipt (or, of what waits to be confirmed, of filing), without gaps.
//
// An appeal is pending, suspended or in second instance until it is concluded. Its limits and marks are counted when it is
// read, by package appeal; its act is noted when it is entered. Requests and appeals share the index of due dates.
//
// # Our readings
//
// A request that is linked to an open one is not counted, nor one that was split, since the other and the items are. A
// request that was withdrawn counts as other. A new answer after an appeal does not count again: the first outcome
// stays. A person is the same by the number of the identity document, or without one by name and contact.
//
// What the organ's own system confirmed is received on that day until somebody confirms it with the applicant. An appeal of
// nobody in particular over an answer is the applicant's. A suit before which a reconsideration has to come is taken, and
// marked. The items of a request cover it if of each of its clauses something stands in one of them.
//
// # What is stored
//
// Every revision is kept as it was first stored; the last one is the request. The event log's entry of a revision
// holds the facts before and after; its opening is never public, and it holds no hash of the record. [Check] compares
// all of it.
//
// # Personal data
//
// Who asks, and what for, is sealed field by field (package vault) under a data key of the request's own, which is
// stored apart; destroying it erases them in every revision. Blind indexes tell whether two requests are one person's,
// or ask for the same, without the text. Answers show the data masked. [Server.ReadPersonalData] gives them in clear
// for a purpose, and each such read is an entry of the log, without the data. Nothing of them is in a log entry, an
// error, a line of the server's log, or what is kept of a request_id, which is a keyed hash.
package request
