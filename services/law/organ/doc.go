// Package organ holds the organisations as a tree that changes over time.
//
// An organisation is an organ at a place: the people's government of a township, not the township. It has dated
// versions, each with its parent, name and kind, and may end with successors. The tree answers for any civil date,
// and for a period, whose tree is that of its last day.
//
// Levels are those of the Constitution art. 30: province, prefecture, county, township; below them the villages.
// Beside the divisions there are departments of a government at county level and above (R2019 art. 4(1), R2007 art. 4(1)).
//
// Our readings:
//   - a date before the first version, or from the day of the end on: the organisation does not exist then;
//   - an organ that ended within a period keeps a place in it, under its successor's parent, else under its own
//     last parent; if it existed on no day of the period, it has no place;
//   - a code need not begin with the code of its parent, as a township may move to another city.
package organ
