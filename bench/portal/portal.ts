import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { AzureAddress } from '../../scripts/lib/portal.mjs';
import { load, print } from './report';
import { ASKED_EACH, READERS, TOKEN_MS } from './settings';

/** Parts of scripts/lib that start the demo. */
export type Scripts = typeof import('../../scripts/lib/portal.mjs') &
  typeof import('../../scripts/lib/child.mjs') & {
    ensureAppBuilt(env: NodeJS.ProcessEnv): Promise<void>;
  };
export interface Person {
  name: string;
  team: string;
  /** Registries of the team that have an entity. */
  owned: { id: string; entityRef: string }[];
  token?: { text: string; at: number };
}
export interface Portal {
  scripts: Scripts;
  url: string;
  azure: AzureAddress;
  pid: number;
  /** File of the plugin's database. */
  database: string;
  /** Stops the backend, and starts it again after `between`. Returns the time of the start. */
  restart(between?: () => Promise<void>): Promise<number>;
  people: Person[];
  readers: Person[];
  /** Platform engineer of the demo, with a registry of it. */
  priya: Person;
}
/** Portals of a checkout. Without the parts that compare them, they are one. */
export interface Sizes {
  small: Portal;
  medium: Portal;
  large: Portal;
}
export interface Call {
  /** Azure's time of it, ISO 8601. */
  time: string;
  method: string;
  path: string;
  principal?: string;
}

export async function control<T>(
  { proxy }: AzureAddress,
  method: string,
  name: string,
  body?: object,
): Promise<T> {
  const sent = body && { body: JSON.stringify(body) };
  return (await fetch(new URL(name, proxy), { method, ...sent })).json();
}

/** Takes the calls since the last time out of Azure's log. */
export async function takeCalls({ azure }: Portal): Promise<Call[]> {
  const calls = await control<Call[]>(azure, 'GET', '/requests');
  await control(azure, 'DELETE', '/requests');
  return calls.filter(({ principal }) => principal);
}

/** Waits until the catalog has worked off what the fleet has brought, at most forty minutes. */
export async function settle(portal: Portal): Promise<void> {
  let busy = 1;
  for (let minute = 0; busy > 0.15 && minute < 40; minute += 1) {
    const before = cpuMs(portal);
    await delay(60_000);
    busy = (cpuMs(portal) - before) / 60_000;
    print(`  processor ${Math.round(busy * 100)} %, ${load()}`);
  }
}

/**
 * Processor time of a question to the fleet, while the inventory reads nothing and the catalog processes nothing: the
 * seconds before and after are idle. Milliseconds.
 */
export async function processorMs(
  portal: Portal,
  question: string,
): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    await untilIdle(portal);
    await takeCalls(portal);
    const before = cpuMs(portal);
    // The system counts processor time in steps of ten milliseconds.
    for (let time = 0; time < ASKED_EACH; time += 1) {
      for (const reader of portal.readers) {
        await ask(portal, reader, `acr-cmk/v1/fleet/${question}`);
      }
    }
    const ms = (cpuMs(portal) - before) / (ASKED_EACH * READERS);
    const calls = await takeCalls(portal);
    const isAlone = (await isIdle(portal)) && calls.length === 0;
    if (!isAlone && tries < 10) continue;
    if (!isAlone) print('  not alone in any of ten tries');
    return ms;
  }
}

/** Waits, at most two minutes, for a second in which the catalog and the inventory leave the processor alone. */
export async function untilIdle(portal: Portal): Promise<void> {
  for (let second = 0; second < 120; second += 1) {
    if (await isIdle(portal)) return;
  }
}

/** Whether the backend leaves the processor alone in the second that follows. */
async function isIdle(portal: Portal): Promise<boolean> {
  const before = cpuMs(portal);
  await delay(1000);
  return cpuMs(portal) - before <= 50;
}

/** Time of the processor that the backend has had, in steps of 10 ms. */
export function cpuMs({ pid }: Pick<Portal, 'pid'>): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1];
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return (user + system) * 10;
}

export async function headersOf({ scripts, url }: Portal, person: Person) {
  if (!person.token || Date.now() - person.token.at > TOKEN_MS) {
    const text = await scripts.demoToken(url, person.name);
    person.token = { text, at: Date.now() };
  }
  return {
    authorization: `Bearer ${person.token.text}`,
    'content-type': 'application/json',
  };
}

export async function ask<T>(
  portal: Portal,
  person: Person,
  at: string,
  body?: object,
): Promise<T> {
  const response = await fetch(`${portal.url}/api/${at}`, {
    headers: await headersOf(portal, person),
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${at}: ${response.status} ${text}`);
  return JSON.parse(text);
}
