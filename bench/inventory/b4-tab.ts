// B4: what a tab costs whose facts are known, in a small and in a big fleet, beside the same facts
// fetched live.
import { measured } from './process';
import { median, ms, verdict } from './print';

export async function tabWithKnownFacts(options: {
  rounds: number;
  small: number;
  big: number;
}): Promise<void> {
  const { rounds, small, big } = options;
  const p99: Record<string, number[]> = { small: [], big: [], live: [] };
  console.log('B4 a tab with known facts, one viewer');
  for (let round = 0; round < rounds; round++) {
    for (const [name, registries] of [
      ['small', small],
      ['big', big],
    ] as const) {
      const figures = await measured('tab', { registries });
      p99[name].push(figures.p99);
      console.log(
        `  ${registries} registries: p50 ${ms(figures.p50)}, p99 ${ms(
          figures.p99,
        )}, processor ${ms(figures.cpu)}, ${figures.calls} calls to Azure`,
      );
    }
    const figures = await measured('live', { registries: big });
    p99.live.push(figures.p99);
    console.log(
      `  fetched live: p50 ${ms(figures.p50)}, p99 ${ms(figures.p99)}`,
    );
  }
  verdict(
    `p99 at ${big} / p99 at ${small}`,
    median(p99.big) / median(p99.small),
    '<= 1.2',
  );
  verdict('p99 / p99 live', median(p99.big) / median(p99.live), '<= 0.1');
}
