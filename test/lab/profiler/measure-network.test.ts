import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { measureLatency } from '../../../src/lab/profiler/measure-network.ts';
import { disturbedOf, type Measurement } from '../../../src/lab/profiler/profile.ts';
import { isDisturbed, isSlowed, timed, yardstickOf } from '../../../src/lab/profiler/timing.ts';
import { network, QUICK } from './cases.ts';

const { signal } = new AbortController();

describe('timed', () => {
  /** Takes so many milliseconds in turn. */
  const runFor = (durationsMs: readonly number[]) => {
    let turn = 0;
    return () => {
      const endMs = performance.now() + (durationsMs[turn % durationsMs.length] ?? 0);
      turn += 1;
      while (performance.now() < endMs);
    };
  };
  const timing = { ...QUICK, leastRuns: 24 };

  it('notices that some of the runs are slower than the others', async () => {
    expect(isDisturbed(await timed(runFor([1, 1, 1, 2]), timing, signal))).toBe(true);
    expect(isDisturbed({ p50S: 1, p95S: 1.1 })).toBe(false);
  });
});

describe('timed with a yardstick', () => {
  /** Work of 1 ms, and of 2 ms in the first `slowRuns` runs, on a clock that only the work moves. */
  const machine = (slowRuns: number) => {
    let nowMs = 0;
    let runs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    onTestFinished(() => void vi.restoreAllMocks());
    const work = () => {
      nowMs += runs < slowRuns ? 2 : 1;
    };
    const yardstick = yardstickOf(work);
    return {
      yardstick,
      run: () => {
        work();
        runs += 1;
      },
    };
  };
  const asked = { ...QUICK, leastRuns: 50, leastS: 0.05 };

  it('leaves out the runs that other work slowed', async () => {
    const { run, yardstick } = machine(30);
    const found = await timed(run, asked, signal, yardstick);
    expect(found).toMatchObject({ p50S: 0.001, yardstickS: 0.001 });
    expect(found.runs).toBeGreaterThanOrEqual(30 + 50);
  });

  it('is not waited for where the machine stays slow, and then it tells', async () => {
    const { run, yardstick } = machine(Number.POSITIVE_INFINITY);
    const once = { now: () => yardstick.now(), leastS: 0.001 }; // seen before
    const found = await timed(run, asked, signal, once);
    expect(found).toMatchObject({ p50S: 0.002, yardstickS: 0.002 });
    expect(isSlowed(found.yardstickS ?? 0, once.leastS)).toBe(true);
  });
});

describe('disturbedOf', () => {
  const measurement = (p95S: number, yardstickS?: number) =>
    ({ p50S: 1, p95S, ...(yardstickS !== undefined && { yardstickS }) }) as Measurement;

  it('are those slowed for some of their runs, and those slowed for all of them', () => {
    const [steady, uneven, slow] = [measurement(1.1, 1), measurement(2, 1), measurement(1.1, 1.5)];
    expect(disturbedOf([steady, uneven, slow])).toEqual([uneven, slow]);
  });

  it('go by single runs in profiles that have no yardstick', () => {
    const uneven = measurement(2);
    expect(disturbedOf([measurement(1.1), uneven])).toEqual([uneven]);
  });
});

describe('measureLatency', () => {
  it('times so many inferences, each by itself', async () => {
    const found = await measureLatency(network(1), {
      kernels: plainKernels,
      signal,
      timing: QUICK,
    });
    expect(found.runs).toBeGreaterThanOrEqual(QUICK.leastRuns);
    expect(found.p50S).toBeGreaterThan(0);
    expect(found.p95S).toBeGreaterThanOrEqual(found.p50S);
  });

  it('lets a meter see the inferences that count, and not the warm-up', async () => {
    const seen: string[] = [];
    const kernels = {
      ...plainKernels,
      compile(...asked: Parameters<typeof plainKernels.compile>) {
        const program = plainKernels.compile(...asked);
        const forward = (): void => {
          seen.push('run');
          program.forward();
        };
        return { ...program, forward };
      },
    };
    const { runs } = await measureLatency(network(1), {
      kernels,
      signal,
      timing: QUICK,
      around: () => {
        seen.push('start');
        return async () => void seen.push('stop');
      },
    });
    expect(seen.indexOf('stop') - seen.indexOf('start')).toBe(runs + 1);
    expect(seen.indexOf('start')).toBeGreaterThanOrEqual(QUICK.warmUpRuns);
    expect(seen.at(-1)).toBe('stop');
  });

  it('refuses shapes that cannot be', async () => {
    const torn = { ...network(1), patch: 3 };
    await expect(
      measureLatency(torn, { kernels: plainKernels, signal, timing: QUICK }),
    ).rejects.toThrow(ConfigError);
  });

  it('ends when it is aborted', async () => {
    const reason = new Error('enough');
    await expect(
      measureLatency(network(1), {
        kernels: plainKernels,
        signal: AbortSignal.abort(reason),
        timing: QUICK,
      }),
    ).rejects.toBe(reason);
  });
});
