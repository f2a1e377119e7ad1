import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/app/log.ts';
import { watchDrift } from '../../../src/app/retraining/drift-watch.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { tempFolder } from '../../io/temp-folder.ts';

const MINUTE_MS = 60_000;
const DAY = 1440;

function watch(path = join(tempFolder(), 'drift.json'), modelId = 'a') {
  const said: { level: number; msg: string }[] = [];
  const log = createLog({
    level: 'info',
    style: 'json',
    write: (line) => void said.push(JSON.parse(line)),
  });
  const model = { id: modelId, intervalMs: MINUTE_MS };
  const drift = watchDrift({ streamId: 'machine', model, driftHours: 24, path, log });
  const random = createRandom(1);
  /** A score a minute, on a level of 4. */
  const live = (from: number, to: number, height: number, marks: object = {}): void => {
    for (let minute = from; minute < to; minute += 1) {
      const score = (height + 0.1 * random.normal()) / 4;
      const report = { streamId: 'machine', timeMs: minute * MINUTE_MS, score, level: 4 };
      drift.see({ ...report, anomalous: false, ...marks });
    }
  };
  return { drift, live, said, path };
}

describe('the drift of a model', () => {
  it('is told once when it shows and once when it is over', () => {
    const { drift, live, said } = watch();
    live(0, 2 * DAY, 1);
    expect(said).toEqual([]);
    live(2 * DAY, 3 * DAY, 1.5);
    expect(drift.drift()?.ratio).toBeCloseTo(1.5, 1);
    live(3 * DAY, 5 * DAY, 1);
    expect(drift.drift()).toBeUndefined();
    expect(said.map(({ level }) => level)).toEqual([40, 30]);
  });

  it('does not show in scores that are anomalous or of a quiet time', () => {
    const { drift, live } = watch();
    live(0, 2 * DAY, 1);
    live(2 * DAY, 4 * DAY, 3, { anomalous: true });
    live(4 * DAY, 6 * DAY, 3, { quiet: true });
    expect(drift.drift()).toBeUndefined();
  });

  it('is remembered, of this model only', () => {
    const first = watch();
    first.live(0, 2 * DAY, 1);
    first.drift.remember();
    const again = watch(first.path);
    again.live(2 * DAY, 3 * DAY, 1.5);
    expect(again.drift.drift()).toBeDefined();
    const other = watch(first.path, 'b');
    other.live(2 * DAY, 3 * DAY, 1.5);
    expect(other.drift.drift()).toBeUndefined();
  });
});
