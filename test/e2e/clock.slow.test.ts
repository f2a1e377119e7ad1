// The clock of a running daemon is set while its broker is away (#18).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { writeMachineModel, writeRecording } from '../app/recording.ts';
import { count } from '../io/store/open-store.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { DAY_S, fakeClock } from './hostile/fake-clock.ts';
import { missing } from './hostile/tools.ts';
import { startSentigon } from './sentigon.ts';

const FAULTS = Array.from({ length: 20 }, (_, k) => [60 + 100 * k, 80 + 100 * k] as const);

it.skipIf(missing(['faketime']).length > 0)(
  'alerts that wait for a broker outlast a clock that is ten days behind, set, and 800 days ahead for a while',
  async () => {
    const folder = tempFolder();
    const clock = fakeClock(folder, -10 * DAY_S);
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
    const history = join(folder, 'state', 'history.db');
    const waiting = () => count(history, 'outbox') ?? 0;
    const run = startSentigon(['run'], { cwd: folder, env: clock.env });
    await run.until('"msg":"watching"');
    await vi.waitUntil(() => waiting() >= 6, { timeout: 60_000 });
    for (const offsetS of [0, 800 * DAY_S, 0]) {
      clock.set(offsetS);
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
