// Package killtest ends a serving process at random instants, and holds it to what it has promised.
//
// The child is a real `gongkai serve`, under write load from outside over gRPC and REST. Its tests send it SIGKILL,
// while it starts or while it is busy, and start it again on the same data folder. Each time it must hold that
//   - a fresh fold of the logs equals the totals, and every record is as its log says: [suite.Fsck] finds nothing;
//   - every acknowledged change is there, in the very revision that was acknowledged;
//   - a call whose answer was lost, repeated with its request_id, has taken effect exactly once;
//   - each log continues every checkpoint that it ever signed.
//
// Another test sends SIGTERM: the child then ends with exit code 0, and the same holds.
//
// A kill loses what the process has in memory, not what the operating system has: that a commit survives a loss of
// power depends on the engine's sync, which this does not test.
//
// How many times, and with which random numbers:
//
//	go test ./deploy/killtest -kills 200 -seed 1
package killtest
