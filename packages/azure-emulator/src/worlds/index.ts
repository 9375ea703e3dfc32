import { WorldBuilder } from './builder';
import { buildDemo } from './demo';
import { buildDemoFleet } from './demoFleet';
import { buildDemoHsm } from './demoHsm';
import { buildEmpty } from './empty';
import { buildFleet, MAX_FLEET } from './fleet';
import type { Azure } from '../types';

/** `demo`, the demo with a Managed HSM, `empty`, `fleet:` and a number of registries, or the demo with so many more. */
export type WorldName =
  | 'demo'
  | 'demo-hsm'
  | 'empty'
  | `fleet:${number}`
  | `demo-fleet:${number}`;

const FLEET = /^(demo-)?fleet:([1-9]\d{0,4})$/;

const fleetOf = (name: string) => {
  const [, besideDemo, size] = FLEET.exec(name) ?? [];
  return { besideDemo: besideDemo !== undefined, size: Number(size ?? 0) };
};

export function isWorldName(name: string): name is WorldName {
  const { size } = fleetOf(name);
  return (
    ['demo', 'demo-hsm', 'empty'].includes(name) ||
    (size >= 1 && size <= MAX_FLEET)
  );
}

export function buildWorld(azure: Azure, name: WorldName, seed: number) {
  const world = new WorldBuilder(azure, seed);
  if (name === 'demo') return buildDemo(world);
  if (name === 'demo-hsm') return buildDemoHsm(world);
  if (name === 'empty') return buildEmpty(world);
  const { besideDemo, size } = fleetOf(name);
  return besideDemo ? buildDemoFleet(world, size) : buildFleet(world, size);
}
