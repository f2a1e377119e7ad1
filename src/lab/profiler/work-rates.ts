// What a unit of work costs on the machine whose operations were timed.
//
// Notation   t = sum over families of macs a + bytes b + calls c, with no rate below 0
import { HEADS, type Head, nameOf } from '../../models/design-point.ts';
import { leastSquaresAboveZero } from './least-squares-above-zero.ts';
import { type OpTiming, PROJECTION } from './op-table.ts';
import type { Work } from './work.ts';

/** Seconds of one multiplication, by family of operations; of one byte, and of one call. */
export interface WorkRates {
  readonly perMac: Readonly<Record<string, number>>;
  readonly perByte: number;
  readonly perCall: number;
}

const FAMILIES: readonly (Head['op'] | typeof PROJECTION)[] = [
  'attention',
  'transform',
  'convolution',
  PROJECTION,
];

/**
 * Fitted by least squares of relative errors. Departs from the roofline max(arithmetic, memory): the sum, whose rates
 * can be found from times alone.
 */
export function fitRates(timings: readonly OpTiming[]): WorkRates {
  const rows = timings.map(({ family, macs, bytes, calls, p50S }) =>
    [...FAMILIES.map((name) => (name === family ? macs : 0)), bytes, calls].map((n) => n / p50S),
  );
  const rates = leastSquaresAboveZero(
    rows,
    rows.map(() => 1),
  );
  return {
    perMac: Object.fromEntries(FAMILIES.map((name, i) => [name, rates[i] as number])),
    perByte: rates[FAMILIES.length] as number,
    perCall: rates[FAMILIES.length + 1] as number,
  };
}

/** Seconds; each part of the work may be dearer by a factor, e.g. on another machine. */
export function secondsOf(
  work: Work,
  { perMac, perByte, perCall }: WorkRates,
  { arithmetic = 1, memory = 1, calls = 1 } = {},
): number {
  const inHeads = HEADS.reduce(
    (sum, head) => sum + (work.headMacs.get(nameOf(head)) ?? 0) * (perMac[head.op] ?? 0),
    0,
  );
  const others = work.otherMacs * (perMac[PROJECTION] ?? 0);
  return (
    arithmetic * (inHeads + others) + memory * work.bytes * perByte + calls * work.calls * perCall
  );
}
