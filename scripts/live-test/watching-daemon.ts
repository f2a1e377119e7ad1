// The daemon in a process of its own, which learns and watches this machine; what it logs is read for its alerts.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AlertPayload } from '../../src/io/text/alert-payload.ts';
import type { Opening } from './judge.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface WatchingDaemon {
  /** Resolves when it watches: after the lesson and the training. */
  watching(signal: AbortSignal): Promise<void>;
  /** Rejects when it ends without being asked. */
  readonly failure: Promise<never>;
  /** Anomalies that have opened so far. */
  openings(): readonly Opening[];
  stop(): Promise<void>;
}

/** A line of the daemon's log, as far as it is of interest. */
interface LogLine {
  readonly msg?: string;
  readonly alert?: AlertPayload;
}

/** The anomaly whose opening a line of the daemon's log reports; undefined = it reports something else. */
export function openingIn(line: string): Opening | undefined {
  const { alert } = parsed(line);
  if (alert?.kind !== 'anomaly' || alert.event_type !== 'opened') return undefined;
  const { ts, attribution, message: sentence } = alert;
  return { timeMs: Date.parse(ts), channel: attribution[0]?.channel, sentence };
}

function parsed(line: string): LogLine {
  return JSON.parse(line) as LogLine; // of our own daemon
}

/**
 * Starts it in `folder`, where its log goes to daemon.log, to learn as its configuration would say it, a row a second. Needs
 * `npm run build`.
 */
export function startWatchingDaemon(
  folder: string,
  learn: { readonly rows: number; readonly longest: number; readonly detector: string },
): WatchingDaemon {
  const configuration = {
    state: 'state',
    embedded: { enabled: false },
    streams: [{ id: 'host', source: { kind: 'host' }, learn }],
    sinks: [{ kind: 'log' }],
  };
  writeFileSync(join(folder, 'sentigon.yaml'), JSON.stringify(configuration));
  const child: ChildProcessByStdio<null, Readable, null> = spawn(process.execPath, [MAIN, 'run'], {
    cwd: folder,
    // The rest says how to log, where state lies and to whom to report, under a service for one.
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const openings: Opening[] = [];
  let watches = false;
  let last = '';
  createInterface({ input: child.stdout }).on('line', (text) => {
    last = text;
    appendFileSync(join(folder, 'daemon.log'), `${text}\n`);
    if (parsed(text).msg === 'watching') watches = true;
    const opening = openingIn(text);
    if (opening) openings.push(opening);
  });
  return {
    async watching(signal) {
      while (!watches) await sleep(200, undefined, { signal });
    },
    failure: ended.then(([code, signalName]) => {
      throw new Error(`the daemon ended with ${code ?? signalName}: ${last}`);
    }),
    openings: () => openings,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
