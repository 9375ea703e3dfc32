import { once } from 'node:events';
import {
  type AddressInfo,
  connect,
  createServer,
  type Server,
  type Socket,
} from 'node:net';
import { until } from './until';
import { Relay } from './Relay';

let server: Server;
let relay: Relay;
/** Lateness of answers that are to come, from 0 to 1. */
let lateness: number[] = [];
/** Data that has reached the server. */
let received: string;
const sockets: Socket[] = [];

/** Answers each line with itself. */
beforeEach(async () => {
  received = '';
  server = createServer(socket => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', chunk => {
      received += chunk;
      socket.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  relay = await Relay.start(
    { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    () => lateness.shift() ?? 0,
  );
});
afterEach(async () => {
  await relay.stop();
  sockets.splice(0).forEach(socket => socket.destroy());
  server.close();
  await once(server, 'close');
});

async function open() {
  const socket = connect(relay.port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = await once(socket, 'data');
  return String(answer);
}

const untilReceived = (text: string) =>
  until(
    `the server has received ${text}`,
    () => received,
    all => all.includes(text),
  );

describe('a relay', () => {
  it('passes what is said, in both directions', async () => {
    expect(await ask(await open(), 'hello')).toBe('hello');
  });

  it('that holds keeps requests from the server until it passes again', async () => {
    const socket = await open();
    await ask(socket, 'first ');
    relay.set('hold');
    socket.write('second');
    // Another connection would reach the server, were it not held as well.
    (await open()).write('third');
    expect(received).toBe('first ');
    const answer = once(socket, 'data');
    relay.set('pass');
    expect(String((await answer)[0])).toBe('second');
  });

  it('that holds answers lets requests be done, and their answers wait', async () => {
    const socket = await open();
    await ask(socket, 'first ');
    const answers: string[] = [];
    socket.on('data', chunk => answers.push(String(chunk)));
    relay.set('hold-answers');
    socket.write('second');
    await untilReceived('second');
    expect(answers).toEqual([]);
    const answer = once(socket, 'data');
    relay.set('pass');
    await answer;
    expect(answers).toEqual(['second']);
  });

  it('that is cut loses the answers that it has kept', async () => {
    const socket = await open();
    await ask(socket, 'first ');
    const answers: string[] = [];
    socket.on('data', chunk => answers.push(String(chunk)));
    relay.set('hold-answers');
    socket.write('second');
    await untilReceived('second');
    const closed = once(socket, 'close');
    relay.cut();
    await closed;
    expect(answers).toEqual([]);
  });

  it('that refuses ends what is open, and what comes, until it passes again', async () => {
    const socket = await open();
    await ask(socket, 'first ');
    const closed = once(socket, 'close');
    relay.set('refuse');
    await closed;
    await once(await open(), 'close');
    relay.set('pass');
    expect(await ask(await open(), 'again')).toBe('again');
  });

  it('that is slow gives late answers, in their order', async () => {
    const socket = await open();
    relay.set('slow');
    const began = performance.now();
    expect(await ask(socket, 'first')).toBe('first');
    expect(performance.now() - began).toBeGreaterThan(200);
  });

  it('that reorders has answers of two connections change places', async () => {
    lateness = [1, 0];
    const [first, second] = [await open(), await open()];
    relay.set('reorder');
    const answers: string[] = [];
    const came = [first, second].map(socket => once(socket, 'data'));
    for (const socket of [first, second]) {
      socket.on('data', chunk => answers.push(String(chunk)));
    }
    first.write('first');
    await untilReceived('first');
    second.write('second');
    await Promise.all(came);
    expect(answers).toEqual(['second', 'first']);
  });
});
