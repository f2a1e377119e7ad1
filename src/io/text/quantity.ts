// Numbers, quantities and spans of time as people read them.

/** Factors of the units that are scaled, least first. */
const SCALED: readonly (readonly (readonly [unit: string, factor: number])[])[] = [
  [
    ['B/s', 1],
    ['kB/s', 1e3],
    ['MB/s', 1e6],
    ['GB/s', 1e9],
  ],
  [
    ['B', 1],
    ['kB', 1e3],
    ['MB', 1e6],
    ['GB', 1e9],
    ['TB', 1e12],
  ],
  [
    ['mW', 1e-3],
    ['W', 1],
    ['kW', 1e3],
    ['MW', 1e6],
  ],
];

/** A unit for people, and by what a value is multiplied to be in it. */
export interface ReadableUnit {
  readonly unit: string;
  readonly factor: number;
}

/** The unit in which a value has few digits, e.g. kB/s for 0.004 MB/s; other units than of bytes and power stay. */
export function readableUnit(value: number, unit: string): ReadableUnit {
  const scale = SCALED.find((steps) => steps.some(([name]) => name === unit));
  const given = scale?.find(([name]) => name === unit)?.[1];
  if (!scale || given === undefined) return { unit, factor: 1 };
  const size = Math.abs(value) * given;
  const [name, factor] =
    scale.findLast(([, step]) => size >= step) ??
    (size === 0 ? [unit, given] : (scale[0] ?? [unit, given]));
  return { unit: name, factor: given / factor };
}

/** A number with its unit: `420 MB/s`, `17.3/s`, `99.5 %`, `16`. */
export function withUnit(number: string, unit: string): string {
  if (unit === '') return number;
  return unit.startsWith('1/') ? `${number}${unit.slice(1)}` : `${number} ${unit}`;
}

/** Three digits, whole numbers whole, and thousands with commas: `2,992`, `17.3`, `0.004`. */
export function figure(value: number): string {
  const size = Math.abs(value);
  return grouped(size >= 1000 && size < 1e6 ? Math.round(value) : Number(value.toPrecision(3)));
}

/**
 * The bound of a range, with as few digits as tell it from `value`, rounded outwards: 34.6 is `35`, and 99.43 % below a
 * value of 99.5 % is `99.43`, not 100. Beside a whole number 9.2 is `10`.
 */
export function bound(limit: number, value: number): string {
  const isAbove = value > limit;
  const outwards = isAbove ? Math.ceil : Math.floor;
  const told = (rounded: number): boolean => (isAbove ? rounded < value : rounded > value);
  const isWhole = Number.isInteger(value) && Math.abs(limit) >= 5 && Math.abs(limit) < 100;
  if (isWhole && told(outwards(limit))) return grouped(outwards(limit));
  for (let digits = 2; digits < 6; digits += 1) {
    const rounded = toDigits(limit, digits, outwards);
    if (told(rounded)) return grouped(rounded);
  }
  return figure(limit);
}

function toDigits(value: number, digits: number, round: (value: number) => number): number {
  if (value === 0) return 0;
  const exponent = digits - 1 - Math.floor(Math.log10(Math.abs(value)));
  // a power of ten with a negative exponent is not exact
  const scaled = exponent >= 0 ? value * 10 ** exponent : value / 10 ** -exponent;
  const rounded = round(Number(scaled.toPrecision(12)));
  return exponent >= 0 ? rounded / 10 ** exponent : rounded * 10 ** -exponent;
}

function grouped(value: number): string {
  if (Math.abs(value) < 1000 || Math.abs(value) >= 1e15) return String(value);
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

const SPANS: readonly (readonly [most: number, unit: string, seconds: number])[] = [
  [100, 's', 1],
  [100, 'min', 60],
  [48, 'h', 3600],
  [Number.POSITIVE_INFINITY, 'd', 86_400],
];

/** `40 s`, `3 min`, `2 h`, `3 d`; below a second `0.1 s`. */
export function spanText(durationMs: number): string {
  const seconds = Math.max(0, durationMs / 1000);
  if (seconds < 1) return `${Number(seconds.toPrecision(1))} s`;
  const [, unit, size] = SPANS.find(([most, , step]) => seconds / step < most) ?? [0, 's', 1];
  return `${Math.round(seconds / size)} ${unit}`;
}
