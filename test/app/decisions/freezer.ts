// A freezer: its compressor cools it every twenty minutes; now and then it defrosts.
import type { Machine, Setting } from './household.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const CYCLE_MS = 20 * MINUTE_MS;

/** Temperature, power of the compressor, voltage of the mains, humidity around it. */
const freezer: Machine = (timeMs, noise) => {
  const phase = (timeMs % CYCLE_MS) / CYCLE_MS;
  const cools = phase < 0.5;
  const temperature = cools ? -17 - 4 * phase : -19 + 4 * (phase - 0.5);
  const humidity = 40 + 3 * Math.sin(timeMs / HOUR_MS);
  return [
    temperature + 0.1 * noise(),
    (cools ? 90 : 1) + noise(),
    230 + 0.8 * noise(),
    humidity + 0.5 * noise(),
  ];
};

/** One whose compressor runs all the time, so that each channel has its place. */
export const steady: Machine = (_, noise) => [
  -17 + 0.3 * noise(),
  40 + 2 * noise(),
  230 + 0.8 * noise(),
  40 + 0.5 * noise(),
];

/** When the next cycle but one begins: the defrosts of a freezer do not cut its cycles. */
export function soonAfter(timeMs: number): number {
  return (Math.ceil(timeMs / CYCLE_MS) + 1) * CYCLE_MS;
}

/** It warms up for twenty minutes, `warming` times as much as usual, and cools down again. */
export function defrost(fromMs: number, warming = 1, machine = freezer): Machine {
  return (timeMs, noise) => {
    const values = machine(timeMs, noise);
    const [, , mains = 0, humidity = 0] = values;
    const minutes = (timeMs - fromMs) / MINUTE_MS;
    if (minutes < 0 || minutes >= 40) return values;
    const warmth = 0.6 * warming * (minutes < 20 ? minutes : 40 - minutes);
    const power = minutes < 20 ? 1 : 90;
    return [-17 + warmth + 0.1 * noise(), power + noise(), mains, humidity];
  };
}

/** The machine with a voltage of `volts` for forty seconds. */
export function withMainsAt(volts: number, fromMs: number, machine: Machine = freezer): Machine {
  return (timeMs, noise) => {
    const [temperature = 0, power = 0, mains = 0, humidity = 0] = machine(timeMs, noise);
    const fails = timeMs >= fromMs && timeMs < fromMs + 40_000;
    return [temperature, power, fails ? volts : mains, humidity];
  };
}

export const FREEZER: Omit<Setting, 'detector' | 'lesson'> = {
  channels: [
    { id: 'temperature', unit: '°C' },
    { id: 'compressor', unit: 'W' },
    { id: 'mains', unit: 'V' },
    { id: 'humidity', unit: '%' },
  ],
  machine: freezer,
  intervalMs: 10_000,
  startMs: Date.UTC(2026, 0, 5),
};

/** Rows of so many hours. */
export const hours = (count: number): number => (count * HOUR_MS) / FREEZER.intervalMs;
