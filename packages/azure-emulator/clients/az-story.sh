#!/usr/bin/env bash
#
# Azure's own command line against an empty emulated Azure: a registry with a customer-managed key,
# created, rotated, revoked and restored as in Microsoft's tutorial. Each step states what it expects; the
# first difference ends the script.
#
#   clients/az-story.sh            starts an emulator of its own
#   clients/az-story.sh DIR        uses the one that runs in DIR (its world should be empty)
#
# Needs az (tried with 2.74) and jq.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
start empty "${1:-}"
use_az

# --- sign in, a group, an identity -------------------------------------------------------------------
same 'signs in as a service principal' "$(ready .subscriptionId)" "$(sign_in)"
refused 'a wrong secret is refused' AADSTS7000215 \
  az login --service-principal -u "$(ready .principals.reader.clientId)" -p wrong --tenant "$(ready .tenantId)"
same 'creates a group' Succeeded "$(tsv group create -n rg1 -l westeurope --query properties.provisioningState)"
quietly identity create -g rg1 -n id1
quietly identity create -g rg1 -n id2
client1=$(tsv identity show -g rg1 -n id1 --query clientId)
principal1=$(tsv identity show -g rg1 -n id1 --query principalId)
client2=$(tsv identity show -g rg1 -n id2 --query clientId)
principal2=$(tsv identity show -g rg1 -n id2 --query principalId)
resource2=$(tsv identity show -g rg1 -n id2 --query id)
same 'an identity has two different ids' yes "$([ "$client1" != "$principal1" ] && echo yes)"

# --- a vault with access policies and purge protection, a key ---------------------------------------
same 'creates a vault with purge protection' 'true' \
  "$(tsv keyvault create -g rg1 -n kv1-story -l westeurope --enable-rbac-authorization false --enable-purge-protection true --query properties.enablePurgeProtection)"
same 'finds a vault by its name alone' rg1 "$(tsv keyvault show -n kv1-story --query resourceGroup)"
kid1=$(tsv keyvault key create --vault-name kv1-story -n key1 --query key.kid)
same 'a key has a version' 32 "$(printf '%s' "${kid1##*/}" | wc -c | tr -d ' ')"
key=${kid1%/*}

# --- a registry with a customer-managed key ---------------------------------------------------------
create() { quietly acr create -g rg1 -n storyreg1 --sku Premium -l westeurope --identity id1 --key-encryption-key "$1"; }
refused 'a registry whose identity has no access is refused with the documented message' \
  "Failed to access KeyId '$kid1'. Verify that identity '$client1' has 'Get, Wrap Key, Unwrap Key' permission" \
  create "$kid1"
quietly keyvault set-policy -g rg1 -n kv1-story --object-id "$principal1" --key-permissions get wrapKey unwrapKey
create "$kid1"
show() { tsv acr encryption show -g rg1 -n storyreg1 --query "keyVaultProperties.$1"; }
same 'shows the key that the registry was created with' "$kid1" "$(show keyIdentifier)"
same 'a versioned key is not followed' false "$(show keyRotationEnabled)"
same 'never rotated yet' '' "$(show lastKeyRotationTimestamp)"
same 'finds a registry by its name alone' storyreg1 "$(tsv acr show -n storyreg1 --query name)"
same 'a taken name is not available' false "$(tsv acr check-name -n storyreg1 --query nameAvailable)"
same 'a pull works' 200 "$(pull storyreg1)"

# --- rotate -----------------------------------------------------------------------------------------
kid2=$(tsv keyvault key rotate --vault-name kv1-story -n key1 --query key.kid)
same 'lists both versions' 2 "$(tsv keyvault key list-versions --vault-name kv1-story -n key1 --query 'length(@)')"
rotate() { quietly acr encryption rotate-key -g rg1 -n storyreg1 "$@"; }
rotate --key-encryption-key "$kid2"
same 'rotates to a versioned key' "$kid2" "$(show versionedKeyIdentifier)"
same 'the rotation has a time' yes "$([ "$(show lastKeyRotationTimestamp)" != '' ] && echo yes)"
rotate --key-encryption-key "$key" --identity id1
same 'rotates to a versionless key' "$key" "$(show keyIdentifier)"
same 'a versionless key is followed' true "$(show keyRotationEnabled)"
same 'and uses the newest version' "$kid2" "$(show versionedKeyIdentifier)"
rotate --key-encryption-key "$key" --identity "$client1"
same 'takes a client id as identity' "$client1" "$(show identity)"
refused 'a key that does not exist is refused' 'Failed to access KeyId' \
  az acr encryption rotate-key -g rg1 -n storyreg1 --key-encryption-key "${key%/*}/nokey"

# --- the system identity, and a second identity ------------------------------------------------------
refused 'an identity that is not attached is refused' 'does not have access to identity' \
  az acr encryption rotate-key -g rg1 -n storyreg1 --key-encryption-key "$key" --identity id2
quietly acr identity assign -g rg1 -n storyreg1 --identities '[system]'
system=$(tsv acr identity show -g rg1 -n storyreg1 --query principalId)
refused 'the system identity needs access too' 'Failed to access KeyId' \
  az acr encryption rotate-key -g rg1 -n storyreg1 --key-encryption-key "$key" --identity '[system]'
quietly keyvault set-policy -g rg1 -n kv1-story --object-id "$system" --key-permissions get wrapKey unwrapKey
rotate --key-encryption-key "$key" --identity '[system]'
same 'rotates to the system identity' system "$(show identity)"
quietly acr identity assign -g rg1 -n storyreg1 --identities id2
same 'a second identity is attached' 2 "$(tsv acr identity show -g rg1 -n storyreg1 --query 'length(keys(userAssignedIdentities))')"
quietly keyvault set-policy -g rg1 -n kv1-story --object-id "$principal2" --key-permissions get wrapKey unwrapKey
rotate --key-encryption-key "$key" --identity "$resource2"
same 'takes a resource id as identity' "$client2" "$(show identity)"
refused 'the identity in use cannot be removed' 'is used for the encryption' \
  az acr identity remove -g rg1 -n storyreg1 --identities id2
quietly acr identity remove -g rg1 -n storyreg1 --identities id1
same 'another one can be' 1 "$(tsv acr identity show -g rg1 -n storyreg1 --query 'length(keys(userAssignedIdentities))')"

# --- revoke and restore by access policy ------------------------------------------------------------
quietly keyvault delete-policy -g rg1 -n kv1-story --object-id "$principal2"
same 'without its policy the registry refuses a pull' 403 "$(pull storyreg1)"
quietly keyvault set-policy -g rg1 -n kv1-story --object-id "$principal2" --key-permissions get wrapKey unwrapKey
same 'with its policy back the pull works' 200 "$(pull storyreg1)"

# --- revoke and restore by the key ------------------------------------------------------------------
quietly keyvault key set-attributes --vault-name kv1-story -n key1 --enabled false
same 'with its key version disabled the registry refuses a pull' 403 "$(pull storyreg1)"
quietly keyvault key set-attributes --vault-name kv1-story -n key1 --enabled true
same 'enabled again the pull works' 200 "$(pull storyreg1)"
quietly keyvault key delete --vault-name kv1-story -n key1
same 'with its key deleted the registry refuses a pull' 403 "$(pull storyreg1)"
refused 'the name of a deleted key is taken' 'Conflict\|currently' \
  az keyvault key create --vault-name kv1-story -n key1
eventually az keyvault key show-deleted --vault-name kv1-story -n key1 -o none
quietly keyvault key recover --vault-name kv1-story -n key1
eventually az keyvault key show --vault-name kv1-story -n key1 -o none
same 'recovered the pull works' 200 "$(pull storyreg1)"

# --- a rotation policy ------------------------------------------------------------------------------
quietly keyvault key rotation-policy update --vault-name kv1-story -n key1 \
  --value '{"lifetimeActions":[{"trigger":{"timeAfterCreate":"P90D"},"action":{"type":"Rotate"}}],"attributes":{"expiryTime":"P1Y"}}'
same 'keeps a rotation policy' P90D \
  "$(tsv keyvault key rotation-policy show --vault-name kv1-story -n key1 --query 'lifetimeActions[0].trigger.timeAfterCreate || lifetimeActions[0].timeAfterCreate')"

# --- the same by roles ------------------------------------------------------------------------------
quietly keyvault create -g rg1 -n kv2-story -l westeurope --enable-rbac-authorization true --enable-purge-protection true
vault2=$(tsv keyvault show -g rg1 -n kv2-story --query id)
kid3=$(tsv keyvault key create --vault-name kv2-story -n key2 --kty RSA --size 2048 --query key.kid)
refused 'without a role the identity is refused' 'Failed to access KeyId' \
  az acr encryption rotate-key -g rg1 -n storyreg1 --key-encryption-key "$kid3"
quietly role assignment create --assignee-object-id "$principal2" --assignee-principal-type ServicePrincipal \
  --role 'Key Vault Crypto Service Encryption User' --scope "$vault2"
same 'lists the role assignment at its scope' "$principal2" \
  "$(tsv role assignment list --scope "$vault2" --query "[?scope=='$vault2'].principalId")"
same 'lists it by its assignee' 'Key Vault Crypto Service Encryption User' \
  "$(tsv role assignment list --assignee "$principal2" --all --query '[].roleDefinitionName')"
eventually az acr encryption rotate-key -g rg1 -n storyreg1 --key-encryption-key "$kid3" -o none
same 'rotates to a key in an RBAC vault' "$kid3" "$(show keyIdentifier)"
quietly role assignment delete --assignee "$principal2" --role e147488a-f6f5-4113-8e2d-b22465e65bf6 --scope "$vault2"
lost() { [ "$(pull storyreg1)" = 403 ]; }
eventually lost
same 'without its role the registry refuses a pull' 403 "$(pull storyreg1)"
refused 'access policies cannot be changed in an RBAC vault' 'enable-rbac-authorization\|RBAC' \
  az keyvault delete-policy -g rg1 -n kv2-story --object-id "$principal2"

# --- the end ----------------------------------------------------------------------------------------
quietly acr delete -g rg1 -n storyreg1 -y
refused 'a deleted registry is gone' 'could not be found\|was not found\|ResourceNotFound' az acr show -g rg1 -n storyreg1
same 'every request was supported by the emulator' 0 \
  "$(unsupported)"
passed
