package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"gongkai/services/chassis/access"
	"gongkai/services/law/organ"
	"gongkai/services/suite"
)

// tokenCommand mints a token with the key of a data folder.
type tokenCommand struct {
	Data         string        `default:"gongkai-data" placeholder:"DIR" help:"Data folder whose key signs; default ${default}. (数据目录)"`
	TokenKey     string        `type:"path" placeholder:"FILE" help:"Key that signs, if the services have one with --token-key. (令牌密钥)"`
	Role         []string      `required:"" placeholder:"ROLE" help:"Role, may be repeated: clerk (经办人), reviewer (审查人), approver (公开办负责人), supervisor (领导小组办公室), auditor (审计), administrator (管理员), system (业务系统)."`
	Organization string        `required:"" placeholder:"CODE" help:"Organisation in which it holds, by its code; * for the whole tree. (机关代码)"`
	Account      string        `placeholder:"ID" help:"Opaque id of the account; default: made of role and organisation. (账号)"`
	For          time.Duration `default:"8h" placeholder:"TIME" help:"How long it holds, at most 720h; default ${default}. (有效时间)"`
}

// Run prints the token, and nothing else.
func (c *tokenCommand) Run(s streams) error {
	const longest = 30 * 24 * time.Hour
	if c.For <= 0 || c.For > longest {
		return fmt.Errorf("--for is %s; a token holds for more than nothing and at most 720h (有效时间须大于0、不超过720小时)", c.For)
	}
	who, err := c.identity()
	if err != nil {
		return err
	}
	// A key that is made here would not be that of the services, if the folder is misspelt.
	key := c.TokenKey
	if key == "" {
		key = suite.TokenKey(c.Data)
	}
	if _, err := os.Stat(key); errors.Is(err, fs.ErrNotExist) && c.TokenKey != "" {
		return fmt.Errorf("there is no key %s; `gongkai serve --token-key` makes one (没有该密钥)", key)
	} else if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is no data folder, it has no key to sign with; `gongkai serve` makes one (不是数据目录)", c.Data)
	}
	issuer, err := suite.OpenIssuer(key, time.Now)
	if err != nil {
		return err
	}
	token, err := issuer.Mint(who, c.For)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, token)
	return err
}

func (c *tokenCommand) identity() (access.Identity, error) {
	if _, err := organ.ParseID(c.Organization); err != nil && c.Organization != access.Everywhere {
		return access.Identity{}, fmt.Errorf("--organization %q is no code of an organisation, as 652701201 or 652701-education (机关代码有误)", c.Organization)
	}
	var roles []access.Role
	for _, name := range c.Role {
		role, err := access.ParseRole(name)
		if err != nil || role == access.Service { // which is for the suite's own services
			return access.Identity{}, fmt.Errorf("--role %q is not one of %s (角色有误)", name, strings.Join(mintable(), ", "))
		}
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	who := access.Identity{Account: c.Account}
	if who.Account == "" {
		who.Account = account(c.Organization, roles...)
	}
	for _, role := range roles {
		who.Grants = append(who.Grants, access.Grant{Role: role, Organization: c.Organization})
	}
	return who, nil
}

// mintable are the roles that a token may have.
func mintable() []string {
	var names []string
	for _, role := range access.Roles() {
		if role != access.Service {
			names = append(names, string(role))
		}
	}
	return names
}

// account is the id of an account that has no other: its roles and its organisation.
func account(organization string, roles ...access.Role) string {
	id := ""
	for _, role := range roles {
		id += string(role) + "-"
	}
	return id + organization
}
