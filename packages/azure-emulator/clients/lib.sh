# Helpers of the client stories: starts an emulator, checks results, and counts what passed.
# Sourced by the scripts beside it.

package=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$(mktemp -d)
emulator=
finish() {
  if [ -n "$emulator" ]; then kill "$emulator" 2>/dev/null || true; fi
  rm -rf "$scratch"
}
trap finish EXIT

number=0
ok() {
  number=$((number + 1))
  printf 'ok %s: %s\n' "$number" "$1"
}
same() { # same WHAT EXPECTED ACTUAL
  if [ "$2" != "$3" ]; then
    printf 'not ok: %s\n  expected: %s\n  actual:   %s\n' "$1" "$2" "$3" >&2
    exit 1
  fi
  ok "$1"
}
contains() { # contains WHAT PART TEXT
  if ! grep -q -- "$2" <<<"$3"; then
    printf 'not ok: %s\n  expected: %s\n  actual:   %s\n' "$1" "$2" "$3" >&2
    exit 1
  fi
  ok "$1"
}
refused() { # refused WHAT PATTERN COMMAND...
  local what=$1 pattern=$2 output
  shift 2
  if output=$("$@" 2>&1 >/dev/null); then
    printf 'not ok: %s\n  it succeeded: %s\n' "$what" "$*" >&2
    exit 1
  fi
  contains "$what" "$pattern" "$output"
}
eventually() { # eventually COMMAND...: tries again while a role assignment propagates
  local tries=0
  until "$@" 2>"$scratch/errors"; do
    tries=$((tries + 1))
    if [ "$tries" -ge 20 ]; then cat "$scratch/errors" >&2; exit 1; fi
    sleep 1
  done
}
passed() { printf '%s passed, 0 failed\n' "$number"; }

start() { # start WORLD [DIRECTORY]: an emulator of its own, or the one that runs in the directory
  data=${2:-}
  if [ -z "$data" ]; then
    data="$scratch/data"
    mkdir -p "$data"
    "$package/bin/azure-emulator" --world "$1" --port 0 --data "$data" \
      --operation-seconds 1 --role-propagation-seconds 2 >"$scratch/ready" &
    emulator=$!
    for _ in $(seq 200); do
      if [ -s "$scratch/ready" ]; then break; fi
      sleep 0.1
    done
  fi
  local environment
  environment=$("$package/bin/azure-emulator" env --data "$data")
  eval "$environment"
  proxy=$(ready .proxy)
  client_id=$(ready .principals.admin.clientId)
  client_secret=$(ready .principals.admin.clientSecret)
}
ready() { jq -r "$1" "$data/ready.json"; }
# Requests that the emulator does not support, or at which it failed.
unsupported() { curl -s "$proxy/requests" | jq '[.[] | select(.status >= 500)] | length'; }
# As docker login with a service principal does.
pull() { curl -s -o /dev/null -w '%{http_code}' -u "$client_id:$client_secret" --cacert "$(ready .caFile)" -x "$proxy" "https://$1.azurecr.io/v2/app/manifests/1.0"; }

use_az() {
  export PATH="$package/clients/quick-az:$PATH"
  export AZURE_CONFIG_DIR="$scratch/azure-config"
  export PYTHONWARNINGS=ignore
  export AZURE_CORE_COLLECT_TELEMETRY=false AZURE_CORE_ONLY_SHOW_ERRORS=true
}
sign_in() { tsv login --service-principal -u "$client_id" -p "$client_secret" --tenant "$(ready .tenantId)" --query '[0].id'; }
tsv() { az "$@" -o tsv; }
quietly() { az "$@" -o none; }
