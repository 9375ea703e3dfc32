import { ARM, type Json, useEmulator } from '../__testUtils__/emulated';

const azure = useEmulator({ world: 'demo' });

it('the reader sees the other services that use a key of the demo, and what they encrypt', async () => {
  const { latest, versions } = azure.emulator.state.key(
    'kv-contoso-rbac',
    'billingimages',
  );
  const rows = async (query: string) =>
    (
      await azure.call(
        'reader',
        'POST',
        `${ARM}/providers/Microsoft.ResourceGraph/resources`,
        { query },
      )
    ).json.data as unknown as Json[];
  const at = "where tostring(properties) has_any ('vault.azure.net')";
  const types =
    "where type in~ ('Microsoft.Storage/storageAccounts', 'Microsoft.Sql/servers', 'Microsoft.Compute/diskEncryptionSets')";
  const found = await rows(
    `resources | ${types} | ${at} | project name, tags, properties`,
  );
  const uri = 'https://kv-contoso-rbac.vault.azure.net/keys/billingimages';
  expect(
    found.map(({ name, tags, properties }) => ({
      name,
      tags,
      isOn: /[0-9a-f]{32}/.exec(JSON.stringify(properties))?.[0],
    })),
  ).toEqual([
    {
      name: 'billingdata',
      tags: { 'backstage-entity-ref': 'component:default/billing' },
      isOn: latest,
    },
    { name: 'sql-billing', tags: {}, isOn: versions[0].version },
    { name: 'des-billing', tags: {}, isOn: versions[0].version },
  ]);
  expect(found[1].properties.keyId).toBe(`${uri}/${versions[0].version}`);
  expect(
    await rows(
      "resources | where type =~ 'microsoft.compute/disks' | summarize n = count() by set = tolower(tostring(properties.encryption.diskEncryptionSetId))",
    ),
  ).toEqual([{ set: expect.stringMatching(/\/des-billing$/), n: 3 }]);
});
