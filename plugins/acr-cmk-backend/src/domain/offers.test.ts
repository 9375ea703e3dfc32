import { offerOf, type OfferContext } from './offers';

const MAY = { name: 'acr-cmk.key.rotate', granted: true, holders: '' };

const CONTEXT: OfferContext = {
  isPerson: true,
  state: { id: 'current', message: '' },
  access: { access: 'granted' },
  hasOtherIdentity: false,
  binding: { proven: true } as OfferContext['binding'],
  permissions: {
    rotate: MAY,
    'automatic-rotation': MAY,
    revoke: MAY,
    restore: MAY,
    retire: MAY,
  },
  credentials: { rotate: true, revoke: true },
  hasPendingRevoke: false,
  allows: { retire: true },
  hasOldVersion: true,
};

it('offers no change of a registry while an operation runs, and no way to stop what has begun', () => {
  expect(offerOf('rotate', CONTEXT).allowed).toBe(true);
  expect(offerOf('rotate', { ...CONTEXT, runningOperationId: 'o-1' })).toEqual({
    action: 'rotate',
    allowed: false,
    reason: 'Operation o-1 of this registry has not ended. Wait for its end.',
  });
});
