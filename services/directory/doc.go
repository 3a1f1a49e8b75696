// Package directory is the service that keeps the organisations (机关) of an area and their places in the
// tree: a tree that changes over time (R2019 art. 4; GB/T 2260).
//
// A place in the tree is judged by package organ, on every date at once. The tree is held in memory, read
// from the store at the start; writes come one after the other (check against the tree, commit, put into the
// tree), so that every check sees what is committed. A read never waits for a write.
//
// What is stored is what the log says: each change keeps its revision as the bytes that were first
// marshalled, and the log entry has their hash and the organisation itself. [Check] compares all of it.
//
// Our readings:
//   - what has not begun is not entered: the date of a version or of an end is today at the latest;
//   - an organisation that has ended is still shown, as it was last, with its end and its successors; it is
//     listed on the dates on which it existed only;
//   - who moves an organisation administers it and every parent that gains or loses it on any date;
//   - an end stands: it can be recorded once.
//
// A parent that does not exist is PARENT_UNKNOWN with its field; for CreateOrganization alone it is NOT_FOUND
// where the caller's right depends on that parent's place, since access is decided first.
package directory
