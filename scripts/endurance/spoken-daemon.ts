// The daemon in a process of its own, in the environment of the unit, which hears its rows on standard input. Linux only.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Health } from '../../src/core/health.ts';
import { askDaemon, CONTROL_SOCKET } from '../../src/io/local/control-socket.ts';
import { cpuOf, memoryOf, writtenBy } from '../process-figures.ts';
import { CHANNELS } from './machine.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const UNIT = fileURLToPath(new URL('../../systemd/sentigon.service', import.meta.url));
const ANSWER_MS = 30_000;

export interface SpokenDaemon {
  /** Resolves when it takes more. */
  say(line: string): Promise<void>;
  /** Resolves when it watches, which may take a training. */
  watching(): Promise<void>;
  /** Resolves when it has scored what it was told. */
  settled(): Promise<{ readonly scored: number }>;
  memory(): ReturnType<typeof memoryOf>;
  written(): ReturnType<typeof writtenBy>;
  cpuS(): number;
  /** Ends it in order; throws when it does not end with 0. */
  stop(): Promise<void>;
}

/** As installed: embedded broker, history, outbox, rows for the next training. Each row is a second of its own time. */
export function writeConfiguration(folder: string, store: object): void {
  const configuration = {
    node: 'pi',
    state: 'state',
    embedded: { port: 0 },
    store,
    streams: [{ id: 'machine', source: { kind: 'stdin', channels: CHANNELS } }],
    sinks: [{ kind: 'mqtt' }, { kind: 'log' }],
  };
  writeFileSync(join(folder, 'sentigon.yaml'), JSON.stringify(configuration));
}

/** In the folder of a configuration. Needs `npm run build`. */
export function startSpokenDaemon(folder: string): SpokenDaemon {
  const child = spawn(process.execPath, [MAIN, 'run'], {
    cwd: folder,
    env: { ...process.env, ...unitEnvironment() },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  child.stdin.on('error', () => undefined); // `stop` tells how it ended
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-10_000);
  });
  const requireLife = (): void => {
    if (child.exitCode !== null) throw new Error(`the daemon ended with ${child.exitCode}: ${log}`);
  };
  const scored = async (): Promise<number> => {
    const socket = join(folder, 'state', CONTROL_SOCKET);
    const reply = await askDaemon(socket, { verb: 'health_check' }, ANSWER_MS);
    if (reply.status === 'error') throw new Error(`the daemon tells no health: ${reply.error}`);
    const { streams } = reply.data as Health; // of our own daemon
    return streams[0]?.scored ?? 0;
  };
  return {
    async say(line) {
      requireLife();
      if (!child.stdin.write(`${line}\n`)) await Promise.race([once(child.stdin, 'drain'), ended]);
    },
    async watching() {
      while (!log.includes('"watching"')) {
        requireLife();
        await sleep(200);
      }
    },
    async settled() {
      let before = -1;
      for (;;) {
        const now = await scored();
        if (now === before) return { scored: now };
        before = now;
        await sleep(1000);
      }
    },
    memory: () => memoryOf(child.pid),
    written: () => writtenBy(child.pid),
    cpuS: () => cpuOf(child.pid),
    async stop() {
      child.kill('SIGTERM');
      const [code] = await ended;
      if (code !== 0) throw new Error(`the daemon ended with ${code}: ${log}`);
    },
  };
}

/** What the unit sets for the daemon, NAME=value in each word. */
export function unitEnvironment(): Record<string, string> {
  const lines = readFileSync(UNIT, 'utf8').matchAll(/^Environment=(.*)$/gm);
  const words = [...lines].flatMap(([, line = '']) => line.split(' '));
  return Object.fromEntries(words.map((word) => word.split('=') as [string, string])); // by its form
}
