// Package disclosure keeps what organs publish unasked (主动公开): drafts, their publication on a date,
// corrections, and withdrawal with a public reason.
//
// # In law
//
// R2019 arts. 13, 19 and 20 (R2007 arts. 9 to 12) say what is published, art. 26 (R2007 art. 18) when, and
// art. 6(2) that false information is corrected. One record is one piece of information, in however many forms
// it is published; it counts in the month of its publication date, in the category of that year's form.
//
// # States
//
//	        publish            withdraw
//	DRAFT ───────────▶ PUBLISHED ─────────▶ WITHDRAWN
//	  └─ update          └─ update, re-dated too
//
// Our readings: an organ that exists neither today nor on the day that a draft is about is unknown; it must
// exist on the day of publication. A draft has no publication date. The index number (索引号) is drawn at first
// publication from a counter of organisation and year of publication, without gaps, and never changes, also
// when the date is corrected into another year.
//
// # Who sees what
//
// Whoever may read an organisation's internal records sees all of them. Everybody else lists what is
// published, and gets of a withdrawn record its title, reason and dates; drafts do not exist for them.
//
// # What is stored
//
// Every revision is kept as it was first stored; the last one is the record. The event log's entry of a
// revision holds the hash of its bytes and the facts before and after: one fact, dated on the day of
// publication, while the record is published, none otherwise. [Check] compares all of it.
//
// # Caveats
//
// In a list drafts come first, then the latest publication. A record that is published while its list is being
// paged may be seen twice, as a draft and as published; none that stays as it is is lost or seen twice.
package disclosure
