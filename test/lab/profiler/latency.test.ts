import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { measureLatency } from '../../../src/lab/profiler/latency.ts';
import { isDisturbed, timed } from '../../../src/lab/profiler/timing.ts';
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
