import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../src/core/errors.ts';
import { rowOf, type Series } from '../../../src/core/series.ts';
import { names } from '../daemon/setup.ts';
import { CHANNELS, recorded, START_MS } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

const id = `anomaly-machine-${START_MS + 200_000}`;
const faulty = recorded({ rows: 400, seed: 5, faults: [[200, 300]] });

/** Remembers what was kept each time. */
class Kept extends Map<string, Series> {
  readonly all: Series[] = [];
  override set(alertId: string, rows: Series): this {
    this.all.push(rows);
    return super.set(alertId, rows);
  }
}

/** Rows of the recording at which the kept ones were measured. */
function places(kept: Series | undefined): number[] {
  return Array.from(kept?.timeMs ?? [], (timeMs) => (timeMs - START_MS) / 1000);
}

function from(first: number, count: number, step = 1): number[] {
  return Array.from({ length: count }, (_, i) => first + i * step);
}

describe('rows around an alert', () => {
  it('are those before it when it opens, and those until its end when it closes', async () => {
    const rows = new Kept();
    const { done, saved } = await watching(sourceOf(true, undefined, faulty), {
      ...{ mostRows: 400, rows },
    });
    await done;
    const [opened, closed] = saved.map(({ timeMs }) => (timeMs - START_MS) / 1000);
    expect(places(rows.all[0])).toEqual(from((opened ?? 0) - 199, 200));
    const whole = rows.get(id);
    expect(places(whole)).toEqual(from((opened ?? 0) - 199, 200 + (closed ?? 0) - (opened ?? 0)));
    expect(whole?.channels).toEqual(CHANNELS);
    const first = rowOf(faulty, (opened ?? 0) - 199);
    expect([...rowOf(whole ?? faulty, 0)]).toEqual([...Float32Array.from(first)]);
  });

  it('are bounded: of what follows a long alert each second, fourth, ... row is left', async () => {
    const rows = new Kept();
    const { done } = await watching(sourceOf(false, undefined, faulty), { mostRows: 40, rows });
    await done;
    const [opened = 0] = places(rows.all[0]).slice(-1);
    const found = places(rows.get(id));
    expect(found.slice(0, 20)).toEqual(from(opened - 19, 20));
    const after = found.slice(20);
    expect(after.length).toBeLessThanOrEqual(20);
    expect(after).toEqual(from(opened + 1, after.length, 8)); // 130 rows in 20 places
    expect(after.at(-1)).toBeGreaterThan(300);
  });

  it('show no reading where none was made, and one row for all samples of its time', async () => {
    const rows = new Kept();
    const values = faulty.values.slice();
    values[2 * 195] = Number.NaN;
    const twice = {
      ...faulty,
      timeMs: faulty.timeMs.map((timeMs, row) => (row === 191 ? timeMs - 900 : timeMs)),
      values,
    };
    const { done } = await watching(sourceOf(true, undefined, twice), { mostRows: 100, rows });
    await done;
    const kept = rows.all[0] ?? faulty;
    const at = (place: number) => [...rowOf(kept, places(kept).indexOf(place))];
    expect(at(195)[0]).toBeNaN();
    expect(at(195)[1]).toBeCloseTo(faulty.values[2 * 195 + 1] ?? 0, 3);
    expect(places(kept).filter((place) => Math.floor(place) === 190)).toEqual([190]);
    expect(at(191)[0]).toBeCloseTo(faulty.values[2 * 191] ?? 0, 3); // what came too early for it
  });

  it('go on after a restart in the middle of it', async () => {
    const rows = new Kept();
    const stopping = sourceOf(
      true,
      (row) => {
        if (row === 250) first.stop.abort();
      },
      faulty,
    );
    const first = await watching(stopping, { mostRows: 600, rows });
    await first.done;
    expect(places(rows.get(id)).at(-1)).toBe(249);
    const rest = {
      ...faulty,
      timeMs: faulty.timeMs.slice(260),
      values: faulty.values.slice(520),
    };
    const second = await watching(sourceOf(true, undefined, rest), {
      ...{ mostRows: 600, rows, left: first.saved },
    });
    await second.done;
    const found = places(rows.get(id));
    expect(found.filter((place) => place > 240 && place < 270)).toEqual([
      ...from(241, 9),
      ...from(260, 10),
    ]);
    expect(found).toEqual([...found].sort((a, b) => a - b));
  });

  it('stay as they are when the stream has other channels after a restart', async () => {
    const rows = new Kept();
    const first = await watching(sourceOf(true, undefined, faulty), { mostRows: 40, rows });
    await first.done;
    const [channel = { id: '', unit: '' }] = CHANNELS;
    const [timeMs, values] = [Float64Array.of(START_MS), Float64Array.of(1)];
    const other = { id, channels: [{ ...channel, unit: 'V' }], timeMs, values };
    rows.set(id, other);
    const left = first.saved.slice(0, 1); // its opening
    const second = await watching(sourceOf(true, undefined, faulty), { mostRows: 40, rows, left });
    await second.done;
    expect(names(second.saved)).toContain(`${id} closed`);
    expect(rows.get(id)).toBe(other);
  });

  it('are also those of a source that fails meanwhile', async () => {
    const rows = new Kept();
    let failed = false;
    const source = sourceOf(
      true,
      (row) => {
        if (row !== 210 || failed) return;
        failed = true;
        throw new SourceError('cable pulled');
      },
      faulty,
    );
    const { done } = await watching(source, { mostRows: 400, rows });
    await done;
    expect(places(rows.get(id))).toEqual(expect.arrayContaining(from(190, 40)));
  });

  it('are never in another order than time, though the clock is set back', async () => {
    const rows = new Kept();
    const early = faulty.timeMs.map((timeMs, row) => (row < 150 ? timeMs + 9e6 : timeMs));
    const { done } = await watching(sourceOf(true, undefined, { ...faulty, timeMs: early }), {
      ...{ mostRows: 400, rows },
    });
    await done;
    expect(places(rows.get(id))[0]).toBe(150);
  });

  it('are none when none are wanted', async () => {
    const rows = new Kept();
    const { done, saved } = await watching(sourceOf(true, undefined, faulty), {
      mostRows: 0,
      rows,
    });
    await done;
    expect(saved).toHaveLength(2);
    expect(rows.size).toBe(0);
  });
});
