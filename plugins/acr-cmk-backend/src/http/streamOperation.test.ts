import {
  newKey,
  registryId,
  startPortal,
  type TestPortal,
} from '../__testUtils__/portal';

jest.setTimeout(60_000);

describe('the stream of an operation', () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startPortal();
  });
  afterAll(() => portal.stop());

  it('tells every change, ends with the operation, and resumes after what was seen', async () => {
    const plan = await portal.plan('shop-images', registryId('shopimages'), {
      kind: 'rotate',
    });
    const { id } = await portal.as().accept({
      planId: plan.id,
      planHash: plan.hash,
      reason: 'A test of the stream',
      idempotencyKey: newKey(),
    });
    const response = await portal.as().events(id);
    const text = await response.text();
    expect(text).toContain('event: operation');

    const last = Number(
      /id: (\d+)\nevent: operation\n(?!.*\nid:)/s.exec(text)?.[1],
    );
    const resumed = await (
      await portal.as().events(id, { lastRevision: last })
    ).text();
    expect(resumed).not.toContain('event: operation');
  });
});
