variable "subscription_id" {
  description = "Subscription in which the custom roles are made, and of the registries and vaults if they are in one."
  type        = string
}

variable "location" {
  description = "Region of the identities."
  type        = string
}

variable "identity_resource_group" {
  description = "Resource group for the identities. It has to exist."
  type        = string
}

variable "resource_group_ids" {
  description = "ARM ids of the resource groups with the registries, their identities and vaults, as in acrCmk.scopes; also in several subscriptions of the tenant."
  type        = set(string)

  validation {
    condition     = length(var.resource_group_ids) > 0
    error_message = "Name at least one resource group with registries and vaults in resource_group_ids."
  }
}

variable "jobs" {
  description = "Jobs to make an identity for. A job that is left out cannot be done by the portal."
  type        = set(string)
  default     = ["read", "rotate"]

  validation {
    condition     = length(setsubtract(var.jobs, ["read", "rotate", "revoke", "provision"])) == 0
    error_message = "jobs may hold read, rotate, revoke and provision."
  }
}

variable "revoker_size" {
  description = "Size of the role of revoke: everything, keys or grants. docs/permissions.md says what the smaller ones cannot do."
  type        = string
  default     = "everything"

  validation {
    condition     = contains(["everything", "keys", "grants"], var.revoker_size)
    error_message = "revoker_size may be everything, keys or grants."
  }
}

variable "read_key_consumers" {
  description = "Whether read also sees resources of other Azure services that may use a key: docs/permissions.md has the role."
  type        = bool
  default     = false
}

variable "name_prefix" {
  description = "Names of the identities begin with this."
  type        = string
  default     = "id-acr-cmk"
}

variable "aks_oidc_issuer" {
  description = "OIDC issuer of the AKS cluster on which the portal runs. Null: no federated credentials are made."
  type        = string
  default     = null
}

variable "aks_namespace" {
  description = "Namespace of the portal in the cluster."
  type        = string
  default     = "backstage"
}

variable "aks_service_account" {
  description = "Service account of the portal in the cluster."
  type        = string
  default     = "backstage"
}

variable "event_vault_ids" {
  description = "ARM ids of the vaults whose events are sent to the portal. Empty: the portal looks by itself, at intervals."
  type        = set(string)
  default     = []
}

variable "event_endpoint" {
  description = "Address that takes the events: https://HOST/api/acr-cmk/v1/azure-events"
  type        = string
  default     = null
}

variable "event_application_id" {
  description = "Application id, in Entra, that the delivery of the events has a token for."
  type        = string
  default     = null
}

variable "tenant_id" {
  description = "Tenant of that application."
  type        = string
  default     = null
}
