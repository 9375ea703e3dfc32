/** Advice for each setting that earlier releases had, by its place; `*` stands for any job. */
const REMOVED: Record<string, string> = {
  'acrCmk.approvals.expireAfter': 'A second person has 24 hours to decide',
  'acrCmk.audit.acknowledgements':
    'Damage of the audit record no longer stops operations. Move the lines of signed to a file for acr-cmk-audit verify --acknowledged, and publicKey to one for --operator-key',
  'acrCmk.audit.checkpoints.every': 'A checkpoint is sent every hour',
  'acrCmk.azure.credentials.*.certificate':
    'Write the PEM to a file and name it in certificatePath',
  'acrCmk.azure.credentials.*.tokenFilePath':
    'Set the environment variable AZURE_FEDERATED_TOKEN_FILE',
  'acrCmk.campaigns.enabled':
    'To stop campaigns, add an entry to acrCmk.campaigns.freezes; to offer none, deny the permission acr-cmk.campaign.create',
  'acrCmk.campaigns.maxMembers':
    'A campaign may change 1000 registries or keys',
  'acrCmk.limits': 'The limits of a caller are fixed',
  'acrCmk.notifications.digestEvery':
    'Digests are sent every hour; each person sets in Backstage what they receive',
  'acrCmk.notifications.kinds':
    'Each person turns topics off in the notification settings of Backstage',
  'acrCmk.sync.enabled': 'The inventory is always kept as Azure is',
  'acrCmk.operations.leaseSeconds':
    'Another worker takes an operation over after 60 seconds',
  'acrCmk.operations.pollSeconds': 'A worker looks for work every 2 seconds',
};

/** Reason why a setting of an earlier release is refused, and what to do instead. */
export function removedSetting(place: string): string | undefined {
  const known =
    REMOVED[place.replace(/^(acrCmk\.azure\.credentials)\.\w+/, '$1.*')];
  return known && `${place} is no longer a setting. ${known}. Remove it`;
}
