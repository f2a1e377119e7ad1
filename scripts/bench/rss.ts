// Peak resident memory (VmHWM of /proc) of a bare Node and of the daemon that watches this machine with a GON.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { besideProcess } from '../beside-process.ts';
import { memoryOf } from '../process-figures.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/**
 * Half a minute recorded ten times as fast as it will be watched, and repeated to the half hour a stream learns from:
 * only the size of the model counts here, not its sense.
 */
const RECORDING_INTERVAL_MS = 100;
const RECORDING_S = 30;
const ROWS = 1800;
/** Longer than the longest window, so that the daemon scores for half of the time. */
const WATCHED_S = 60;

export function measureNodeRss(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], {
    stdio: 'ignore',
  });
  return besideProcess(child, async () => {
    await sleep(2000);
    return memoryOf(child.pid).peakMb;
  });
}

/** Of `node dist/main.js run` with one host stream, its embedded broker and its history. Needs `npm run build`. */
export async function measureDaemonRss(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'sentigon-bench-'));
  try {
    trainHostModel(folder);
    writeFileSync(
      join(folder, 'sentigon.yaml'),
      `state: state
embedded: { port: 0 }
streams: [{ id: host, source: { kind: host }, model: host.safetensors }]
sinks: [{ kind: mqtt }, { kind: log }]
`,
    );
    return await peakWhileWatching(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function trainHostModel(folder: string): void {
  const sentigon = (...args: string[]) =>
    execFileSync(process.execPath, [MAIN, ...args], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  const fast = `intervalMs=${RECORDING_INTERVAL_MS}`;
  sentigon('record', 'fast.csv', '--set', fast, '--seconds', `${RECORDING_S}`);
  const [header, ...rows] = readFileSync(join(folder, 'fast.csv'), 'utf8').trim().split('\n');
  const slowed = Array.from({ length: ROWS }, (_, i) => {
    const row = rows[i % rows.length] as string;
    return `${1e12 + i * 1000}${row.slice(row.indexOf(','))}`;
  });
  writeFileSync(join(folder, 'host.csv'), `${[header, ...slowed].join('\n')}\n`);
  sentigon('train', 'host.csv', '--out', 'host.safetensors', '--set', 'steps=50');
}

function peakWhileWatching(folder: string): Promise<number> {
  const daemon = spawn(process.execPath, [MAIN, 'run'], { cwd: folder, stdio: 'ignore' });
  return besideProcess(daemon, async () => {
    await sleep(WATCHED_S * 1000);
    return memoryOf(daemon.pid).peakMb;
  });
}
