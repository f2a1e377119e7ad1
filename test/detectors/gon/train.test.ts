import { describe, expect, it } from 'vitest';
import { CalibrationError } from '../../../src/core/errors.ts';
import type { Series } from '../../../src/core/series.ts';
import { gon } from '../../../src/detectors/gon/train.ts';
import { gonOfficial } from '../../../src/detectors/gon-official/train.ts';
import type { TrainingProgress } from '../../../src/detectors/training/trainer.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { encodeModel } from '../../../src/models/model-file.ts';
import { toySeries } from '../training/toy-series.ts';

const quick = gon.options.parse({
  lengths: [1, 4],
  shapeLengths: [4, 200],
  linearLength: 3,
  hidden: 8,
  steps: 20,
  batch: 8,
  memoryKb: 2,
});

function context(seed = 1, signal = new AbortController().signal) {
  const progress: TrainingProgress[] = [];
  return {
    kernels: plainKernels,
    seed,
    intervalMs: 1000,
    signal,
    progress: (p: TrainingProgress) => progress.push(p),
    seen: progress,
  };
}
function firstChannel(rows: number): Series {
  const series = toySeries({ rows, seed: 1 });
  const width = series.channels.length;
  const values = series.values.filter((_, i) => i % width === 0);
  return { ...series, channels: series.channels.slice(0, 1), values };
}

const train = (rows = 300, seed = 1) =>
  gon.train(toySeries({ rows, seed: 1 }), quick, context(seed));

describe('training of the default GON', () => {
  it('gives the same bytes for the same seed, but for the duration', async () => {
    const [first, second] = [await train(), await train()];
    expect(second.id).toBe(first.id);
    const timeless = { ...second, card: { ...second.card, durationS: first.card.durationS } };
    expect(await encodeModel(timeless)).toEqual(await encodeModel(first));
  });

  it('gives other weights for another seed', async () => {
    const [first, second] = [await train(300, 1), await train(300, 2)];
    expect(second.tensors['m4.w1']).not.toEqual(first.tensors['m4.w1']);
  });

  it('writes a card that tells where the model comes from', async () => {
    const { card, calibration, windowLength } = await train();
    expect(card).toMatchObject({ dataId: 'toy', rows: 300, seed: 1 });
    expect(card.dataHash).toMatch(/^[0-9a-f]{64}$/);
    // One a member that ascends: the shapes only look at what is remembered.
    expect(card.finalLosses).toHaveLength(2);
    expect(windowLength).toBe(4 + 6 - 1);
    expect(calibration.length).toBe(60);
    expect(Math.min(...calibration)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...calibration)).toBeGreaterThan(0);
  });

  it('spans most of the variance with few components, and leaves the linear member out when told to', async () => {
    const { design, tensors } = await train();
    const { linear } = design as { linear: { components: number } };
    const [count, inputs] = tensors['linear.components']?.shape ?? [];
    expect([count, inputs]).toEqual([linear.components, 3 * 6]);
    expect(linear.components).toBeGreaterThan(0);
    expect(linear.components).toBeLessThan(3 * 6);
    const without = await gon.train(
      toySeries({ rows: 300, seed: 1 }),
      { ...quick, linearLength: 0 },
      context(),
    );
    expect(without.tensors).not.toHaveProperty('linear.mean');
    const { tensors: univariate } = await gon.train(firstChannel(300), quick, context());
    expect(univariate).not.toHaveProperty('linear.mean');
    expect(without.tensors['m4.w1']).toEqual(tensors['m4.w1']);
  });

  it('learns to tell real from fake', async () => {
    const options = { ...quick, lengths: [4], hidden: 24, steps: 300, batch: 32 };
    const { card } = await gon.train(toySeries({ rows: 400, seed: 1 }), options, context());
    // 2 ln 2 is what a discriminator reaches that has learned nothing.
    expect(card.finalLosses[0]).toBeLessThan(1.25);
  });

  it('reports progress that only grows and ends at 1', async () => {
    const run = context();
    await gon.train(toySeries({ rows: 300, seed: 1 }), quick, run);
    const fractions = run.seen.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(run.seen.every(({ loss }) => loss > 0)).toBe(true);
  });

  it('refuses a series too short for its windows, with the rows it needs', async () => {
    await expect(train(40)).rejects.toThrow(CalibrationError);
    await expect(train(40)).rejects.toThrow(/has 40 rows of 1000 ms, training needs at least \d+/);
  });

  it('leaves out members whose windows are never whole, and says so when none is left', async () => {
    const whole = toySeries({ rows: 900, seed: 1 });
    const hourMs = 3_600_000;
    const timeMs = whole.timeMs.map((ms, row) => ms + Math.floor(row / 40) * hourMs);
    const torn = { ...whole, timeMs };
    const { design } = await gon.train(torn, { ...quick, shapeLengths: [4, 60] }, context());
    expect(design).toMatchObject({ members: [{ length: 1 }, { length: 4 }, { length: 4 }] });
    const long = { ...quick, lengths: [60], shapeLengths: [] };
    await expect(gon.train(torn, long, context())).rejects.toThrow(
      "'toy' has too few unbroken windows of 60 rows",
    );
    await expect(gon.train(whole, { ...long, linearLength: 0 }, context())).resolves.toHaveProperty(
      'kind',
      'gon',
    );
  });

  for (const trainer of [gon, gonOfficial]) {
    it(`stops ${trainer.kind} when aborted, with the reason of the signal`, async () => {
      const abort = new AbortController();
      const reason = new Error('enough');
      const options = trainer.options.parse(trainer === gon ? { steps: 1e6 } : { epochs: 1e6 });
      const training = trainer.train(
        toySeries({ rows: 800, seed: 1 }),
        options as never,
        context(1, abort.signal),
      );
      setTimeout(() => abort.abort(reason), 60);
      await expect(training).rejects.toBe(reason);
    });
  }
});

describe('training of the official GON', () => {
  it('is reproducible and ends near ln 2, as upstream does', async () => {
    const once = () =>
      gonOfficial.train(
        toySeries({ rows: 200, seed: 1 }),
        gonOfficial.options.parse({}),
        context(),
      );
    const [first, second] = [await once(), await once()];
    expect(second.id).toBe(first.id);
    expect(first.card.finalLosses[0]).toBeGreaterThan(0.68);
    expect(first.card.finalLosses[0]).toBeLessThan(0.71);
  });
});
