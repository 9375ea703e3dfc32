/**
 * A registry from its template to a restored key, by four people one after the other. Counts clicks and typed fields
 * by station, and fails when a station takes more than today.
 */
import { expect, openRegistry, stateOf, test } from './support';
import { CountedPage } from './support/CountedPage';
import {
  createByTemplate,
  MADE,
  revokeAndRestore,
  rotateAndGoBack,
  rotateTogether,
  shareTheKey,
  SHARING,
} from './support/journey';

test.describe.configure({ mode: 'serial' });

/** Time for four people, each with their own pages and operations, on a busy machine. */
const STORY_TAKES = 300_000;

/** Limits on clicks and typing, by station. */
const LIMITS: Record<string, { clicks: number; typed: number }> = {
  create: { clicks: 11, typed: 3 },
  approve: { clicks: 5, typed: 0 },
  'open what was created': { clicks: 1, typed: 0 },
  rotate: { clicks: 3, typed: 1 },
  // One of the clicks also turns automatic rotation off.
  'go back to the old version': { clicks: 5, typed: 1 },
  'rotate a shared key': { clicks: 10, typed: 1 },
  revoke: { clicks: 7, typed: 3 },
  "see it on the other team's tab": { clicks: 0, typed: 0 },
  restore: { clicks: 3, typed: 1 },
};

const effort = new CountedPage();

test.afterEach(() => {
  effort.end();
  for (const station of effort.stations) {
    const { name, clicks, typed, scrolls, seconds } = station;
    const limit = LIMITS[name];
    expect(limit, name).toBeDefined();
    expect(clicks, `clicks to ${name}`).toBeLessThanOrEqual(limit.clicks);
    expect(typed, `fields to ${name}`).toBeLessThanOrEqual(limit.typed);
    test.info().annotations.push({
      type: name,
      description: `${clicks} clicks, ${typed} fields, ${scrolls} scrolls, ${seconds.toFixed(
        1,
      )} s`,
    });
  }
});

const look = async () => {};

test('a newcomer creates an encrypted registry from the template, and the platform team approves', async ({
  signedIn,
  portal,
}) => {
  test.setTimeout(STORY_TAKES);
  await createByTemplate({ signedIn, portal, effort, look });

  expect(await stateOf(portal, MADE.entity)).toMatchObject({
    state: { id: 'current' },
    versionMode: 'automatic',
    encryption: {
      status: 'enabled',
      keyIdentifier: `https://${MADE.vault}.vault.azure.net/keys/${MADE.registry}`,
    },
    identity: { name: `id-${MADE.registry}` },
    binding: { proven: true, by: 'tag' },
    // The template suggests a rotation policy.
    findings: [],
  });
  expect((await portal.azure.pull(MADE.registry)).status).toBe(200);
});

test('its owner rotates the key, and returns to the previous version', async ({
  signedIn,
  portal,
}) => {
  test.setTimeout(STORY_TAKES);
  const before = await stateOf(portal, MADE.entity);
  const owner = await signedIn('daniel');
  await openRegistry(owner, MADE.entity, '/encryption');
  await rotateAndGoBack({ signedIn, portal, effort, look }, owner);

  const { key, versionMode } = await stateOf(portal, MADE.entity);
  expect(versionMode).toBe('manual');
  expect(key.rotatesByPolicy).toBe(false);
  expect(key.versionInUse).toBe(before.key.versionInUse);
  expect(key.versions).toHaveLength(before.key.versions.length + 1);
});

test('an owner rotates a shared key with the consent of the other owner', async ({
  signedIn,
  portal,
}) => {
  test.setTimeout(STORY_TAKES);
  const traveller = { signedIn, portal, effort, look };
  await shareTheKey(traveller);
  await rotateTogether(traveller);

  const { key } = await stateOf(portal, SHARING.entity);
  expect(key.name).toBe(MADE.registry);
  expect(key.versionInUse).toBe(key.latestVersion);
});

test('a platform engineer revokes a leaked key; the other owner sees who did it and why; a restore gives it back to both', async ({
  signedIn,
  portal,
}) => {
  test.setTimeout(STORY_TAKES);
  const sharer = await signedIn('olivia');
  await openRegistry(sharer, SHARING.entity, '/encryption');
  await revokeAndRestore({ signedIn, portal, effort, look }, sharer);
  expect(effort.stations.map(({ name }) => name)).toEqual(Object.keys(LIMITS));
});
