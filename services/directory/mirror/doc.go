// Package mirror keeps a copy of the directory's tree in memory, by following the directory's log: the one
// part of the directory that other services import.
//
// What it promises:
//   - an organisation that the directory has acknowledged is known: before it says that there is none, and
//     before its first answer of all, a [Tree] asks the directory how long its log is and folds that far;
//   - a change of a known organisation, as a move, is seen a moment after the directory acknowledged it;
//   - it never answers from a log that is not the one that it followed before.
//
// Where an organisation that has ended stands is our reading: where it stood last, as its records stay and
// somebody has to answer for them.
package mirror
