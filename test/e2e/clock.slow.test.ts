// The clock of a running daemon is set while its broker is away (#18).
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { writeMachineModel, writeRecording } from '../app/recording.ts';
import { count } from '../io/store/open-store.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { startSentigon } from './sentigon.ts';

/** Where Debian puts it. */
const LIBRARIES = ['x86_64', 'aarch64', 'arm'].map(
  (machine) =>
    `/usr/lib/${machine}-linux-gnu${machine === 'arm' ? 'eabihf' : ''}/faketime/libfaketime.so.1`,
);
const library = LIBRARIES.find((path) => existsSync(path));

const FAULTS = Array.from({ length: 20 }, (_, k) => [60 + 100 * k, 80 + 100 * k] as const);

it.skipIf(library === undefined)(
  'alerts that wait for a broker outlast a clock that is ten days behind, set, and 800 days ahead for a while',
  async () => {
    const folder = tempFolder();
    const clock = join(folder, 'clock');
    writeRecording(folder, 'machine.csv', { rows: 2100, seed: 3, faults: FAULTS });
    await writeMachineModel(folder);
    writeFileSync(
      join(folder, 'sentigon.yaml'),
      `node: pi
state: state
broker: {url: "mqtt://127.0.0.1:9"}
store: {flushMs: 200}
streams: [{id: machine, source: {kind: csv, path: machine.csv, speed: 100}, model: machine.safetensors}]
sinks: [{kind: mqtt}]
`,
    );
    set(clock, '-10d');
    const env = {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1', // as earlier versions call it
    };
    const history = join(folder, 'state', 'history.db');
    const waiting = () => count(history, 'outbox') ?? 0;
    const run = startSentigon(['run'], { cwd: folder, env });
    await run.until('"msg":"watching"');
    await vi.waitUntil(() => waiting() >= 6, { timeout: 60_000 });
    for (const shift of ['+0d', '+800d', '+0d']) {
      set(clock, shift);
      const then = waiting();
      await vi.waitUntil(() => waiting() >= then + 2, { timeout: 60_000 });
    }
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    expect(stdout).not.toContain('dropped');
    expect(waiting()).toBe(count(history, 'alert'));
    expect(count(history, 'score')).toBe(2100);
  },
  180_000,
);

/** In one step: a file that is still empty ends the program. */
function set(clock: string, shift: string): void {
  writeFileSync(`${clock}.new`, shift);
  renameSync(`${clock}.new`, clock);
}
