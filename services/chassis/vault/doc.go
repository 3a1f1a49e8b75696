// Package vault keeps personal data unreadable: each value is sealed on its own, under a data key of its case.
//
// # Keys
//
// A key file, one a store, holds two keys. The one wraps data keys: a case has one data key, which is stored wrapped,
// and whoever deletes the wrapped key has erased all that was ever sealed with it. The other makes blind indexes and
// further keys: the same text gives the same index, which tells nothing of the text to whoever lacks the key.
//
// # What is bound to what
//
// A wrapped key is bound to the name of its case, a sealed value to the name of its field: neither can be moved to
// another place without being noticed. Values are sealed by AES-256-GCM, indexes are HMAC-SHA-256, both by Tink.
//
// # Caveats
//
// A sealed value tells the length of the text. A store that was copied before an erasure holds the wrapped key until
// the copy is destroyed, and a storage engine may keep a deleted page until it writes it anew.
package vault
