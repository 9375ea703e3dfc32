// B5: many people who look at once, beside the code of before with a fleet of a tenth of the size.
import { otherTree } from './otherTree';
import { median, ms, verdict } from './print';
import { measured } from './process';

export async function viewersAtOnce(options: {
  rounds: number;
  viewers: number;
  small: number;
  big: number;
  /** Commit to compare with; nothing to leave that out. */
  before?: string;
}): Promise<void> {
  const { rounds, viewers, small, big, before } = options;
  const tree = before ? otherTree(before) : undefined;
  const perSecond: Record<string, number[]> = { now: [], before: [] };
  const cpu: Record<string, number[]> = { now: [], before: [] };
  console.log(`B5 ${viewers} viewers at once`);
  const one = async (
    name: string,
    root: string | undefined,
    registries: number,
  ) => {
    const figures = await measured('viewers', { root, registries, viewers });
    perSecond[name].push(figures.perSecond);
    cpu[name].push(figures.cpu);
    console.log(
      `  ${name}, ${registries} registries: ${figures.perSecond.toFixed(
        1,
      )} views a second, p50 ${ms(figures.p50)}, p99 ${ms(
        figures.p99,
      )}, the longest ${ms(figures.longest)}, processor ${ms(
        figures.cpu,
      )} a view, ${figures.rssMb.toFixed(0)} MB`,
    );
  };
  try {
    for (let round = 0; round < rounds; round++) {
      if (tree) await one('before', tree.root, small);
      await one('now', undefined, big);
    }
  } finally {
    tree?.remove();
  }
  if (tree) {
    verdict(
      `views a second at ${big} / before at ${small}`,
      median(perSecond.now) / median(perSecond.before),
      '>= 10',
    );
    // What the machine's other work does not touch.
    verdict(
      `processor time of a view before at ${small} / now at ${big}`,
      median(cpu.before) / median(cpu.now),
      '>= 10',
    );
  }
}
