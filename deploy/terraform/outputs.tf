output "credentials" {
  description = "For acrCmk.azure.credentials: the client id of each job."
  value       = { for job, identity in azurerm_user_assigned_identity.job : job => identity.client_id }
}
