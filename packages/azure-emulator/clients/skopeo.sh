#!/usr/bin/env bash
#
# skopeo against the demo world: pulls and discovery before, during and after a revoke. Each step states
# what it expects; the first difference ends the script. Needs skopeo, curl and jq.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
start demo "${1:-}"
image=docker://shopimages.azurecr.io/app:1.0
inspect() { skopeo inspect --creds "$client_id:$client_secret" "$image"; }
copy() { skopeo copy --quiet --src-creds "$client_id:$client_secret" "$image" "oci:$scratch/$1:1.0"; }
version=$(vault GET 'https://kv-contoso-rbac.vault.azure.net/keys/shopimages?api-version=7.6' | jq -r .key.kid)
enable() { vault PATCH "$version?api-version=7.6" "{\"attributes\":{\"enabled\":$1}}" >/dev/null; }

refused 'without credentials a pull is refused' 'unauthorized\|401' \
  skopeo inspect "$image"
refused 'with a wrong secret a pull is refused' 'unauthorized\|invalid username' \
  skopeo inspect --creds "$client_id:wrong" "$image"
same 'inspects the image' amd64 "$(inspect | jq -r .Architecture)"
same 'lists the tags' 1.0 \
  "$(skopeo list-tags --creds "$client_id:$client_secret" docker://shopimages.azurecr.io/app | jq -r '.Tags[]')"
copy before
same 'copies the image with its layer' 3 "$(find "$scratch/before/blobs/sha256" -type f | wc -l | tr -d ' ')"

enable false
refused 'with its key version disabled the registry refuses to inspect' '403\|denied' inspect
refused 'and to copy' '403\|denied' copy during

enable true
copy after
same 'enabled again the same image is copied' \
  "$(jq -r '.manifests[0].digest' "$scratch/before/index.json")" \
  "$(jq -r '.manifests[0].digest' "$scratch/after/index.json")"
same 'every request was supported by the emulator' 0 "$(unsupported)"
passed
