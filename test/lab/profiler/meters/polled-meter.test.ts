import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceOf } from '../../../../src/lab/profiler/meters/polled-meter.ts';
import { energyTrace } from '../../../../src/lab/profiler/meters/rapl.ts';

const samples = fc
  .array(
    fc.tuple(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0.1, max: 20, noNaN: true })),
    {
      minLength: 4,
      maxLength: 30,
    },
  )
  .map((steps) => {
    let timeMs = 0;
    return steps.map(([stepMs, powerW]) => {
      timeMs += stepMs;
      return { timeMs, powerW };
    });
  });

describe('traceOf', () => {
  it('is exact for power that grows evenly, wherever it is read', () => {
    const line = [0, 300, 350, 1000].map((timeMs) => ({ timeMs, powerW: 2 + timeMs / 1000 }));
    const trace = traceOf(line, 200, 800);
    expect(trace?.energyJ).toBeCloseTo(0.6 * 2.5, 12);
    expect(trace?.seconds).toBeCloseTo(0.6, 12);
  });

  it('gives the same energy in two halves as in one', () => {
    fc.assert(
      fc.property(samples, (line) => {
        const [from, to] = [0, (line.at(-1)?.timeMs ?? 0) + 10];
        const middle = line[Math.floor(line.length / 2)]?.timeMs ?? 0;
        const whole = traceOf(line, from, to)?.energyJ ?? Number.NaN;
        const [left, right] = [traceOf(line, from, middle), traceOf(line, middle, to)];
        fc.pre(left !== undefined && right !== undefined);
        expect((left?.energyJ ?? 0) + (right?.energyJ ?? 0)).toBeCloseTo(whole, 9);
      }),
    );
  });

  it('tells nothing of two readings that are not there', () => {
    expect(traceOf([{ timeMs: 5, powerW: 1 }], 0, 10)).toBeUndefined();
  });
});

describe('energyTrace', () => {
  it('never has a peak below the mean power', () => {
    fc.assert(
      fc.property(samples, (steps) => {
        let energyJ = 0;
        const readings = steps.map(({ timeMs, powerW }) => {
          energyJ += powerW;
          return { timeMs, energyJ };
        });
        const trace = energyTrace(readings, 1);
        fc.pre(trace !== undefined);
        const { energyJ: all = 0, seconds = 1, peakPowerW = 0 } = trace ?? {};
        expect(peakPowerW).toBeGreaterThanOrEqual((all / seconds) * (1 - 1e-9));
      }),
    );
  });
});
