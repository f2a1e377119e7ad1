// When which fault is injected, how strong and for how long, and the pieces a recording is made in: pure functions.

/** Seconds of quiet before the first fault and after the last, beside the pause that each fault has anyway. */
const LEAD_S = 60;
const TAIL_S = 30;

/** A run that is interrupted loses no more than about this. */
const PIECE_S = 20 * 60;

/** The faults of a profile, every kind equally often before any comes again; `atS` counts from the start of their section. */
export function schedule(seed, count, { kinds, durationS, pauseS, slow }) {
  const random = mulberry32(seed);
  const between = ([low, high]) => low + (high - low) * random();
  const plan = [];
  let atS = between(pauseS) + LEAD_S;
  for (let bag = []; plan.length < count; ) {
    if (bag.length === 0) bag = shuffled(kinds, random);
    const kind = bag.pop();
    const lastsS = Math.round(between(slow.kinds.includes(kind) ? slow.durationS : durationS));
    plan.push({ kind, atS: Math.round(atS), durationS: lastsS, strength: random() });
    atS += lastsS + between(pauseS);
  }
  return { plan, lengthS: Math.round(atS + TAIL_S) };
}

/**
 * The pieces of a recording in their order, each `{ part, lengthS, faults }`, where `atS` of a fault counts from the start of
 * its piece. A piece ends in the middle of a pause between faults.
 */
export function piecesOf({ trainS, quietS }, { plan, lengthS }) {
  return [...calm('train', trainS), ...calm('test', quietS), ...faulty(plan, lengthS)];
}

function calm(part, sectionS) {
  const count = Math.ceil(sectionS / PIECE_S);
  return Array.from({ length: count }, () => ({ part, lengthS: sectionS / count, faults: [] }));
}

function faulty(plan, sectionS) {
  const pieces = [];
  let fromS = 0;
  let faults = [];
  plan.forEach((fault, index) => {
    faults.push({ ...fault, atS: fault.atS - fromS });
    const endS = fault.atS + fault.durationS;
    const next = plan[index + 1];
    const cutS = next === undefined ? sectionS : (endS + next.atS) / 2;
    if (next !== undefined && cutS - fromS < PIECE_S) return;
    pieces.push({ part: 'test', lengthS: cutS - fromS, faults });
    faults = [];
    fromS = cutS;
  });
  return pieces;
}

/** The same, everything `pace` times shorter. */
export function hurried(pieces, pace) {
  return pieces.map(({ part, lengthS, faults }) => ({
    part,
    lengthS: lengthS / pace,
    faults: faults.map((fault) => ({
      ...fault,
      atS: fault.atS / pace,
      durationS: fault.durationS / pace,
    })),
  }));
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
