// Package e2e holds the tests of the whole suite: the real services on real stores, reached over gRPC on a
// loopback address and over REST through the real gateway. Nothing is faked but the clock.
//
// Every test ends in a proof of its data: each log is verified hash by hash, each record compared with its
// entry, and each total computed anew from the logs.
package e2e
