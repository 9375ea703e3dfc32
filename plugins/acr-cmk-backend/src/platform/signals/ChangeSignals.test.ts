import type { SignalPayload } from '@backstage/plugin-signals-node';
import { testDatabases } from '../../__testUtils__/databases';
import { ChangeSignals } from './ChangeSignals';
import { type ChangeTokenOf, openChangeTokens } from './changeTokens';

const registry = (key: string) => ({ key });

describe('signals of changes', () => {
  let sent: SignalPayload[];
  /** Ends the pause that is under way. */
  let advance: () => Promise<void>;
  let pauses: number;
  let fails: boolean;
  let signals: ChangeSignals;
  beforeEach(() => {
    sent = [];
    fails = false;
    pauses = 0;
    let resume: (() => void) | undefined;
    advance = async () => {
      resume?.();
      // What follows is asynchronous, and takes no time.
      await new Promise(resolve => setImmediate(resolve));
    };
    signals = new ChangeSignals({
      signals: {
        async publish(signal) {
          if (fails) throw new Error('The events service is away');
          sent.push(signal);
        },
      },
      tokenOf: ({ key }) => `token of ${key}`,
      sleep: (_ms, signal) =>
        new Promise(resolve => {
          pauses += 1;
          resume = resolve;
          signal.addEventListener('abort', () => resolve());
        }),
      logger: { debug: () => undefined },
    });
  });
  const tokens = () => sent.map(({ message }) => message.tokens);

  it('go to everybody, with tokens and nothing else', async () => {
    signals.changed([registry('/a')]);
    await advance();
    expect(sent).toEqual([
      {
        recipients: { type: 'broadcast' },
        channel: 'acr-cmk:changes',
        message: { tokens: ['token of /a'] },
      },
    ]);
  });

  it('are one for what changes together, each registry named once', async () => {
    signals.changed([registry('/a'), registry('/b')]);
    signals.changed([registry('/a')]);
    await advance();
    expect(tokens()).toEqual([['token of /a', 'token of /b']]);
    signals.changed([registry('/a')]);
    await advance();
    expect(tokens()).toHaveLength(2);
  });

  it('name none when there are very many', async () => {
    signals.changed(Array.from({ length: 101 }, (_, n) => registry(`/${n}`)));
    await advance();
    expect(sent.map(({ message }) => message)).toEqual([{}]);
  });

  it('are not sent of nothing', async () => {
    signals.changed([]);
    await advance();
    expect(pauses).toBe(0);
  });

  it('go on after one could not be sent', async () => {
    fails = true;
    signals.changed([registry('/a')]);
    await advance();
    fails = false;
    signals.changed([registry('/b')]);
    await advance();
    expect(tokens()).toEqual([['token of /b']]);
  });

  it('end with the plugin', async () => {
    signals.changed([registry('/a')]);
    await signals.stop();
    signals.changed([registry('/b')]);
    await advance();
    expect(sent).toEqual([]);
  });
});

describe.each(testDatabases())('tokens on $name', ({ open }) => {
  const clock = { now: async () => 0 };

  it('are the same in every replica, and others in another portal', async () => {
    const [db, another] = [await open(), await open()];
    const tokensOf = async (tokenOf: ChangeTokenOf) =>
      ['/a', '/b'].map(key => tokenOf(registry(key)));
    const [one, two] = await Promise.all([
      openChangeTokens(db, clock),
      openChangeTokens(db, clock),
    ]);
    expect(await tokensOf(one)).toEqual(await tokensOf(two));
    expect(new Set(await tokensOf(one)).size).toBe(2);
    expect(one(registry('/a'))).toMatch(/^[\w-]{22}$/);
    expect(await tokensOf(one)).not.toEqual(
      await tokensOf(await openChangeTokens(another, clock)),
    );
    await db.destroy();
    await another.destroy();
  });
});
