/**
 * The differences that the emulator's README names, by their titles: the assumptions that ask for them, or why
 * the check does not.
 */
export const DIFFERENCES: Record<
  string,
  { asked: string[] } | { notAsked: string }
> = {
  'A revoked registry': { asked: ['pulls.'] },
  'Access policies': { asked: ['accessPolicyDelaySeconds'] },
  "A rotation's re-wrap": { asked: ['followRetrySeconds'] },
  'Errors without a recording': { asked: ['refusals.registry.'] },
  'Deleting a registry or a vault': {
    notAsked: 'the check deletes its group as a whole',
  },
  'Resource Graph': { asked: ['resourceGraph'] },
  Lists: { notAsked: 'it needs a principal who may see a part of a list' },
  'Deny assignments, PIM and Azure Policy': {
    notAsked: 'they are of the subscription, not of a group in it',
  },
  'Event Grid': { asked: ['event', 'deliveryTokenVersion'] },
  Networks: { asked: ['userAssignedPassesBypass', 'refusals.vault.firewall'] },
  Registries: { notAsked: 'the emulator supports less than Azure here' },
  'A registry that cannot access its key': {
    asked: ['revokedRegistryRefusesSignIn'],
  },
  'Child resources of registries': {
    notAsked: 'the emulator supports less than Azure here',
  },
  'Built-in roles': { notAsked: 'Microsoft documents them' },
  'Location lists': { notAsked: 'the emulator supports less than Azure here' },
  'api-versions of providers': {
    notAsked: 'the emulator supports less than Azure here',
  },
  'Managed HSMs': {
    notAsked:
      'the check makes no Managed HSM, which costs money by the hour from the moment it exists',
  },
  'Key material': { notAsked: 'the emulator supports less than Azure here' },
  'An unknown vault or registry name': {
    notAsked: 'in Azure the name does not resolve',
  },
  Tokens: { notAsked: "the tokens are the emulator's own" },
  Throttling: { notAsked: "it would use up the subscription's limits" },
};
