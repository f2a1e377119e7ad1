import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PulseCounter } from '../../../../src/io/sources/gpio/pulse-counter.ts';

/** Pulses of `widthMs` that rise at the given times. */
function pulse(counter: PulseCounter, widthMs: number, ...risesMs: number[]): void {
  for (const atMs of risesMs) {
    counter.edge(true, atMs);
    counter.edge(false, atMs + widthMs);
  }
}

describe('pulse counter', () => {
  it('sums up the pulses of a step', () => {
    const counter = new PulseCounter(0, 0);
    pulse(counter, 20, 100, 350, 600, 850);
    expect(counter.step(1000)).toEqual({ count: 4, rate: 4, duty: 0.08, width: 20, level: 0 });
  });

  it('shares a pulse between the steps it lies in', () => {
    const counter = new PulseCounter(0, 0);
    pulse(counter, 700, 600);
    expect(counter.step(1000)).toMatchObject({ count: 1, duty: 0.4, width: 0, level: 1 });
    expect(counter.step(2000)).toMatchObject({ count: 0, duty: 0.3, width: 700, level: 0 });
  });

  it('holds the level of a line that never changes', () => {
    const closed = new PulseCounter(1, 0);
    expect(closed.step(1000)).toEqual({ count: 0, rate: 0, duty: 1, width: 0, level: 1 });
    closed.edge(false, 1500);
    // when it rose is not known, so neither is the width
    expect(closed.step(2000)).toEqual({ count: 0, rate: 0, duty: 0.5, width: 0, level: 0 });
  });

  it('has a finer rate than the count when pulses are few', () => {
    const counter = new PulseCounter(0, 0);
    const rates: number[] = [];
    for (let step = 1; step <= 6; step += 1) {
      // one pulse each 1.4 s
      for (let atMs = 700; atMs < step * 1000; atMs += 1400) {
        if (atMs >= (step - 1) * 1000) pulse(counter, 10, atMs);
      }
      rates.push(counter.step(step * 1000).rate);
    }
    for (const rate of rates.slice(2)) expect(rate).toBeCloseTo(1 / 1.4, 9);
  });

  it('lets the rate fade when pulses stop, and starts anew when they return', () => {
    const counter = new PulseCounter(0, 0);
    pulse(counter, 5, 500, 600, 700, 800, 900);
    expect(counter.step(1000).rate).toBeCloseTo(10, 9);
    expect(counter.step(2000).rate).toBeCloseTo(1000 / 1100, 9);
    expect(counter.step(11_000).rate).toBeCloseTo(1000 / 10_100, 9);
    pulse(counter, 1, 11_500, 11_510, 11_520);
    expect(counter.step(12_000).rate).toBeCloseTo(100, 9);
  });

  it('keeps an edge for the step it belongs to, and loses none that comes late', () => {
    const counter = new PulseCounter(0, 0);
    counter.edge(true, 1010);
    expect(counter.step(1000)).toMatchObject({ count: 0, level: 0 });
    expect(counter.step(2000)).toMatchObject({ count: 1, duty: 0.99, level: 1 });
    counter.edge(false, 1900); // arrived after its step was over
    expect(counter.step(3000)).toMatchObject({ count: 0, duty: 0, width: 890, level: 0 });
  });

  it('holds a flood that nobody asks for', () => {
    const counter = new PulseCounter(0, 0);
    for (let atMs = 0; atMs < 200_000; atMs += 10) pulse(counter, 5, atMs);
    const { count, rate, duty, width } = counter.step(200_000);
    expect(count).toBe(20_000);
    expect(rate).toBeCloseTo(100, 1);
    expect(duty).toBeCloseTo(0.5, 6);
    expect(width).toBeCloseTo(5, 6);
  });

  it('conserves pulses and active time, however the steps are cut', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 50, max: 700 }), (gapsMs, stepMs) => {
        const counter = new PulseCounter(0, 0);
        const edgesMs = gapsMs.map((_, at) => gapsMs.slice(0, at + 1).reduce((a, b) => a + b));
        for (const [at, atMs] of edgesMs.entries()) counter.edge(at % 2 === 0, atMs);
        const activeMs = gapsMs.filter((_, at) => at % 2 === 1).reduce((a, b) => a + b);
        const lastMs = edgesMs.at(-1) ?? 0;
        let count = 0;
        let summedMs = 0;
        for (let startMs = 0; startMs < lastMs; startMs += stepMs) {
          const endMs = Math.min(startMs + stepMs, lastMs);
          const step = counter.step(endMs);
          count += step.count;
          summedMs += step.duty * (endMs - startMs);
        }
        expect(count).toBe(Math.ceil(gapsMs.length / 2));
        expect(summedMs).toBeCloseTo(activeMs, 6);
      }),
    );
  });
});
