#!/usr/bin/env bash
#
# oras against the demo world: pulls and discovery before, during and after a revoke. Each step states
# what it expects; the first difference ends the script. Needs oras, curl and jq.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
start demo "${1:-}"
reference=shopimages.azurecr.io/app:1.0
with_login() { oras "$@" -u "$client_id" --password-stdin <<<"$client_secret" 2>"$scratch/errors" || { cat "$scratch/errors" >&2; return 1; }; }
discover() { with_login discover --format json "$reference"; }
policies=$(arm GET "https://management.azure.com/subscriptions/$(ready .subscriptionId)/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/ordersimages?api-version=2025-11-01")
identity=$(jq -r '.identity.userAssignedIdentities[].principalId' <<<"$policies")
access() { # access add|remove
  arm PUT "https://management.azure.com/subscriptions/$(ready .subscriptionId)/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-contoso-policy/accessPolicies/$1?api-version=2023-02-01" \
    "{\"properties\":{\"accessPolicies\":[{\"tenantId\":\"$(ready .tenantId)\",\"objectId\":\"$identity\",\"permissions\":{\"keys\":[\"get\",\"wrapKey\",\"unwrapKey\"]}}]}}" >/dev/null
}

same 'lists the repositories' app "$(with_login repo ls shopimages.azurecr.io)"
same 'lists the tags' 1.0 "$(with_login repo tags shopimages.azurecr.io/app)"
contains 'discovers the bill of materials of the image' application/spdx+json "$(discover)"
reference=ordersimages.azurecr.io/app:1.0
contains 'discovers it in another registry' application/spdx+json "$(discover)"

access remove
refused 'without its access policy the registry refuses discovery' '403\|denied' discover
refused 'and a copy' '403\|denied' with_login manifest fetch "$reference"

access add
contains 'with its access policy back it discovers again' application/spdx+json "$(discover)"
same 'every request was supported by the emulator' 0 "$(unsupported)"
passed
