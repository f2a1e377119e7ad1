// Hints from name and unit of a channel whether it is a counter, and the unit of its rate.
import type { Channel } from '../../core/sample.ts';

/**
 * `total`: only counters have that unit. `likely`: name or unit of a counter. `level`: rises and falls, or is a rate
 * already. `unknown`: only the readings can decide.
 */
export type CounterHint = 'total' | 'likely' | 'level' | 'unknown';

const ENERGY = /^[kMGm]?(Wh|VAh|varh|Ah|J)$/;

/** Units of counts, and of volumes that meters add up. */
const COUNTED =
  /^(count(er)?s?|pulses?|imp|packets?|bytes?|B|octets?|requests?|events?|ticks?|revs?|m³|m3|ft³|ft3|gal|L|l)$/i;

/** Units of momentary values: rates, shares, temperatures, sizes, ... */
const MOMENTARY =
  /\/|%|°|^(K|C|F|[kmµM]?V|[kmµM]?A|[kmM]?W|k?VA|k?var|[hkM]?Pa|m?bar|psi|mmHg|lx|lm|cd|dB\w*|pp[mb]|[kMG]?Hz|rpm|[cmkµ]?m|[mk]?g|t|lqi|pH|[mµn]s|[kMGTP]i?B)$/;

const LEVEL_WORDS = /^(used|usage|free|avail(able)?|remaining|level|size|capacity|fill(ed)?|load)$/;
const COUNTER_WORDS =
  /^(totals?|counters?|counts?|cumulative|energy|uptime|bytes|octets|packets|pulses|ticks|received|transmitted|sent|written|requests|errors|rx|tx|odometer)$/;
const STORE_WORDS = /^(disk|memory|mem|heap|rss|swap|tank|storage|filesystem|fs)$/;

export function counterHintOf({ id, unit }: Channel): CounterHint {
  if (ENERGY.test(unit)) return 'total';
  const words = wordsOf(id);
  const names = (form: RegExp): boolean => words.some((word) => form.test(word));
  if (names(LEVEL_WORDS)) return 'level';
  const isSize = /^[kMGTP]i?B$/.test(unit); // "sent[MB]" is a counter, "disk[MB]" is not
  if (MOMENTARY.test(unit) && !isSize) return 'level';
  if (names(COUNTER_WORDS)) return 'likely';
  if (isSize || names(STORE_WORDS)) return 'level';
  return COUNTED.test(unit) ? 'likely' : 'unknown';
}

const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;

/** Rates of metered quantities are per hour, all others per second. */
export function rateUnitOf(unit: string): { readonly unit: string; readonly perMs: number } {
  const isMetered = ENERGY.test(unit) || /^(m³|m3|ft³|ft3|gal|L|l)$/.test(unit);
  return isMetered
    ? { unit: `${unit}/h`, perMs: HOUR_MS }
    : { unit: `${unit === '' ? '1' : unit}/s`, perMs: SECOND_MS };
}

/** `net.rxBytes_total` is net, rx, bytes, total. */
function wordsOf(id: string): readonly string[] {
  return id
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}
