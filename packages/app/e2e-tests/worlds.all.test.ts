import type { Page } from '@playwright/test';
import {
  API,
  expect,
  openRegistryAs,
  Portal,
  pressAction,
  test as base,
} from './support';
import type { WorldName } from './support/Portal';

/** An operation from its start to its end, on a machine that is busy with other things. */
const OPERATION_TAKES = 120_000;

interface Case {
  world: WorldName;
  registry: string;
  /** Begins the key URI on the tab. */
  key: string;
  /** Writes of each operation to Azure, apart from the registry itself. */
  writes: { rotate: string; revoke: RegExp; restore: RegExp };
}

const ROLE =
  'providers\\/Microsoft\\.Authorization\\/roleAssignments\\/[0-9a-f-]{36}$';
const CASES: Case[] = [
  {
    world: 'us-government',
    registry: 'shopimages',
    key: 'https://kv-contoso-rbac.vault.usgovcloudapi.net/keys/shopimages',
    writes: {
      rotate: 'kv-contoso-rbac.vault.usgovcloudapi.net',
      revoke: new RegExp(
        `^management\\.usgovcloudapi\\.net DELETE .*\\/keys\\/shopimages\\/${ROLE}`,
        'i',
      ),
      restore: new RegExp(
        `^management\\.usgovcloudapi\\.net PUT .*\\/keys\\/shopimages\\/${ROLE}`,
        'i',
      ),
    },
  },
  {
    world: 'managed-hsm',
    registry: 'hsmimages',
    key: 'https://hsm-contoso.managedhsm.azure.net/keys/hsmimages',
    writes: {
      rotate: 'hsm-contoso.managedhsm.azure.net',
      revoke: new RegExp(
        `^hsm-contoso\\.managedhsm\\.azure\\.net DELETE \\/keys\\/hsmimages\\/${ROLE}`,
      ),
      restore: new RegExp(
        `^hsm-contoso\\.managedhsm\\.azure\\.net PUT \\/keys\\/hsmimages\\/${ROLE}`,
      ),
    },
  },
];

/** A portal of its own, for a worker as for the other tests. */
const testIn = (world: WorldName) =>
  base.extend<{}, { portal: Portal }>({
    portal: [
      async ({}, provide) => {
        const portal = await Portal.start(`portal-${world}`, {}, { world });
        await provide(portal);
        await portal.stop();
      },
      { scope: 'worker', timeout: 240_000 },
    ],
  });

/** Writes to Azure since the log was cleared, without tokens, challenges and queries. */
async function writes({ azure }: Portal): Promise<string[]> {
  return (await azure.requests())
    .filter(
      ({ method, path, status }) =>
        method !== 'GET' &&
        status !== 401 &&
        !/\/(token|oauth2\/exchange|Microsoft\.ResourceGraph\/resources)$/.test(
          path,
        ),
    )
    .map(({ host, method, path }) => `${host} ${method} ${path}`);
}

/** Accepts an action in its dialog, and expects an operation of this kind that succeeds. */
async function act(
  page: Page,
  portal: Portal,
  of: {
    entity: string;
    registry: string;
    button: 'Rotate' | 'Revoke' | 'Restore';
    confirm: string;
  },
) {
  const { entity, registry, button, confirm } = of;
  const kind = button.toLowerCase();
  const section = page.getByRole('region', { name: registry, exact: true });
  await pressAction(section, button);
  const dialog = page.getByRole('dialog', {
    name: `${confirm}: ${registry}`,
  });
  await dialog.getByLabel('Reason').fill('A browser test');
  if (kind === 'revoke') {
    await dialog.getByLabel(`Type ${registry} to confirm`).fill(registry);
  }
  await portal.azure.clearRequests();
  await dialog.getByRole('button', { name: confirm }).click();
  await expect
    .poll(
      async () => {
        const { body } = await portal.api(
          'priya',
          'GET',
          `${API}/operations?entityRef=resource:default/${entity}&limit=1`,
        );
        const [latest] = body.items;
        return latest && `${latest.intent.kind} ${latest.state}`;
      },
      { timeout: OPERATION_TAKES },
    )
    .toBe(`${kind} succeeded`);
  await dialog.getByRole('button', { name: 'Close' }).click();
}

for (const { world, registry, key, writes: expected } of CASES) {
  testIn(world)(
    `in the world ${world}, the tab shows the key, and Rotate, Revoke and Restore do what they say`,
    async ({ page, portal }) => {
      const entity = registry.replace(/images$/, '-images');
      const of = { entity, registry };
      await openRegistryAs(page, {
        user: 'priya',
        name: entity,
        tab: '/encryption',
      });
      const section = page.getByRole('region', {
        name: registry,
        exact: true,
      });
      const showsKey = () =>
        expect(section.getByText(key).first()).toBeVisible();
      await section.locator('summary', { hasText: /^Details/ }).click();
      await showsKey();
      await expect(
        section.getByText(/Crypto Service Encryption User/).first(),
      ).toBeVisible();
      if (world === 'managed-hsm') {
        await expect(section).toContainText('Managed HSM');
        await expect(section).not.toContainText(/\bvault\b/i);
      }

      await act(page, portal, {
        ...of,
        button: 'Rotate',
        confirm: 'Rotate key',
      });
      expect(await writes(portal)).toContain(
        `${expected.rotate} POST /keys/${registry}/rotate`,
      );
      expect((await portal.azure.pull(registry)).status).toBe(200);

      await showsKey();
      await act(page, portal, {
        ...of,
        button: 'Revoke',
        confirm: 'Revoke access',
      });
      expect(await writes(portal)).toEqual([
        expect.stringMatching(expected.revoke),
      ]);
      // A role that was taken away works for a moment longer.
      await expect
        .poll(async () => (await portal.azure.pull(registry)).status)
        .toBe(403);

      await showsKey();
      await act(page, portal, {
        ...of,
        button: 'Restore',
        confirm: 'Restore access',
      });
      expect((await writes(portal))[0]).toMatch(expected.restore);
      expect((await portal.azure.pull(registry)).status).toBe(200);
    },
  );
}
