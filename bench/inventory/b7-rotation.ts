import { verdict } from './print';
import { measured } from './process';

/** B7: how long a rotation that somebody makes outside stays unknown. */
export async function rotationOutside(options: {
  middle: number;
}): Promise<void> {
  const figures = await measured('rotation', {
    registries: options.middle,
    program: 'measureSync.ts',
  });
  console.log(
    `B7  a rotation made outside, ${options.middle} registries: known after ${
      figures.byPoll
    } s of Azure's clock by the sync, ${figures.byEvent.toFixed(
      2,
    )} s by an event`,
  );
  verdict('intervals', figures.byPoll / figures.intervalSeconds, '<= 1');
  verdict('seconds by an event', figures.byEvent, '<= 2');
}
