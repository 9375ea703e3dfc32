import { WorldBuilder } from './builder';
import { DEMO_SUBSCRIPTION } from './demo';

/** One subscription, the directory and the roles; nothing else. */
export function buildEmpty(world: WorldBuilder) {
  world.subscription(DEMO_SUBSCRIPTION, 'Contoso Demo');
  world.directory([DEMO_SUBSCRIPTION]);
}
