// The other end of `azureProcess.ts`: the emulated Azure as this process sees it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { trustInThisProcess } from 'azure-emulator';
import type {
  Answers,
  AzureAnswer,
  AzureQuestion,
  AzureSettings,
} from './azureProcess';

type Asked<A extends keyof Answers> = Promise<Awaited<ReturnType<Answers[A]>>>;

/** An Azure whose clock stands still until it is moved. */
export interface AzureElsewhere extends Pick<
  ReturnType<Answers['ready']>,
  'ready' | 'caPem' | 'registryIds'
> {
  /** Azure's clock, in epoch milliseconds. */
  now(): number;
  advance(ms: number): Promise<void>;
  ask<A extends keyof Answers>(
    what: A,
    ...args: Parameters<Answers[A]>
  ): Asked<A>;
}

/** Starts it, and has this process trust it. It ends with this process. */
export async function startAzureElsewhere(
  settings: AzureSettings,
): Promise<AzureElsewhere> {
  const child = fork(
    path.join(__dirname, 'azureProcess.ts'),
    [JSON.stringify(settings)],
    {
      execArgv: [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      ],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const waiting = new Map<number, (answer: AzureAnswer) => void>();
  child.on('message', (answer: AzureAnswer) => {
    // Backstage's transform reports the files that it reads over the same channel.
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  const answerTo = async (id: number) => {
    const answer = await new Promise<AzureAnswer>(resolve =>
      waiting.set(id, resolve),
    );
    if ('error' in answer) throw new Error(answer.error);
    return answer.value;
  };
  let lastId = 0;
  const ask = (what: AzureQuestion['ask'], ...args: unknown[]) => {
    lastId += 1;
    const answer = answerTo(lastId);
    child.send({ id: lastId, ask: what, args } satisfies AzureQuestion);
    return answer;
  };
  const started = (await Promise.race([
    answerTo(0),
    once(child, 'exit').then(() => {
      throw new Error('Azure has ended');
    }),
  ])) as ReturnType<Answers['ready']>;
  trustInThisProcess(started);
  let { now } = started;
  return {
    ...started,
    now: () => now,
    advance: async ms => {
      now += ms;
      await ask('advance', ms);
    },
    ask: ask as AzureElsewhere['ask'],
  };
}
