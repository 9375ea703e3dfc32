import { refusals } from '../fixtures/refusals';
import {
  loadedFrom,
  NOTHING_ASKED,
  resourceReducer,
  type ResourceEvent,
  type ResourceState,
} from './resourceReducer';

const retry = () => undefined;
const asked = (request: number) => ({ type: 'asked', request }) as const;
const answered = (request: number, data: string) =>
  ({ type: 'answered', request, data, at: `at ${request}` }) as const;
const error = new Error('down');
const refused = (request: number) =>
  ({ type: 'refused', request, error }) as const;

const after = (...events: ResourceEvent<string>[]) =>
  loadedFrom(
    events.reduce<ResourceState<string>>(resourceReducer, NOTHING_ASKED),
    retry,
  );

describe('what is known of a resource', () => {
  it.each<[string, ResourceEvent<string>[], object]>([
    ['nothing has come yet', [asked(1)], { status: 'loading' }],
    [
      'the first answer is an error',
      [asked(1), refused(1)],
      { status: 'failed', error, retry },
    ],
    [
      'there is data',
      [asked(1), answered(1, 'a')],
      { status: 'ready', data: 'a', checkedAt: 'at 1', refreshing: false },
    ],
    [
      'a refresh is in progress',
      [asked(1), answered(1, 'a'), asked(2)],
      { status: 'ready', data: 'a', checkedAt: 'at 1', refreshing: true },
    ],
    [
      'a refresh has failed: the old data stays',
      [asked(1), answered(1, 'a'), asked(2), refused(2)],
      {
        status: 'ready',
        data: 'a',
        checkedAt: 'at 1',
        refreshing: false,
        refreshError: error,
      },
    ],
    [
      'an answer has cleared the failure',
      [asked(1), refused(1), asked(2), answered(2, 'b')],
      { status: 'ready', data: 'b', checkedAt: 'at 2', refreshing: false },
    ],
    [
      'a late answer comes after a newer one',
      [asked(1), asked(2), answered(2, 'new'), answered(1, 'old')],
      { status: 'ready', data: 'new', checkedAt: 'at 2', refreshing: false },
    ],
    [
      'a late failure comes after a newer answer',
      [asked(1), asked(2), answered(2, 'new'), refused(1)],
      { status: 'ready', data: 'new', checkedAt: 'at 2', refreshing: false },
    ],
    [
      'the older of two answers is there, the newer is pending',
      [asked(1), asked(2), answered(1, 'a')],
      { status: 'ready', data: 'a', checkedAt: 'at 1', refreshing: true },
    ],
  ])('when %s', (_when, events, loaded) => {
    expect(after(...events)).toEqual(loaded);
  });

  it('is nothing any more once the viewer has lost the permission, until an answer comes again', async () => {
    const denied = {
      type: 'refused',
      request: 2,
      error: await refusals.permissionMissing(),
    } as const;
    const events = [asked(1), answered(1, 'a'), asked(2), denied];
    expect(after(...events)).toMatchObject({
      status: 'denied',
      permission: 'acr-cmk.registry.read',
    });
    expect(after(...events, asked(3), answered(3, 'b'))).toMatchObject({
      status: 'ready',
      data: 'b',
    });
  });
});
