import { LIMITS, type Limits, limitsWith } from './limits';

function limitsOf(own: object) {
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  return { limits: limitsWith(own as Partial<Limits>, { warn }), warnings };
}

describe('limits of the service', () => {
  it('are the built-in ones where the service sets none or the same', () => {
    for (const own of [{}, LIMITS, { pollMs: undefined }]) {
      expect(limitsOf(own)).toEqual({ limits: LIMITS, warnings: [] });
    }
  });

  it('differ where the service sets a positive number, and are named in the log', () => {
    expect(limitsOf({ pollMs: 100, openStreams: 5 })).toEqual({
      limits: { ...LIMITS, pollMs: 100, openStreams: 5 },
      warnings: [
        'The service acr-cmk.limits sets openStreams to 5 instead of 20',
        'The service acr-cmk.limits sets pollMs to 100 instead of 2000',
      ],
    });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '5', null])(
    'are not changed by %p',
    pollMs => {
      expect(limitsOf({ pollMs })).toEqual({
        limits: LIMITS,
        warnings: [
          `The service acr-cmk.limits sets pollMs to ${pollMs} instead of 2000, which is ignored: it is not a positive number`,
        ],
      });
    },
  );

  it('have no others', () => {
    expect(limitsOf({ other: 1 })).toEqual({ limits: LIMITS, warnings: [] });
  });
});
