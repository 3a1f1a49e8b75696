// Package access decides who may do what: identities, roles over the organisation tree, and the one
// rule check, read from the options in the protos.
//
// A caller is an [Identity]: an account with grants, each a role in an organisation. A role grants
// permissions, either in the organisation itself (clerk, reviewer, approver) or in the whole subtree
// below it (supervisor, auditor, administrator, system). A call without a token is the public, which
// holds [apiv1.Permission_PERMISSION_PUBLIC] everywhere and nothing else.
//
// The interceptor checks the permission that a method declares; a method that spans organisations, or
// shows more to some than to others, asks [Allows] itself, and its option says so.
package access
