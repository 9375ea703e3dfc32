import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import express from 'express';
import PromiseRouter from 'express-promise-router';
import { until } from '../__testUtils__/until';
import type { Fleet } from '../fleet/createFleet';
import { personOf } from '../personOf';
import { addFleetRoutes } from './fleetRouter';

describe('exports of all registries', () => {
  let server: Server;
  /** Who has one under way, and how each goes on. */
  let underWay: { person: string; end: () => void }[];
  /** How many were asked for, begun, and answered or given up. */
  let count: { asked: number; begun: number; closed: number };

  async function* csv(_filter: unknown, credentials: BackstageCredentials) {
    count.begun += 1;
    yield 'name\r\n';
    await new Promise<void>(end => {
      underWay.push({
        person: personOf(credentials).replace(/^.*\//, ''),
        end,
      });
    });
    yield 'shopimages\r\n';
  }

  beforeEach(async () => {
    underWay = [];
    count = { asked: 0, begun: 0, closed: 0 };
    const router = PromiseRouter();
    addFleetRoutes(router, {
      services: {} as Omit<Fleet, 'fleetExport'>,
      fleetExport: { csv } as unknown as Fleet['fleetExport'],
      httpAuth: mockServices.httpAuth(),
      health: { whileItAnswers: work => work() },
      logger: mockServices.logger.mock(),
    });
    server = express()
      .use((_req, res, next) => {
        count.asked += 1;
        res.on('close', () => {
          count.closed += 1;
        });
        next();
      })
      .use(router)
      .listen(0);
  });
  afterEach(() => {
    underWay.forEach(({ end }) => end());
    server.closeAllConnections();
    server.close();
  });

  const ask = async (person: string, signal?: AbortSignal) => {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(
      `http://127.0.0.1:${port}/v1/fleet/registries.csv`,
      {
        headers: {
          authorization: mockCredentials.user.header(`user:default/${person}`),
        },
        signal,
      },
    );
    return response.text();
  };
  const people = () => underWay.map(({ person }) => person);
  const untilUnderWay = (wanted: number) =>
    until('exports are under way', people, seen => seen.length === wanted);

  const untilCount = (what: 'asked' | 'closed', wanted: number) =>
    until(
      `so many were ${what}`,
      () => count[what],
      seen => seen === wanted,
    );

  it('follow one another for one person, and do not wait for those of others', async () => {
    const first = ask('olivia');
    await untilUnderWay(1);
    const second = ask('olivia');
    const ofOther = ask('daniel');
    await untilUnderWay(2);
    expect(people()).toEqual(['olivia', 'daniel']);
    underWay[1].end();
    expect(await ofOther).toBe('name\r\nshopimages\r\n');
    expect(people()).toHaveLength(2);
    underWay[0].end();
    await first;
    await untilUnderWay(3);
    underWay[2].end();
    expect(await second).toBe('name\r\nshopimages\r\n');
  });

  it('of somebody who has left while they waited are not begun', async () => {
    const first = ask('olivia');
    await untilUnderWay(1);
    const leaving = new AbortController();
    const left = ask('olivia', leaving.signal).catch(error => error.name);
    const third = ask('olivia');
    await untilCount('asked', 3);
    leaving.abort();
    expect(await left).toBe('AbortError');
    await untilCount('closed', 1);
    underWay[0].end();
    await first;
    await untilUnderWay(2);
    underWay[1].end();
    expect(await third).toBe('name\r\nshopimages\r\n');
    expect(count.begun).toBe(2);
  });
});
