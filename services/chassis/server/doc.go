// Package server is what wraps every service of the suite: the one interceptor chain, health,
// reflection, graceful stop, page tokens, and [Write], the one way into a transaction.
//
// The chain, from the outside: the call's id, the access log, recovery and the making of the status; the
// deadline; who calls; validation; permission. Every listener of a process, network or in-process, leads
// to the same *grpc.Server, so nothing is skipped on any way in.
package server
