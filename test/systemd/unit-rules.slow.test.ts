// The daemon under the rules of its unit: every verb, every kind of source and sink, and what the documents offer beside them,
// once (#18: training could not work in the unit that came with it).
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { commands } from '../../src/app/commands/index.ts';
import { askDaemon, CONTROL_SOCKET } from '../../src/io/local/control-socket.ts';
import { sinks } from '../../src/io/sinks/index.ts';
import { sources } from '../../src/io/sources/index.ts';
import { logIn } from '../app/web/page-client.ts';
import { type Running, startSentigon } from '../e2e/sentigon.ts';
import { freePort, hasMosquitto, startMosquitto } from '../io/mosquitto.ts';
import { childrenOf } from '../io/process/children.ts';
import { hasSocat } from '../io/pseudo-terminals.ts';
import { httpReceiver, smtpReceiver } from '../io/sinks/receivers.ts';
import { type Subscriber, subscribe } from '../io/subscriber.ts';
import { type Confined, canConfine, confinedBy } from './confined.ts';
import { every, sourcesIn } from './sources-in.ts';

/** What a sandbox that forbids too much leaves in the log. */
const FORBIDDEN = /EPERM|EACCES|EROFS|EAFNOSUPPORT|not permitted|denied|read-only|\bbug\b/i;

/** However slow the machine is that runs this. */
const LONG_MS = 180_000;

/** Ids that the daemon has reported. */
interface Known {
  /** Id of an anomaly of the stream `machine`. */
  readonly alert: string;
  /** Id of a model of it that is not the live one. */
  readonly otherModel: string;
}

const REQUESTS: Readonly<Record<string, (known: Known) => object>> = {
  health_check: () => ({}),
  info: () => ({}),
  alerts: () => ({ stream: 'machine' }),
  rows: ({ alert }) => ({ alert }),
  ack: ({ alert }) => ({ alert }),
  normal: ({ alert }) => ({ alert }),
  routines: () => ({}),
  silence: () => ({ stream: 'csv', minutes: 1 }),
  maintenance: () => ({ action: 'add', minutes: 5, at: '2100-01-01T00:00:00Z' }),
  models: () => ({ stream: 'machine' }),
  retrain: () => ({ stream: 'machine' }),
  rollback: ({ otherModel }) => ({ stream: 'machine', model: otherModel }),
  anomaly: () => ({ stream: 'machine' }),
  outbox: () => ({}),
  'test-sink': () => ({ id: 'webhook' }),
  backup: () => ({}),
  reload: () => ({}),
};

/** Closes the files that come with a message, which is what systemd-notify waits for; socat keeps them open. */
const LISTENER = `
import os, socket, sys
listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listening.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
while True: print(listening.recv(65536).decode(), flush=True)
`;

/** The socket of systemd, and what was said there. */
async function notifySocket(path: string): Promise<() => string> {
  const child = spawn('/usr/bin/python3', ['-c', LISTENER, path]);
  onTestFinished(() => void child.kill());
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await vi.waitUntil(() => existsSync(path), { timeout: LONG_MS });
  return () => said;
}

/** Lowest priority of the processes that a process has started. */
function lowestPriority(parent: number): number {
  const nices = childrenOf(parent).map(({ pid }) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]); // the 19th field of proc_pid_stat(5)
    } catch {
      return 0; // it has ended
    }
  });
  return Math.max(0, ...nices);
}

function startDaemon(confined: Confined, config: object, notified: string): Running {
  const file = join(confined.folder, 'sentigon.yaml');
  writeFileSync(file, JSON.stringify(config));
  const daemon = startSentigon(['run', '--config', file], {
    ...{ through: confined.through, listens: true },
    env: { NOTIFY_SOCKET: notified, WATCHDOG_USEC: '2000000' },
  });
  every(100, () => void daemon.child.stdin?.write(`{"level[m]": ${Math.random()}}\n`));
  return daemon;
}

describe('the cases here', () => {
  it('are all verbs, sources and sinks that there are', async () => {
    expect(Object.keys(REQUESTS)).toEqual([...commands.keys()]);
    const kinds = Object.values(await sourcesIn(confinedBy('sentigon.service'))).map(
      (source) => (source as { kind: string }).kind,
    );
    expect([...new Set(kinds)].sort()).toEqual([...sources.keys()].sort());
    const tried = sinksAt('http://127.0.0.1', 25).map(({ kind }) => kind);
    expect(tried.sort()).toEqual([...sinks.keys()].sort());
  });
});

/** One of each kind; those over HTTP at `url`, mail to `port` of this machine. */
function sinksAt(url: string, port: number) {
  const minSeverity = 'info';
  return [
    { kind: 'log' },
    { kind: 'mqtt', homeAssistant: {} },
    { kind: 'sparkplug' },
    { kind: 'webhook', url, minSeverity },
    { kind: 'ntfy', server: url, topic: 'pi', minSeverity },
    {
      ...{ kind: 'email', host: '127.0.0.1', port, security: 'none', minSeverity },
      ...{ from: 'pi@mail.test', to: ['me@mail.test'] },
    },
  ];
}

describe.skipIf(!canConfine || !hasMosquitto || !hasSocat)('under the rules of its unit', () => {
  it('the daemon does all that it is for', async () => {
    const confined = confinedBy('sentigon.service');
    const { folder, state } = confined;
    const mosquitto = await startMosquitto(() => ['allow_anonymous true']);
    const url = `mqtt://127.0.0.1:${mosquitto.port}`;
    const subscriber = await subscribe(url, '#');
    every(200, () => void subscriber.publish('plant/level', String(Math.random())));
    const said = await notifySocket(join(folder, 'notify'));
    const [metrics, web] = [await freePort(), await freePort()];
    const [http, smtp] = [await httpReceiver(), await smtpReceiver()];
    const streams = Object.entries(await sourcesIn(confined)).map(([id, source]) => ({
      ...{ id, source },
      learn:
        id === 'machine'
          ? { rows: 200, intervalMs: 50 }
          : { rows: 600, intervalMs: 100, detector: 'robust-z' },
    }));
    const config = {
      ...{ node: 'pi', broker: { url }, streams, sinks: sinksAt(http.url, smtp.port) },
      ...{ metrics: { port: metrics }, web: { port: web } },
    };
    const daemon = startDaemon(confined, config, join(folder, 'notify'));

    for (const { id } of streams) {
      await daemon.until(new RegExp(`"streamId":"${id}","rows":\\d+,"of"`), LONG_MS); // it gives rows
    }
    await daemon.until('"msg":"watching"', LONG_MS);
    const alert = await anomalyOf('machine', join(state, 'fault'), subscriber);
    const seen = watchPriorities(daemon.child.pid ?? 0);
    await askEverything(join(state, CONTROL_SOCKET), alert);
    expect(seen.lowest()).toBe(10); // of the process that trained
    await daemon.until('configuration read again', LONG_MS);
    daemon.child.kill('SIGHUP');
    await daemon.until(/(configuration read again.*\s.*){2}/s, LONG_MS);

    expect(await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text()).toContain('machine');
    const password = readFileSync(join(state, 'web-password'), 'utf8').trim();
    const browser = await logIn(`http://127.0.0.1:${web}/`, password);
    expect((await browser.get('')).status).toBe(200);
    for (const topic of [/^homeassistant\//, /^spBv1.0\/Sentigon\/DBIRTH\/pi\/machine$/]) {
      await subscriber.next((message) => topic.test(message.topic));
    }

    // A test message by webhook was asked for; the alert went out by each of the three.
    const arrived = (part: string): boolean =>
      http.requests.some(({ body }) => body.includes(part));
    await vi.waitUntil(() => arrived('"topic":"pi"') && arrived(`"id":"${alert}"`), {
      timeout: LONG_MS,
    });
    await vi.waitUntil(() => smtp.mails.some((mail) => mail.includes(alert)), { timeout: LONG_MS });

    daemon.child.kill('SIGTERM');
    const { code, stdout, stderr } = await daemon.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').filter((line) => FORBIDDEN.test(line))).toEqual([]);
    await vi.waitUntil(() => said().includes('STOPPING=1'), { timeout: LONG_MS });
    for (const word of ['READY=1', 'RELOADING=1', 'WATCHDOG=1']) expect(said()).toContain(word);
  }, 600_000);

  it('a unit that forbids to change priorities costs no training', async () => {
    const confined = confinedBy('sentigon.service', {
      edit: (unit) => unit.replace('SystemCallFilter=setpriority\n', ''),
    });
    const { machine } = await sourcesIn(confined);
    const streams = [{ id: 'machine', source: machine, learn: { rows: 200, intervalMs: 50 } }];
    const embedded = { port: await freePort() }; // a broker of its own, for once
    const config = { embedded, streams, sinks: [{ kind: 'log' }, { kind: 'mqtt' }] };
    const daemon = startDaemon(confined, config, '');
    await daemon.until('"msg":"watching"', LONG_MS);
    const request = () => ({ stream: 'machine' });
    const socket = join(confined.state, CONTROL_SOCKET);
    expect(await answered(socket, 'retrain', request)).toMatchObject({ why: 'asked' });
    await subscribe(`mqtt://127.0.0.1:${embedded.port}`);
  }, 600_000);
});

/** Has the stream see a fault for a while; the id of the alert that comes of it. */
async function anomalyOf(stream: string, fault: string, { messages }: Subscriber): Promise<string> {
  writeFileSync(fault, '');
  const isIt = ({ topic }: { topic: string }): boolean => topic === `sentigon/pi/${stream}/event`;
  await vi.waitUntil(() => messages.some(isIt), { timeout: LONG_MS });
  rmSync(fault);
  return (JSON.parse(messages.find(isIt)?.text ?? '') as { id: string }).id;
}

async function askEverything(socket: string, alert: string): Promise<void> {
  const known = { alert, otherModel: '' };
  for (const verb of commands.keys()) {
    const data = await answered(socket, verb, () => REQUESTS[verb]?.(known));
    const { models = [], standing, id } = data;
    if (models[0]) known.otherModel = models[0].id;
    if (standing === 'rejected' && id !== undefined) known.otherModel = id;
  }
}

/** What is looked at in the answers. */
interface Answer {
  readonly models?: readonly { readonly id: string }[];
  readonly standing?: string;
  readonly id?: string;
}

/** The lowest priority that a process which it started has had meanwhile. */
function watchPriorities(pid: number) {
  let lowest = 0;
  every(5, () => {
    lowest = Math.max(lowest, lowestPriority(pid));
  });
  return { lowest: () => lowest };
}

/** The answer to a verb, asked again until it is one: there may be too few rows yet. */
async function answered(socket: string, verb: string, request: () => object | undefined) {
  const reply = await vi.waitUntil(
    async () => {
      const said = await askDaemon(socket, { verb, ...request() }, LONG_MS);
      return said.status === 'ok' || said.code === 'BUG' ? said : undefined;
    },
    { timeout: LONG_MS, interval: 1000 },
  );
  expect({ verb, ...reply }).toMatchObject({ status: 'ok' });
  return (reply.status === 'ok' ? reply.data : {}) as Answer;
}
