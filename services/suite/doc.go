// Package suite puts the services together: their stores, logs and keys in one data folder, and the ways
// in which they reach each other.
//
// A [Target] is a row of a table: which service, and what it needs of the others. A process runs one of
// them or all; the services know only clients and feeds, and cannot tell.
//
// The data folder:
//
//	{service}.db          the service's store: state, indexes and event log
//	keys/token.pem        signs tokens (Ed25519, PKCS #8); only its owner may read it
//	keys/{service}.key    signs the log's checkpoints (signed-note format); only its owner may read it
//	keys/{service}.pub    verifies them: for publication
package suite
