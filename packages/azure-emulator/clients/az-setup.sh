#!/usr/bin/env bash
#
# Azure's own command line, as docs/permissions.md and docs/install.md use it: the roles of a credential, in ARM and in
# a Managed HSM, and the tag of a registry. Each step states what it expects; the first difference ends the script.
# Needs az (tried with 2.74), jq and curl.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
roles="$package/../../docs/roles"
start demo-hsm "${1:-}"
use_az
same 'signs in as a service principal' "$(ready .subscriptionId)" "$(sign_in)"
subscription="/subscriptions/$(ready .subscriptionId)"
principal=$(tsv identity show -g rg-shop -n id-shopimages --query principalId)

# --- roles of ARM ------------------------------------------------------------------------------------
role() { # role FILE NAME: the file as it is, except for its name, which the world has already
  jq --arg name "$2" --arg scope "$subscription" '.Name = $name | .AssignableScopes = [$scope]' "$roles/$1" >"$scratch/role.json"
  quietly role definition create --role-definition "@$scratch/role.json"
}
assign() {
  quietly role assignment create --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal \
    --scope "$subscription" "$@"
}
assignments() { tsv role assignment list --assignee "$principal" --scope "$subscription" --query "$1"; }
role registry-key-reader.json Reader1
assign --role Reader1
same 'assigns the role of a file' Reader1 "$(assignments '[0].roleDefinitionName')"
role registry-key-revoker.json Revoker1
assign --role Revoker1 --condition "$(cat "$roles/registry-key-revoker.condition.txt")" --condition-version 2.0
same 'assigns a role with its condition' 2.0 "$(assignments "[?roleDefinitionName=='Revoker1'].conditionVersion")"

# --- roles of a Managed HSM --------------------------------------------------------------------------
quietly keyvault role assignment create --hsm-name hsm-contoso --role 'Managed HSM Crypto Auditor' --scope / \
  --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal
same 'assigns a role of the HSM' / \
  "$(tsv keyvault role assignment list --hsm-name hsm-contoso --scope / --query "[?principalId=='$principal' && roleName=='Managed HSM Crypto Auditor'].scope")"

# --- the tag of a registry ---------------------------------------------------------------------------
registry=$(tsv acr show --name unboundimages --query id)
quietly tag update --operation Merge --tags backstage-entity-ref=resource:default/shop-images --resource-id "$registry"
same 'tags a registry' resource:default/shop-images \
  "$(tsv acr show --name unboundimages --query 'tags."backstage-entity-ref"')"

same 'every request was supported by the emulator' 0 "$(unsupported)"
passed
