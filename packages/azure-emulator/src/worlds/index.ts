import type { Azure } from '../azure';
import { WorldBuilder } from './builder';
import { buildDemo } from './demo';
import { buildEmpty } from './empty';
import { buildFleet, MAX_FLEET } from './fleet';

/** `demo`, `empty`, or `fleet:` and a number of registries. */
export type WorldName = 'demo' | 'empty' | `fleet:${number}`;

const FLEET = /^fleet:([1-9]\d{0,4})$/;

const fleetSize = (name: string) => Number(FLEET.exec(name)?.[1] ?? 0);

export function isWorldName(name: string): name is WorldName {
  const size = fleetSize(name);
  return (
    name === 'demo' || name === 'empty' || (size >= 1 && size <= MAX_FLEET)
  );
}

export function buildWorld(azure: Azure, name: WorldName, seed: number) {
  const world = new WorldBuilder(azure, seed);
  switch (name) {
    case 'demo':
      return buildDemo(world);
    case 'empty':
      return buildEmpty(world);
    default:
      return buildFleet(world, fleetSize(name));
  }
}
