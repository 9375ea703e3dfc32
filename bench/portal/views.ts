import { ask, headersOf, type Person, type Portal } from './portal';

/** The path of an entity of the person's team, another one for each n. */
function entityOf({ owned }: Person, n: number): string {
  return owned[n % owned.length].entityRef.replace(':', '/');
}

export async function view(
  portal: Portal,
  person: Person,
  n: number,
  query = '',
) {
  const at = `acr-cmk/v1/entities/${entityOf(person, n)}/registries${query}`;
  // Signing in is no part of a view.
  await headersOf(portal, person);
  const began = performance.now();
  const { registries } = await ask<{ registries: { kind: string }[] }>(
    portal,
    person,
    at,
  );
  if (registries[0]?.kind !== 'registry') throw new Error(`No view: ${at}`);
  return performance.now() - began;
}

export const byName = (portal: Portal, person: Person, n: number) =>
  ask(portal, person, `catalog/entities/by-name/${entityOf(person, n)}`);
