import type { Azure } from '../azure';
import { WorldBuilder } from './builder';
import { buildDemo } from './demo';
import { buildEmpty } from './empty';

/** `demo`, `empty`, or `fleet:` and a number of registries. */
export type WorldName = 'demo' | 'empty' | `fleet:${number}`;

export function isWorldName(name: string): name is WorldName {
  return name === 'demo' || name === 'empty';
}

export function buildWorld(azure: Azure, name: WorldName, seed: number) {
  const world = new WorldBuilder(azure, seed);
  if (name === 'demo') {
    buildDemo(world);
  } else if (name === 'empty') {
    buildEmpty(world);
  }
}
