import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { registryId } from '../../__testUtils__/demoWorld';
import { campaignInShort, messageFor, offersTo } from './present';
import { contentOf, csvOf } from './report';
import type { CampaignRecord, MemberRecord } from './types';

const paused = {
  id: 'a',
  state: 'paused',
  intent: { kind: 'automatic-mode' },
  stage: 1,
  requestedBy: 'user:default/priya',
  createdAt: 0,
  startedAt: 0,
  pause: { by: 'user:default/priya', message: 'Aborted by her', at: 0 },
} as unknown as CampaignRecord;

describe('a campaign as its readers see it', () => {
  it.each([
    [true, []],
    [undefined, ['resume', 'abort']],
  ])('is aborting until it has ended: %s', (aborting, offers) => {
    const campaign = {
      ...paused,
      pause: { ...paused.pause!, aborts: aborting },
    } as CampaignRecord;
    expect(campaignInShort(campaign, []).aborting).toBe(aborting);
    const viewer = { isRequester: true, mayCreate: true, mayCommand: true };
    expect(
      offersTo(viewer as Parameters<typeof offersTo>[0], campaign, []),
    ).toEqual([...offers, 'report']);
  });

  it.each([
    [
      'Its operation succeeded, but findings became worse: hidden: key-behind',
      'Its operation succeeded, but findings became worse',
    ],
    ['It could not be proven: The vault of hidden', 'It could not be proven'],
    [
      'It failed. It could not be tried again: hidden\nhas it',
      'It failed. It could not be tried again',
    ],
    ['Skipped by user:default/priya: Later', undefined],
  ])(
    'says to its requester alone what may name others: %s',
    (message, shown) => {
      const member = { state: 'unverified', message } as MemberRecord;
      expect(messageFor(member, true)).toBe(message);
      expect(messageFor(member, false)).toBe(shown ?? message);
    },
  );

  it.each([
    ['succeeded', 'Automatic', ',Manual,Automatic,Automatic,'],
    ['failed', 'Not confirmed', ',Manual,Automatic,Not confirmed,'],
    ['unverified', 'Not confirmed', ',Manual,Automatic,Not confirmed,'],
    ['skipped', undefined, ',Manual,Automatic,,'],
    ['running', undefined, ',Manual,Automatic,,'],
  ])(
    'does not report what was planned as what is, when a member has %s',
    (state, observed, line) => {
      const member = {
        position: 1,
        name: 'shopimages',
        registryId: RegistryId.parse(registryId('shopimages')),
        registries: [],
        needs: [],
        outcome: 'change',
        state,
        before: 'Manual',
        after: 'Automatic',
      } as unknown as MemberRecord;
      const { campaign, members } = contentOf(paused, [member], []);
      expect(members[0].member.observed).toBe(observed);
      const report = {
        campaign: { ...campaign, revision: 1, offers: [] },
        members: members.map(one => ({ ...one, records: [] })),
        records: [],
      };
      const csv = csvOf(report);
      expect(csv).toContain('before,planned,observed,message');
      expect(csv.replaceAll('"', '')).toContain(line);
    },
  );
});
