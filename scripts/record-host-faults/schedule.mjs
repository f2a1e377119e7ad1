// When which fault is injected, how strong and for how long: a pure function of the seed.
import { FAULTS } from './faults.mjs';

/** Seconds a fault lasts, and seconds of quiet after it. */
const DURATION_S = [25, 50];
const QUIET_S = [45, 80];

/** `count` faults, every kind equally often before any comes again; `atS` counts from the start of the test part. */
export function schedule(seed, count) {
  const random = mulberry32(seed);
  const between = ([low, high]) => low + (high - low) * random();
  const plan = [];
  let atS = between(QUIET_S) + 60;
  for (let bag = []; plan.length < count; ) {
    if (bag.length === 0) bag = shuffled(Object.keys(FAULTS), random);
    const kind = bag.pop();
    const durationS = Math.round(between(DURATION_S));
    plan.push({ kind, atS: Math.round(atS), durationS, strength: random() });
    atS += durationS + between(QUIET_S);
  }
  return { plan, lengthS: Math.round(atS + 30) };
}

/** mulberry32: 32 bits of state are plenty for a schedule. */
export function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled(items, random) {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}
