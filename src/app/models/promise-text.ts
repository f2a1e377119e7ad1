// The expected false alarms of a stream, in words.
import type { ThresholdPromise } from '../../core/threshold.ts';

/** The figures for programs, and a line for people. */
export interface ToldPromise extends ThresholdPromise {
  readonly text: string;
}

export function toldPromise(promise: ThresholdPromise): ToldPromise {
  return { ...promise, text: promiseText(promise) };
}

/** `with 42 minutes of normal rows: about 3 false alarms a day instead of the 1 a day asked for; that takes 1 day of them`. */
export function promiseText({ falseAlarmsPerDay, asked, seenDays }: ThresholdPromise): string {
  const { count, unit } = rateOf(falseAlarmsPerDay);
  const noun = count === '1' ? 'false alarm' : 'false alarms';
  const head = `with ${spanOf(seenDays)} of normal rows: about ${count} ${noun} ${unit}`;
  if (falseAlarmsPerDay <= asked * NEAR) return `${head}, as asked`;
  const wanted = rateOf(asked);
  const missed = `${head} instead of the ${wanted.count} ${wanted.unit} asked for`;
  return seenDays * asked < 1 ? `${missed}; that takes ${spanOf(1 / asked)} of them` : missed;
}

/** What people take for the same. */
const NEAR = 1.05;

/** In a unit in which it comes to one at least, or nearly. */
function rateOf(perDay: number): { readonly count: string; readonly unit: string } {
  const [days, unit] = RATES.find(([length]) => perDay * length * NEAR >= 1) ?? RATES[3];
  return { count: figure(perDay * days), unit };
}

const RATES = [
  [1, 'a day'],
  [7, 'a week'],
  [30, 'a month'],
  [365, 'a year'],
] as const;

/** Days as they are said. */
function spanOf(days: number): string {
  const minutes = days * 1440;
  if (days >= 1) return counted(days, 'day');
  return minutes >= 120 ? counted(minutes / 60, 'hour') : counted(minutes, 'minute');
}

function counted(value: number, unit: string): string {
  const text = figure(value);
  return `${text} ${unit}${text === '1' ? '' : 's'}`;
}

/** Whole from ten on. */
function figure(value: number): string {
  return String(value < 9.95 ? Number(value.toFixed(1)) : Math.round(value));
}
