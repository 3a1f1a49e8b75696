// Package apart runs the suite as five processes (directory, disclosure, request, report, gateway), and holds them to
// what one process promises.
//
//   - The year of the demo, entered through the gateway, gives the roll-up that it gives in one process.
//   - Each process alone is stopped and killed under write load, and started again on its port. While it is away, its
//     calls are answered with UNAVAILABLE, and what does not need it goes on; afterwards everything goes on, without
//     another process being started anew. All are killed at once, too, and come up in any order.
//   - At the end every acknowledged change has one entry in its log, the roll-up counts what is listed, and
//     [suite.Fsck] finds no difference.
//
// All of that is tested with one data folder for all processes, and with one for each and a shared key for tokens.
package apart
