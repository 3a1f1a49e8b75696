// Package fault is the only place that makes an error status.
//
// Methods return a [law.Breach], one of this package's errors, or an ordinary error. The interceptor
// hands what comes back to [Status], which picks the language and builds a google.rpc.Status: a code, a
// message in English (AIP-193), one ErrorInfo (domain [Domain], a reason of the public enum ErrorReason
// without its prefix, the values as metadata), the field violations or the broken rule with its article,
// and one LocalizedMessage in the caller's language. Whatever is none of ours becomes INTERNAL with the
// call's id; its cause goes to the operator's log under that id, never to the caller.
package fault
