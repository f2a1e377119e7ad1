import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recording } from '../../src/lab/datasets/recording.ts';

const SCRIPT = new URL('../../scripts/record-host-faults/main.mjs', import.meta.url).pathname;

/** Six seconds of training, twelve of quiet, two short faults. */
function lineOf(out: string): string[] {
  return [
    ...[SCRIPT, '--profile', 'host-quiet', '--seed', '19', '--pace', '600', '--faults', '2'],
    ...['--out', out],
  ];
}

function saved(out: string): string[] {
  const pieces = join(out, 'pieces');
  return existsSync(pieces) ? readdirSync(pieces).filter((name) => /^\d+\.json$/.test(name)) : [];
}

/** Processes that work in `folder`, by their command lines. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandOf(pid))
    .filter((command) => command.includes(folder));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}

describe.runIf(existsSync('/proc/stat'))('the recorder', () => {
  it('goes on after an interruption with the piece it was in, and leaves nothing running', async () => {
    const out = mkdtempSync(join(tmpdir(), 'recording-'));
    const first = spawn(process.execPath, lineOf(out), { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(first, 'exit');
    let said = '';
    first.stderr.on('data', (text: Buffer) => {
      said += text.toString();
    });
    await expect.poll(() => saved(out).length, { timeout: 300_000 }).toBeGreaterThan(1);
    first.kill('SIGTERM');
    expect(await ended).toEqual([1, null]);
    expect(said).toContain('stopped: the same command goes on');
    expect(processesOf(out)).toEqual([]);
    const kept = saved(out).map((name) => readFileSync(join(out, 'pieces', name), 'utf8'));

    const second = spawnSync(process.execPath, lineOf(out), { encoding: 'utf8' });
    expect(second.status, second.stderr).toBe(0);
    expect(second.stderr).not.toContain('piece 1 of');
    expect(second.stderr).toContain('done');
    expect(readdirSync(out).toSorted()).toEqual(['labels.csv', 'test.csv.gz', 'train.csv.gz']);
    const { train, test, segments } = recording.read(out, '');
    expect(train.channels.map(({ id }) => id).slice(-2)).toEqual([
      'service.latency',
      'service.requests',
    ]);
    expect(test.timeMs[0]).toBeGreaterThan(train.timeMs.at(-1) as number);
    expect(kept[0]).toContain(String(train.timeMs[0]));
    expect(segments.length).toBeLessThanOrEqual(2); // shorter than a row they may lie between two
  });
});
