// `yarn bench:fleet`: what a big fleet costs the emulator on this machine, printed, never asserted.
//
// Starts the emulator as people do (from source, its own process, its own directory), signs in over the
// proxy, and asks for registries one after the other on one connection that stays open, as an SDK does.
// What is wanted of 10,000 registries: ready in under 10 s, a GET in under 5 ms at the median, less than
// 400 MB. `--gets 60000` fills the request log as well.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    registries: { type: 'string', default: '10000' },
    gets: { type: 'string', default: '5000' },
    warmup: { type: 'string', default: '500' },
  },
});
const BIN = fileURLToPath(
  new URL('../packages/azure-emulator/bin/azure-emulator', import.meta.url),
);
const API_VERSION = '2025-11-01';
const REGISTRIES =
  "resources | where type =~ 'microsoft.containerregistry/registries'";
const GRAPH =
  'https://management.azure.com/providers/Microsoft.ResourceGraph/resources';

const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-emulator-bench-'));
const load = () =>
  os
    .loadavg()
    .map(each => each.toFixed(2))
    .join(' ');
const loadBefore = load();
const started = performance.now();
const child = spawn(
  process.execPath,
  [
    BIN,
    '--world',
    `fleet:${values.registries}`,
    '--port',
    '0',
    '--data',
    dataDir,
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);

try {
  const ready = await firstLine(child);
  const readyMs = performance.now() - started;
  const workReady = workOf(child.pid);
  const memoryReady = memoryOf(child.pid);

  const azure = await connect(ready);
  const rows = [];
  const sweepStarted = performance.now();
  for (let $skipToken; ;) {
    const page = await azure('POST', GRAPH, {
      query: `${REGISTRIES} | project id, location, tags, identity, properties | order by id asc`,
      options: { $top: 1000, ...($skipToken && { $skipToken }) },
    });
    rows.push(...page.data);
    $skipToken = page.$skipToken;
    if (!$skipToken) break;
  }
  const sweepMs = performance.now() - sweepStarted;

  const ask = async query => (await azure('POST', GRAPH, { query })).data;
  const countStarted = performance.now();
  const [{ Count: counted }] = await ask(`${REGISTRIES} | count`);
  const countMs = performance.now() - countStarted;
  const parts = Math.ceil(counted / 900);
  const partTimes = [];
  let inParts = 0;
  for (let part = 0; part < parts; part++) {
    const before = performance.now();
    const found = await ask(
      `${REGISTRIES} | where hash(tolower(id)) % ${parts} == ${part} | project id, location, tags, identity, properties`,
    );
    partTimes.push(performance.now() - before);
    inParts += found.length;
  }
  partTimes.sort((a, b) => a - b);

  // A stride that is prime to the fleet's size visits registries far apart, the same ones every time.
  const get = turn =>
    azure(
      'GET',
      `https://management.azure.com${rows[(turn * 7919) % rows.length].id}`,
    );
  for (let turn = 0; turn < Number(values.warmup); turn++) await get(turn);
  const times = [];
  for (let turn = 0; turn < Number(values.gets); turn++) {
    const before = performance.now();
    await get(turn);
    times.push(performance.now() - before);
  }
  times.sort((a, b) => a - b);
  const at = share =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))];
  const memoryAfter = memoryOf(child.pid);

  const report = {
    machine: `${os.cpus().length} cores, Node ${process.version}`,
    'load average': `${loadBefore} before, ${load()} after`,
    registries: String(rows.length),
    'ready after': `${(readyMs / 1000).toFixed(2)} s`,
    'work until ready': workReady,
    'GET registry': `median ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(
      2,
    )} ms, of ${times.length}`,
    'all by pages': `${(sweepMs / 1000).toFixed(2)} s`,
    'all by partitions': `${inParts} rows in ${parts} partitions, median ${partTimes[
      Math.floor(parts / 2)
    ].toFixed(0)} ms, the slowest ${partTimes[parts - 1].toFixed(
      0,
    )} ms, after a count in ${countMs.toFixed(0)} ms`,
    memory: `${memoryReady.now} when ready, ${memoryAfter.now} in the end, ${memoryAfter.most} at most`,
  };
  for (const [what, figure] of Object.entries(report)) {
    console.log(`${what.padEnd(22)} ${figure}`);
  }
} finally {
  child.kill();
  await new Promise(resolve => child.once('exit', resolve));
  fs.rmSync(dataDir, { recursive: true, force: true });
}

async function firstLine({ stdout }) {
  for await (const line of createInterface({ input: stdout })) {
    return JSON.parse(line);
  }
  throw new Error(
    'The emulator ended before it was ready; its words are above.',
  );
}

/** Processor time of all threads so far: what `ready after` would be at most on a machine that does nothing else. */
function workOf(pid) {
  const file = `/proc/${pid}/stat`;
  if (!fs.existsSync(file)) return 'not known (no /proc here)';
  // After the name in parentheses; the 12th and 13th are user and system time in hundredths of a second.
  const fields = fs.readFileSync(file, 'utf8').split(') ').pop().split(' ');
  const [user, system] = fields.slice(11, 13).map(ticks => Number(ticks) / 100);
  return `${(user + system).toFixed(2)} s of processor time`;
}

/** Resident memory, now and at its highest, as the kernel counts it. */
function memoryOf(pid) {
  const file = `/proc/${pid}/status`;
  if (!fs.existsSync(file)) {
    return { now: 'not known (no /proc here)', most: 'not known' };
  }
  const status = fs.readFileSync(file, 'utf8');
  const megabytes = name => {
    const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(
      status,
    );
    return `${Math.round(Number(kilobytes) / 1024)} MB`;
  };
  return { now: megabytes('VmRSS'), most: megabytes('VmHWM') };
}

/** Signs in as reader; answers the function that asks ARM, over one tunnel that stays open. */
async function connect(ready) {
  const ca = fs.readFileSync(ready.caFile, 'utf8');
  const { clientId, clientSecret } = ready.principals.reader;
  const signIn = await exchange(
    await tunnel(ready.proxy, 'login.microsoftonline.com', ca),
    'POST',
    `https://login.microsoftonline.com/${ready.tenantId}/oauth2/v2.0/token`,
    { 'content-type': 'application/x-www-form-urlencoded' },
    new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://management.azure.com/.default',
    }).toString(),
  );
  const agent = await tunnel(ready.proxy, 'management.azure.com', ca);
  return (method, url, body) =>
    exchange(
      agent,
      method,
      `${url}?api-version=${API_VERSION}`,
      {
        authorization: `Bearer ${signIn.access_token}`,
        'content-type': 'application/json',
      },
      body && JSON.stringify(body),
    );
}

/** An agent whose only connection is a tunnel through the proxy. */
async function tunnel(proxy, host, ca) {
  const socket = await new Promise((resolve, reject) => {
    http
      .request(proxy, { method: 'CONNECT', path: `${host}:443` })
      .on('connect', (_answer, raw) => resolve(raw))
      .on('error', reject)
      .end();
  });
  const secure = tls.connect({ socket, servername: host, ca: [ca] });
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = () => secure;
  return agent;
}

function exchange(agent, method, url, headers, body) {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { agent, method, headers }, answer => {
      const chunks = [];
      answer.on('data', chunk => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (answer.statusCode >= 300) {
          reject(new Error(`${method} ${url}: ${answer.statusCode} ${text}`));
        } else {
          resolve(JSON.parse(text));
        }
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
