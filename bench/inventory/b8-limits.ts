import { verdict } from './print';
import { measured } from './process';

/** B8: 429 of Azure's documented limits, in fifteen minutes of Azure's clock, and after a storm of them. */
export async function azuresLimits(options: { middle: number }): Promise<void> {
  const figures = await measured('limits', {
    registries: options.middle,
    program: 'measureSync.ts',
  });
  console.log(
    `B8  Azure's limits, ${options.middle} registries: ${figures.coldRefused} refused in the first sweep, ${figures.steadyRefused} in fifteen minutes after it`,
  );
  verdict('refused in fifteen minutes', figures.steadyRefused, '<= 0');
  console.log(
    `  a storm of ${figures.stormRefused} refusals ended after ${figures.stormTook} s; it demanded ${figures.stormDemanded} s`,
  );
  verdict('of the waits', figures.stormTook / figures.stormDemanded, '<= 1.3');
}
