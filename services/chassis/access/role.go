package access

import (
	"fmt"
	"maps"
	"slices"

	apiv1 "gongkai/proto/gongkai/api/v1"
)

// Role is what an account is in an organisation.
type Role string

const (
	// Clerk (经办人) keeps the records, handles requests, compiles and submits the report of one organisation.
	Clerk Role = "clerk"
	// Reviewer (审查人) publishes and withdraws after review, in one organisation.
	Reviewer Role = "reviewer"
	// Approver (公开办负责人) is the head of one organisation's disclosure office.
	Approver Role = "approver"
	// Supervisor (政务公开领导小组办公室) guides and accepts reports, in the whole subtree.
	Supervisor Role = "supervisor"
	// Auditor (审计人员) reads aggregates, logs and their openings, in the whole subtree.
	Auditor Role = "auditor"
	// Administrator (管理员) keeps the tree of organisations, in the whole subtree.
	Administrator Role = "administrator"
	// System (业务系统) is another system's account that pushes records, in the whole subtree.
	System Role = "system"
	// Service is one of the suite's own services, which follow each other's feeds.
	Service Role = "service"
)

// Everywhere is the organisation of a grant that reaches the whole tree.
const Everywhere = "*"

// grants is what a role may do, and how far.
type grants struct {
	permissions []apiv1.Permission
	subtree     bool
}

const (
	read       = apiv1.Permission_PERMISSION_READ
	record     = apiv1.Permission_PERMISSION_RECORD
	publish    = apiv1.Permission_PERMISSION_PUBLISH
	handle     = apiv1.Permission_PERMISSION_HANDLE
	report     = apiv1.Permission_PERMISSION_REPORT
	supervise  = apiv1.Permission_PERMISSION_SUPERVISE
	audit      = apiv1.Permission_PERMISSION_AUDIT
	administer = apiv1.Permission_PERMISSION_ADMINISTER
	approve    = apiv1.Permission_PERMISSION_APPROVE
	personal   = apiv1.Permission_PERMISSION_PERSONAL
)

var roles = map[Role]grants{
	Clerk:         {permissions: []apiv1.Permission{read, record, handle, report, personal}},
	Reviewer:      {permissions: []apiv1.Permission{read, publish}},
	Approver:      {permissions: []apiv1.Permission{read, handle, report, approve, personal}},
	Supervisor:    {permissions: []apiv1.Permission{read, supervise}, subtree: true},
	Auditor:       {permissions: []apiv1.Permission{audit}, subtree: true},
	Administrator: {permissions: []apiv1.Permission{administer}, subtree: true},
	System:        {permissions: []apiv1.Permission{read, record, publish}, subtree: true},
	Service:       {permissions: []apiv1.Permission{read, audit}, subtree: true},
}

// Roles lists every role, by name.
func Roles() []Role { return slices.Sorted(maps.Keys(roles)) }

// ParseRole returns the role of that name.
func ParseRole(s string) (Role, error) {
	if _, ok := roles[Role(s)]; !ok {
		return "", fmt.Errorf("unknown role %q, want one of %v", s, Roles())
	}
	return Role(s), nil
}

// Grants tells whether the role holds a permission, and whether it reaches the subtree.
func (r Role) Grants(p apiv1.Permission) (holds, subtree bool) {
	g := roles[r]
	return slices.Contains(g.permissions, p), g.subtree
}
