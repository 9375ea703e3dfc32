# The identities of acr-cmk, their roles, and what they may reach. See README.md in this folder.

terraform {
  required_version = ">= 1.5"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.0, < 5.0"
    }
  }
}

locals {
  revoker_files = {
    everything = "${path.module}/../../docs/roles/registry-key-revoker.json"
    keys       = "${path.module}/../../docs/roles/registry-key-revoker-keys.json"
    grants     = "${path.module}/../../docs/roles/registry-key-revoker-grants.json"
  }

  # The files that the tests of the plugin run with.
  role_files = {
    read      = "${path.module}/../../docs/roles/registry-key-reader.json"
    rotate    = "${path.module}/../../docs/roles/registry-key-rotator.json"
    revoke    = local.revoker_files[var.revoker_size]
    provision = "${path.module}/../../docs/roles/registry-key-provisioner.json"
  }

  roles = { for job in var.jobs : job => jsondecode(file(local.role_files[job])) }

  # Role names are unique in a tenant: one definition, for every subscription that has one of the groups.
  subscriptions = setunion(
    ["/subscriptions/${var.subscription_id}"],
    local.read_scopes,
  )

  # Without it, who may assign roles may assign every role to everybody.
  conditions = {
    for job in ["revoke"] :
    job => trimspace(file("${path.module}/../../docs/roles/registry-key-revoker.condition.txt"))
    if var.revoker_size != "keys"
  }

  # Registries are listed in whole subscriptions, to know who else uses a key.
  read_scopes = toset([for id in var.resource_group_ids : join("/", slice(split("/", id), 0, 3))])

  # Roles at the subscriptions themselves, beside those of the jobs.
  extra_roles = {
    for job, each in {
      provision = { wanted = true, file = "registry-name-checker.json", scopes = local.subscriptions }
      read      = { wanted = var.read_key_consumers, file = "key-consumer-reader.json", scopes = local.read_scopes }
    } :
    job => merge(each, { role = jsondecode(file("${path.module}/../../docs/roles/${each.file}")) })
    if each.wanted && contains(var.jobs, job)
  }

  extra_assignments = merge([
    for job, each in local.extra_roles : { for scope in each.scopes : "${job} ${scope}" => { job = job, scope = scope } }
  ]...)

  assignments = {
    for pair in concat(
      tolist(setproduct(setsubtract(var.jobs, ["read"]), var.resource_group_ids)),
      tolist(setproduct(setintersection(var.jobs, ["read"]), local.read_scopes)),
    ) :
    "${pair[0]} ${pair[1]}" => { job = pair[0], scope = pair[1] }
  }
}

resource "azurerm_role_definition" "job" {
  for_each = local.roles

  name              = each.value.Name
  description       = each.value.Description
  scope             = "/subscriptions/${var.subscription_id}"
  assignable_scopes = local.subscriptions

  permissions {
    actions          = each.value.Actions
    not_actions      = each.value.NotActions
    data_actions     = each.value.DataActions
    not_data_actions = each.value.NotDataActions
  }
}

resource "azurerm_user_assigned_identity" "job" {
  for_each = local.roles

  name                = "${var.name_prefix}-${each.key}"
  location            = var.location
  resource_group_name = var.identity_resource_group
}

resource "azurerm_role_assignment" "job" {
  for_each = local.assignments

  scope              = each.value.scope
  role_definition_id = azurerm_role_definition.job[each.value.job].role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.job[each.value.job].principal_id
  # Without it, Azure looks for the identity before it is known everywhere, and refuses.
  principal_type    = "ServicePrincipal"
  condition         = lookup(local.conditions, each.value.job, null)
  condition_version = contains(keys(local.conditions), each.value.job) ? "2.0" : null
}

resource "azurerm_role_definition" "extra" {
  for_each = local.extra_roles

  name              = each.value.role.Name
  description       = each.value.role.Description
  scope             = "/subscriptions/${var.subscription_id}"
  assignable_scopes = local.subscriptions

  permissions {
    actions          = each.value.role.Actions
    not_actions      = each.value.role.NotActions
    data_actions     = each.value.role.DataActions
    not_data_actions = each.value.role.NotDataActions
  }
}

resource "azurerm_role_assignment" "extra" {
  for_each = local.extra_assignments

  scope              = each.value.scope
  role_definition_id = azurerm_role_definition.extra[each.value.job].role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.job[each.value.job].principal_id
  principal_type     = "ServicePrincipal"
}

resource "azurerm_federated_identity_credential" "aks" {
  for_each = var.aks_oidc_issuer == null ? {} : local.roles

  name                = "aks-${var.aks_namespace}-${var.aks_service_account}"
  resource_group_name = var.identity_resource_group
  parent_id           = azurerm_user_assigned_identity.job[each.key].id
  issuer              = var.aks_oidc_issuer
  subject             = "system:serviceaccount:${var.aks_namespace}:${var.aks_service_account}"
  audience            = ["api://AzureADTokenExchange"]
}

# Events only cause another reading, so a lost event does no harm.
resource "azurerm_eventgrid_event_subscription" "vault" {
  for_each = var.event_vault_ids

  name  = "acr-cmk"
  scope = each.value

  included_event_types = [
    "Microsoft.KeyVault.KeyNewVersionCreated",
    "Microsoft.KeyVault.KeyNearExpiry",
    "Microsoft.KeyVault.KeyExpired",
    "Microsoft.KeyVault.VaultAccessPolicyChanged",
  ]

  webhook_endpoint {
    url                               = var.event_endpoint
    active_directory_tenant_id        = var.tenant_id
    active_directory_app_id_or_uri    = var.event_application_id
  }

  lifecycle {
    precondition {
      condition     = var.event_endpoint != null && var.event_application_id != null && var.tenant_id != null
      error_message = "event_vault_ids needs event_endpoint, event_application_id and tenant_id."
    }
  }
}
