import { describe, expect, it } from 'vitest';
import { trainingRows } from '../../../src/app/retraining/training-rows.ts';
import { CalibrationError } from '../../../src/core/errors.ts';

/** Ten rows a block, a row a second; the last block is damaged. */
const blocks = Array.from({ length: 21 }, (_, block) => {
  const timeMs = Float64Array.from({ length: 10 }, (_, row) => (10 * block + row) * 1000);
  const values = timeMs.map((time) => time / 1000);
  return () => Promise.resolve(block === 20 ? undefined : { timeMs, values });
});

const rows = (changes: Partial<Parameters<typeof trainingRows>[1]>) =>
  trainingRows(blocks, {
    streamId: 'machine',
    channels: [{ id: 'a', unit: '' }],
    exclusions: [],
    least: 1,
    most: 1000,
    ...changes,
  });

describe('rows to train on', () => {
  it('are all that were kept, in order', async () => {
    const { timeMs, values } = await rows({});
    expect([...values]).toEqual(Array.from({ length: 200 }, (_, row) => row));
    expect([...timeMs]).toEqual([...values].map((value) => value * 1000));
  });

  it('are none of an alert, a silence or a maintenance window, ends included', async () => {
    const { values } = await rows({
      exclusions: [
        { fromMs: 5000, toMs: 24_000, reason: 'alert' },
        { fromMs: 190_000, toMs: 500_000, reason: 'quiet' },
      ],
    });
    expect([...values]).toEqual([0, 1, 2, 3, 4, ...Array.from({ length: 165 }, (_, i) => 25 + i)]);
  });

  it.each([30, 50, 100, 150])(
    'are %i at about most, in whole blocks all over the time',
    async (most) => {
      const { values } = await rows({ most });
      expect(values.length).toBeGreaterThanOrEqual(most - 10);
      expect(values.length).toBeLessThanOrEqual(most + 10);
      expect(values.at(-1)).toBe(199);
      const starts = [...values].filter((value) => value % 10 === 0);
      expect(starts).toHaveLength(values.length / 10);
      const gaps = starts.slice(1).map((start, i) => start - (starts[i] as number));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.ceil(200 / most) * 10 + 10);
    },
  );

  it('are reported when they are too few', async () => {
    const few = () =>
      rows({ exclusions: [{ fromMs: 0, toMs: 150_000, reason: 'alert' }], least: 60 });
    await expect(few()).rejects.toThrow(CalibrationError);
    await expect(few()).rejects.toThrow(
      "stream 'machine' has 49 rows to learn from, of 200 kept, and needs 60",
    );
  });
});
