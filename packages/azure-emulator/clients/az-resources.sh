#!/usr/bin/env bash
#
# Azure's own command line against the demo world: resources, tags, locks, roles, providers, and the
# repositories of a registry. Each step states what it expects; the first difference ends the script.
# Needs az (tried with 2.74) and jq.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
start demo "${1:-}"
use_az
quietly login --service-principal -u "$client_id" -p "$client_secret" --tenant "$(ready .tenantId)"
subscription="/subscriptions/$(ready .subscriptionId)"
registry="$subscription/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/shopimages"
vault="$subscription/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-contoso-rbac"

# --- resources --------------------------------------------------------------------------------------
same 'lists the registries of a group' ordersimages \
  "$(tsv resource list -g rg-shop --resource-type Microsoft.ContainerRegistry/registries --query "[?name=='ordersimages'].name")"
same 'shows times and state of a resource' Succeeded \
  "$(tsv resource list --name shopimages --query '[0].provisioningState')"
same 'shows a registry by its id, with an api-version of its own choice' Premium \
  "$(tsv resource show --ids "$registry" --query sku.name)"
same 'shows a vault by its id' kv-contoso-rbac "$(tsv resource show --ids "$vault" --query name)"
same 'tags a resource' shop "$(tsv tag update --resource-id "$registry" --operation Merge --tags team=shop --query properties.tags.team)"
same 'finds it by its tag' shopimages "$(tsv resource list --tag team=shop --query '[].name')"
same 'lists the api-versions of a type' 2025-11-01 \
  "$(tsv provider show -n Microsoft.ContainerRegistry --query "resourceTypes[?resourceType=='registries'] | [0].apiVersions[?@=='2025-11-01'] | [0]")"
same 'lists locations' westeurope "$(tsv account list-locations --query "[?name=='westeurope'].name")"

# --- registries -------------------------------------------------------------------------------------
same 'lists the repositories' app "$(tsv acr repository list -n shopimages)"
same 'lists the tags of a repository' 1.0 "$(tsv acr repository show-tags -n shopimages --repository app)"
same 'shows a repository' 2 "$(tsv acr repository show -n shopimages --repository app --query manifestCount)"
contains 'exposes a token to log in with' '^eyJ' \
  "$(tsv acr login -n shopimages --expose-token --query accessToken)"
quietly acr update -n shopimages --admin-enabled true
same 'renews a password of the admin user' password2 \
  "$(tsv acr credential renew -n shopimages --password-name password2 --query 'passwords[1].name')"
same 'lists the usages' Size "$(tsv acr show-usage -n shopimages --query 'value[0].name')"

# --- locks ------------------------------------------------------------------------------------------
quietly lock create -n keep --lock-type CanNotDelete --resource "$vault"
same 'lists the lock of a vault' keep "$(tsv lock list --resource "$vault" --query '[].name')"
refused 'a locked vault cannot be deleted' ScopeLocked az keyvault delete -n kv-contoso-rbac -g rg-keys
principal=$(tsv identity show -g rg-shop -n id-shopimages --query principalId)
quietly role assignment create --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal \
  --role Reader --scope "$subscription/resourceGroups/rg-keys"
quietly role assignment delete --assignee "$principal" --role Reader --scope "$subscription/resourceGroups/rg-keys"
same 'a lock below does not block the deletion of a role assignment above' 0 \
  "$(tsv role assignment list --assignee "$principal" --role Reader --scope "$subscription/resourceGroups/rg-keys" --query 'length(@)')"
quietly lock delete -n keep --resource "$vault"

# --- roles ------------------------------------------------------------------------------------------
same 'finds a built-in role by its name' 43d0d8ad-25c7-4714-9337-8ba259a9fe05 \
  "$(tsv role definition list --name 'Monitoring Reader' --query '[0].name')"
contains 'the role shows when it was changed' '^20' \
  "$(tsv role definition list --name 'Key Vault Crypto Officer' --query '[0].updatedOn')"

# --- a group is deleted -----------------------------------------------------------------------------
quietly group delete -n rg-platform -y
same 'a deleted group is gone' false "$(az group exists -n rg-platform)"
same 'every request was supported by the emulator' 0 "$(unsupported)"
passed
