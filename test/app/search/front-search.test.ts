import { describe, expect, it } from 'vitest';
import { readJournal } from '../../../src/app/search/journal.ts';
import { foundPoints } from '../../../src/app/search/points.ts';
import { resumeSearch, startSearch } from '../../../src/app/search/session.ts';
import {
  context,
  encoderOf,
  fresh,
  measuring,
  STARTED,
  settings,
  summary,
  toyPool,
} from './toy-search.ts';

describe('a search for a front', () => {
  const asked = settings({
    ...{ budget: 8, method: 'breathe', objectives: ['accuracy', 'latency', 'memory'] },
    methodOptions: { restarts: 2, iterations: 3, initial: 3 },
  });

  it('ends, stopped and resumed, where it ends without a stop; its hypervolume never falls', async () => {
    const whole = await startSearch(asked, STARTED, context(fresh()));
    const volumes = whole.history.map(({ hypervolume }) => hypervolume);
    expect(volumes).toEqual(volumes.toSorted((a, b) => a - b));
    expect(new Set(volumes).size).toBeGreaterThan(2);
    const folder = fresh();
    const stop = new AbortController();
    const stopped = startSearch(
      asked,
      STARTED,
      context(folder, {
        signal: stop.signal,
        onTold: ({ number }) => number === 5 && stop.abort(new Error('enough')),
      }),
    );
    await expect(stopped).rejects.toThrow('enough');
    const resumed = await resumeSearch(readJournal(folder), 8, context(folder));
    expect(summary(resumed)).toEqual(summary(whole));
  });

  it('chooses nothing, and has on its front what is feasible and not dominated', async () => {
    const pool = toyPool((design) => encoderOf(design).layers[0]?.heads[0]?.op === 'transform');
    const { header, library, history } = await startSearch(
      { ...asked, method: 'random', methodOptions: {}, budget: 12 },
      STARTED,
      context(fresh(), { pool }),
    );
    const found = foundPoints(
      history.map(({ evaluated }) => evaluated),
      { choices: library.choices, scale: header.scale, ...header.settings },
    );
    expect(found.chosen).toBeUndefined();
    expect(found.points.some(({ performance }) => performance !== undefined)).toBe(false);
    const feasible = found.points.filter(({ failure }) => failure === undefined);
    expect(feasible).toHaveLength(8);
    const worths = feasible.map(({ accuracy = 0, costs }) => [
      accuracy,
      -costs.p50S,
      -costs.memoryBytes,
    ]);
    for (const { onFront, accuracy = 0, costs } of found.points) {
      const own = [accuracy, -costs.p50S, -costs.memoryBytes];
      const isBeaten = worths.some(
        (other) =>
          other.every((one, i) => one >= (own[i] as number)) &&
          other.some((one, i) => one > (own[i] as number)),
      );
      if (onFront) expect(isBeaten).toBe(false);
    }
    expect(found.points.filter(({ onFront }) => onFront).every((one) => !one.failure)).toBe(true);
    expect(found.reason).toMatch(
      /^\d of 8 feasible points are on the front of accuracy, latency, memory$/,
    );
    expect(found.hypervolume).toBe(history.at(-1)?.hypervolume);
  });

  it('refuses an objective that nothing is known of', async () => {
    const energy = settings({ method: 'breathe', objectives: ['accuracy', 'energy'] });
    const message =
      'nothing is known of the energy of x86: profile it with a meter, or leave energy out of --objectives';
    await expect(startSearch(energy, STARTED, context(fresh()))).rejects.toThrow(message);
    const measured = { ...energy, devices: [{ kind: 'x86', measured: true }] };
    const measure = context(fresh(), { pool: measuring() });
    await expect(startSearch(measured, STARTED, measure)).rejects.toThrow(message);
  });

  it('says which measured network misses the limits by least, and by how much', async () => {
    const limits = { latencyS: 1e-9, memoryBytes: 1000 };
    const measured = { ...asked, limits, devices: [{ kind: 'x86', measured: true }] };
    const { header, library, history } = await startSearch(
      measured,
      STARTED,
      context(fresh(), { pool: measuring() }),
    );
    const found = foundPoints(
      history.map(({ evaluated }) => evaluated),
      { choices: library.choices, scale: header.scale, ...header.settings },
    );
    const costs = history.map(({ evaluated }) => evaluated.costs.p95S);
    const nearest = costs.indexOf(Math.min(...costs)) + 1;
    expect(found.reason).toMatch(
      new RegExp(
        `^none of 8 points is feasible; the nearest, evaluation ${nearest}: latency \\d[\\d.]* us exceeds 0.001 us$`,
      ),
    );
    expect(history.at(-1)?.hypervolume).toBe(0);
  });
});
