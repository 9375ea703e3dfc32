import { verdict } from './print';
import { measured } from './process';

/**
 * B1, B2, B3 and B9: calls of the sync to Azure, counted by Azure's log.
 *
 * The yardsticks are of the same run. The loop is what a script with az does, one registry after the
 * other: show the registry, its vault and its key, list the versions, show the rotation policy. The fan-out
 * is what a program with the SDKs does that keeps nothing: lists of registries and vaults, and each key that
 * is used, once, with its versions and its rotation policy.
 *
 * Where the plain fan-out is as good: in the first sweep. Whoever knows nothing has to read every key once,
 * however they list. What the sync saves, it saves from the second interval on.
 */
export async function callsOfTheSync(options: {
  middle: number;
  big: number;
}): Promise<void> {
  const { middle, big } = options;
  const figures = await measured('calls', {
    registries: big,
    program: 'measureSync.ts',
  });
  const { cold, warm, changed, fan, encrypted, known } = figures;
  const loop = 5 * encrypted + (known - encrypted);
  console.log(
    `B1  an interval without a change, ${known} registries: ${warm} calls; az loop ${loop}, fan-out ${fan}`,
  );
  verdict('of the loop, one in', loop / warm, '>= 60');
  verdict('of the fan-out, one in', fan / warm, '>= 30');
  console.log(
    `B2  ${figures.changedRegistries} registries changed: ${changed} calls; fan-out ${fan}`,
  );
  verdict('of the fan-out, one in', fan / changed, '>= 20');
  console.log(
    `B3  first sweep: ${cold} calls; fan-out ${fan} (without access paths)`,
  );
  verdict('of the fan-out', cold / fan, '<= 1.05');
  const postgres = await measured('postgres', {
    registries: big,
    program: 'measureSync.ts',
  });
  verdict(
    'memory that it adds at most, with PostgreSQL, MB',
    postgres.peakMb,
    '<= 64',
  );
  console.log(
    `  of which stays: ${postgres.keptMb.toFixed(
      1,
    )} MB. With SQLite ${figures.peakMb.toFixed(
      1,
    )} MB, of which ${figures.keptMb.toFixed(
      1,
    )} stay: its driver holds each prepared statement in memory that Node does not count, and so collects late`,
  );
  for (const size of [middle, Math.round(big * 0.3), big]) {
    const { mostMb, ...moments } = await measured('held', {
      registries: size,
      program: 'measureSync.ts',
    });
    console.log(
      `  of which is in use, at ten moments of a sweep of ${size}, MB: ${Object.values(
        moments,
      )
        .map(mb => mb.toFixed(1))
        .join(' ')}, at most ${mostMb.toFixed(
        1,
      )}; the rest is garbage that V8 has not collected yet, and what malloc keeps`,
    );
  }
  verdict('stored for a registry, kB', figures.bytesEach / 1000, '<= 2');
  console.log('B9  event loop during the first sweep');
  verdict('p99 of its delay with PostgreSQL, ms', postgres.loopP99, '<= 50');
  verdict('p99 of its delay with SQLite, ms', figures.loopP99, '<= 50');
}
