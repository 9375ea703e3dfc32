import type { Named } from './annotations';
import type { Annotated } from './readAnnotated';
import type { Inventory } from './records';

/**
 * Foreign entities that stand for a thing in place of ours. Anyone who may register entities can annotate
 * one, so an annotation takes nothing from an entity that a tag or the configuration names: otherwise its
 * name, and its links, would be free for anyone to take.
 */
export class Adoption {
  readonly #candidates: Annotated['candidates'];
  /** Refs that anything in the inventory names. */
  readonly #named: ReadonlySet<string>;
  readonly #adopted: Record<keyof Named, Set<string>> = {
    registries: new Set(),
    keys: new Set(),
    vaults: new Set(),
  };

  constructor(
    { registries }: Pick<Inventory, 'registries'>,
    candidates: Annotated['candidates'],
  ) {
    this.#candidates = candidates;
    this.#named = new Set(
      registries.flatMap(({ entityRefs, key }) => [
        ...entityRefs,
        ...(key ? [...key.entityRefs, ...key.vault.entityRefs] : []),
      ]),
    );
  }

  /**
   * Returns the foreign entity that stands for a thing.
   *
   * @param of.ownRef - what ours is called
   * @param of.entityRefs - what the tag of the thing, or the configuration, names
   */
  of(
    kind: keyof Named,
    of: { id: string; ownRef: string; entityRefs: readonly string[] },
  ): string | undefined {
    const adopted = this.#choose(kind, of);
    if (adopted !== undefined) this.#adopted[kind].add(of.id);
    return adopted;
  }

  /** True when a foreign entity stands for the thing. Things that the inventory does not show are unknown. */
  isAdopted(kind: keyof Named, id: string): boolean {
    return this.#adopted[kind].has(id);
  }

  #choose(
    kind: keyof Named,
    {
      id,
      ownRef,
      entityRefs,
    }: { id: string; ownRef: string; entityRefs: readonly string[] },
  ): string | undefined {
    const candidates = this.#candidates[kind].get(id) ?? [];
    if (this.#named.has(ownRef)) {
      return candidates.find(ref => ref === ownRef);
    }
    const named = candidates.find(ref => entityRefs.includes(ref));
    if (named !== undefined) return named;
    // A registry belongs to whom its tag names; a key or a vault is only open to them.
    const isClaimed =
      kind === 'registries' &&
      entityRefs.some(ref => ref.startsWith('resource:'));
    return isClaimed ? undefined : candidates[0];
  }
}
