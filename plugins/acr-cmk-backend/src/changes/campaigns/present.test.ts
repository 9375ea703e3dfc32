import { campaignInShort, messageFor, offersTo } from './present';
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
});
