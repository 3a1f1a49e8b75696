// Package fee holds the fees for requests for information.
//
// # In law
//
//   - Received before 2019-05-15: cost fees for searching, copying and posting, by the province's list (R2007 arts. 27
//     and 28). Their amounts are recorded, not computed.
//   - Received from 2019-05-15 to 2020-12-31: none. R2019 art. 42 allows the information processing fee, but its
//     measures were not there yet.
//   - Received from 2021-01-01: the information processing fee (信息处理费) by the Measures of 2020, at the organ's choice
//     by item or by page, never both for one request (art. 3). It is progressive: each tier's price holds for the part
//     in that tier.
//
// Our readings: the month is that of receipt; every item of the month counts, whichever way an earlier one was charged.
// Other applicants, other months and other organs are not added.
//
// Amounts are whole fen; nothing here is a float.
package fee
