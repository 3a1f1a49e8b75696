// Package eventlog keeps a store's append-only Merkle event log: audit trail, archive and feed in one.
//
// An entry is appended in the storage transaction that changes the state it tells of, so that either both
// are durable or neither is. A store holds one log.
//
// # What is hashed
//
// The payload is a [logv1.Entry], marshalled once; these bytes are stored, hashed and served, and never
// marshalled again. The opening is 32 random bytes of salt and the payload. The commitment, SHA-256(salt ‖
// payload), is the data of the leaf and tells nothing about the payload without the salt. Leaves and nodes
// are hashed as RFC 6962 section 2.1 says: SHA-256(0x00 ‖ commitment), SHA-256(0x01 ‖ left ‖ right).
//
// An opening may be erased; the commitment, and with it every hash, proof and checkpoint, stays.
//
// # What is stored
//
// This format does not change: what is hashed today is verified in decades.
//
//	bucket       key                                value
//	log.entries  index, 8 bytes, big-endian         flags, 1 byte ‖ commitment, 32 ‖ salt, 32 ‖ payload
//	log.hashes   stored hash index, 8 bytes, b.-e.  hash, 32 bytes
//
// Bit 0 of the flags: the opening is for everyone. Bit 1: the opening is erased, and the value ends after the
// commitment. The hashes are those of all perfect subtrees, in the order of [tlog.StoredHashIndex]. The
// leaf commits to salt and payload and not to the flags: who may see an opening is a rule of access.
//
// # Following
//
// A feed serves only what a finished commit has made durable. [Follow] trusts nothing else: it checks each
// opening against its commitment and each root against the one that it computes itself, and stops when the
// log is not the one that it followed before.
package eventlog
