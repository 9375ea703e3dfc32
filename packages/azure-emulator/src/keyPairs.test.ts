import { KeyPairs } from './keyPairs';
import { Store } from './store';

const EC = { kty: 'EC', crv: 'P-256' };

/** A world in which versions get their pairs. */
function world() {
  const store = new Store(undefined);
  const pairs = new KeyPairs(store);
  return {
    store,
    take: () => pairs.take(EC),
    async version(id: string) {
      const privateJwk = await pairs.take(EC);
      store.put('material', { id, privateJwk });
      return privateJwk.x;
    },
  };
}

describe('The key pairs of a world', () => {
  it('differ from version to version, also when two are made at the same time', async () => {
    const { version } = world();
    const all = await Promise.all(['a', 'b', 'c'].map(version));
    all.push(await version('d'));
    expect(new Set(all).size).toBe(4);
  });

  it('do not return after a purge', async () => {
    const { store, version } = world();
    const purged = await version('a');
    store.remove('material', 'a');
    expect(await version('a')).not.toBe(purged);
  });

  it('are of the size or curve that was asked for', async () => {
    const pairs = new KeyPairs(new Store(undefined));
    const bytesOf = (text: string) => Buffer.from(text, 'base64url').length;
    const of = async (kind: Parameters<KeyPairs['take']>[0]) => {
      const { kty, crv, n, x } = await pairs.take(kind);
      return [kty, crv ?? bytesOf(n) * 8, bytesOf(n ?? x)];
    };
    await expect(of({ kty: 'RSA-HSM', keySize: 3072 })).resolves.toEqual([
      'RSA',
      3072,
      384,
    ]);
    await expect(of({ kty: 'RSA' })).resolves.toEqual(['RSA', 2048, 256]);
    await expect(of({ kty: 'EC-HSM', crv: 'P-384' })).resolves.toEqual([
      'EC',
      'P-384',
      48,
    ]);
  });

  it('are those of other worlds of the process, to spare the time of generating them', async () => {
    const x = await world().version('a');
    expect((await world().take()).x).toBe(x);
  });

  it('of a copy that is pasted are not given to another version', async () => {
    const first = world();
    const x = await first.version('a');
    const second = world();
    second.store.paste(first.store.copy());
    expect(await second.version('b')).not.toBe(x);
  });
});
