import { FakeApi } from '../__testUtils__/FakeApi';
import { TestTask } from '../__testUtils__/TestTask';
import { createAwaitEntityAction } from './awaitEntity';

const ENTITY = 'resource:default/new-images';
const REGISTRIES = /GET \/v1\/entities\/.*\/registries/;

const answers = (status: number, code: string) => ({
  when: REGISTRIES,
  then: () => ({
    status,
    body: {
      error: { name: 'NotFoundError', message: `No: ${code}`, code },
      response: { statusCode: status },
    },
  }),
});

describe('waiting for a registered entity', () => {
  const run = (api: FakeApi, options?: { isDryRun?: boolean }) =>
    new TestTask().run(
      createAwaitEntityAction(api.ports),
      { entityRef: ENTITY } as any,
      options,
    );

  it('ends when the catalog shows it', async () => {
    const api = new FakeApi();
    api.next = [answers(404, 'ENTITY_UNKNOWN'), answers(404, 'ENTITY_UNKNOWN')];
    expect(await run(api)).toEqual({
      found: true,
      message: `The catalog shows ${ENTITY}.`,
    });
    expect(api.waited).toEqual([2_000, 2_000]);
  });

  it('ends after two minutes, and says that links lead nowhere yet', async () => {
    const api = new FakeApi();
    api.next = Array.from({ length: 100 }, () =>
      answers(404, 'ENTITY_UNKNOWN'),
    );
    expect(await run(api)).toEqual({
      found: false,
      message: expect.stringContaining('does not show you'),
    });
    expect(api.waited).toHaveLength(60);
  });

  it('asks again while the backend is away', async () => {
    const api = new FakeApi();
    api.next = [{ when: REGISTRIES, then: 'network' }];
    expect(await run(api)).toMatchObject({ found: true });
  });

  it('fails no task for a person who may not read it', async () => {
    const api = new FakeApi();
    api.next = [answers(403, 'PERMISSION_MISSING')];
    expect(await run(api)).toEqual({
      found: false,
      message: expect.stringMatching(
        /^Could not determine .*PERMISSION_MISSING/,
      ),
    });
    expect(api.waited).toEqual([]);
  });

  it('waits for nothing in a dry run', async () => {
    const api = new FakeApi();
    expect(await run(api, { isDryRun: true })).toMatchObject({ found: false });
    expect(api.requests).toEqual([]);
  });
});
