import { ResponseError } from '@backstage/errors';
import { isResponseError } from '.';

const refused = () =>
  ResponseError.fromResponse(
    Response.json(
      { error: { name: 'NotAllowedError', message: 'No' }, response: {} },
      { status: 403 },
    ) as never,
  );

describe('an error of the API', () => {
  const is = ResponseError.is;
  afterEach(() => {
    ResponseError.is = is;
  });

  it('is known in Backstage before 1.57, whose class has no `is`', async () => {
    Object.assign(ResponseError, { is: undefined });
    expect(isResponseError(await refused())).toBe(true);
  });

  it.each([
    ['another error', new Error('x')],
    [
      'an error of that name alone',
      Object.assign(new Error('x'), { name: 'ResponseError' }),
    ],
    ['no error', { name: 'ResponseError', statusCode: 403, body: {} }],
    ['nothing', undefined],
  ])('is not %s', (_what, error) => {
    expect(isResponseError(error)).toBe(false);
  });
});
