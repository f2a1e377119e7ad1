// How often drift is reported for scores that do not drift: simulated days, a score a minute, by how much a score has to do
// with the one before it and by the height of a cycle of a day. The noise has a standard deviation of 1.
//   npx tsx scripts/drift-alarms.ts
import { ScoreDrift } from '../src/detection/drift/score-drift.ts';
import { createRandom } from '../src/engine/random.ts';
import { commandLine } from './command-line.mjs';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const STREAMS = 60;
const DAYS = 30;

function alarmsOf(seed: number, correlation: number, cycle: number): number {
  const random = createRandom(seed);
  const scores = new ScoreDrift({
    windowMs: DAY_MINUTES * MINUTE_MS,
    intervalMs: MINUTE_MS,
  });
  const fresh = Math.sqrt(1 - correlation ** 2);
  let noise = random.normal();
  let alarms = 0;
  for (let minute = 0; minute < DAYS * DAY_MINUTES; minute += 1) {
    noise = correlation * noise + fresh * random.normal();
    const wave = cycle * Math.sin((2 * Math.PI * minute) / DAY_MINUTES);
    const was = scores.drift !== undefined;
    scores.push(minute * MINUTE_MS, 10 + wave + noise);
    if (scores.drift && !was) alarms += 1;
  }
  return alarms;
}

commandLine();
for (const [correlation, cycle] of [
  [0, 0],
  [0.9, 0],
  [0.99, 0],
  [0.999, 0],
  [0, 5],
  [0.95, 5],
] as const) {
  let alarms = 0;
  for (let seed = 1; seed <= STREAMS; seed += 1) alarms += alarmsOf(seed, correlation, cycle);
  console.log(JSON.stringify({ correlation, cycle, alarms, days: STREAMS * DAYS }));
}
