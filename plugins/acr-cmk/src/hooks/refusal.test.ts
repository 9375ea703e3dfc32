import { ResponseError } from '@backstage/errors';
import { refusals } from '../fixtures/refusals';
import { readRefusal } from './refusal';

const answered = (status: number, body: string) =>
  ResponseError.fromResponse(new Response(body, { status }));

it.each([
  ['without a body', ''],
  ['with the page of a proxy', '<html>Not Found</html>'],
])(
  'says of a 404 %s that the backend lacks the plugin, and what to add',
  async (_how, body) => {
    expect(readRefusal(await answered(404, body)).message).toMatch(
      /^This portal's backend has no plugin acr-cmk, or does not answer for it\. Add backstage-plugin-acr-cmk-backend/,
    );
  },
);

it('keeps what the plugin itself says, and other failures of a proxy', async () => {
  const { message, code } = readRefusal(await refusals.entityUnknown());
  expect([message, code]).toEqual([
    expect.stringContaining('resource:default/shop-images'),
    'ENTITY_UNKNOWN',
  ]);
  expect(readRefusal(await answered(502, '')).message).toContain('502');
});
