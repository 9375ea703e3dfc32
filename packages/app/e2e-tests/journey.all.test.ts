/**
 * A registry from its template to a restored key, by four people one after the other. Counts clicks and typed fields
 * by station, and fails when a station takes more than today.
 */
import { expect, openRegistry, stateOf, test } from './support';
import { CountedPage } from './support/CountedPage';
import {
  createByTemplate,
  findAndFix,
  findWhatExpires,
  MADE,
  PINNED,
  revokeAndRestore,
  revokeByTemplate,
  rotateAndGoBack,
  rotateAutomatically,
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
  approve: { clicks: 4, typed: 0 },
  'open what was created': { clicks: 1, typed: 0 },
  'find what needs attention': { clicks: 4, typed: 0 },
  'fix a pinned registry': { clicks: 3, typed: 1 },
  rotate: { clicks: 3, typed: 1 },
  // One of the clicks also turns automatic rotation off.
  'go back to the old version': { clicks: 5, typed: 1 },
  'automatic rotation': { clicks: 3, typed: 1 },
  'find what expires this quarter': { clicks: 3, typed: 0 },
  'rotate a shared key': { clicks: 5, typed: 1 },
  'approve for another team': { clicks: 4, typed: 0 },
  revoke: { clicks: 7, typed: 3 },
  "see it on the other team's tab": { clicks: 0, typed: 0 },
  restore: { clicks: 3, typed: 1 },
  'revoke by template': { clicks: 8, typed: 1 },
  'approve the revoke': { clicks: 4, typed: 2 },
  'restore what the template revoked': { clicks: 4, typed: 1 },
};

const effort = new CountedPage();

test.afterEach(() => {
  for (const { name, clicks, typed } of effort.stations) {
    const limit = LIMITS[name];
    expect(limit, name).toBeDefined();
    expect(clicks, `clicks to ${name}`).toBeLessThanOrEqual(limit.clicks);
    expect(typed, `fields to ${name}`).toBeLessThanOrEqual(limit.typed);
  }
});

test('a newcomer creates an encrypted registry from the template, and the platform team approves', async ({
  signedIn,
  portal,
}) => {
  test.setTimeout(STORY_TAKES);
  await createByTemplate({ signedIn, portal, effort });

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

test('an owner finds a pinned registry, fixes it, rotates its key, goes back, sets up automatic rotation, and finds what expires', async ({
  signedIn,
  portal,
}) => {
  test.setTimeout(STORY_TAKES);
  const traveller = { signedIn, portal, effort };
  const state = () => stateOf(portal, PINNED.entity);
  const owner = await findAndFix(traveller);
  const fixed = await state();
  expect(fixed.versionMode).toBe('automatic');
  expect(fixed.key.versionInUse).toBe(fixed.key.latestVersion);

  await rotateAndGoBack(traveller, owner);
  const { key, versionMode } = await state();
  expect(versionMode).toBe('manual');
  expect(key.rotatesByPolicy).toBe(false);
  expect(key.versionInUse).toBe(fixed.key.versionInUse);
  expect(key.versions).toHaveLength(fixed.key.versions.length + 1);

  await rotateAutomatically(traveller, owner);
  expect(await state()).toMatchObject({
    versionMode: 'automatic',
    key: { rotatesByPolicy: true },
  });
  await findWhatExpires(traveller, owner);
});

test('an owner rotates a shared key with the consent of the other owner', async ({
  signedIn,
  portal,
}) => {
  test.setTimeout(STORY_TAKES);
  const traveller = { signedIn, portal, effort };
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
  await revokeAndRestore({ signedIn, portal, effort }, sharer);
});

test('an emergency revoke by the template waits for the second person, who approves it on the tab, ends with the pull refused, and is restored', async ({
  signedIn,
  portal,
}) => {
  test.setTimeout(STORY_TAKES);
  await revokeByTemplate({ signedIn, portal, effort });
  expect(effort.stations.map(({ name }) => name)).toEqual(Object.keys(LIMITS));
});
