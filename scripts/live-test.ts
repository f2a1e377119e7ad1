// What the daemon notices on the machine it runs on: it learns, ten disturbances follow, then an hour of quiet. Needs
// `npm run build`, and a machine that does nothing else meanwhile.
//   npx tsx scripts/live-test.ts                                 a calm lesson of 30 minutes
//   npx tsx scripts/live-test.ts --lesson busy --minutes 30      one with builds and copies going on, which end with it
// [--longest 1] times the minutes while rows are not calm, [--detector gon] that learns, [--seconds 40] that a disturbance lasts,
// [--pause 80] seconds after each, [--quiet 60] minutes at the end, [--seed 1] of the busy lesson, [--keep folder] where
// configuration, log and state of the daemon stay, to look for the reason of an alert. Prints a table of what was caught, how
// soon, and of false alarms; says on standard error how far it is.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../src/engine/random.ts';
import { commandLine, refuse, wholeNumber } from './command-line.mjs';
import { DISTURBANCES, disturb, keepBusy } from './live-test/disturbances.ts';
import { type Disturbance, judged, type Watched } from './live-test/judge.ts';
import { startWatchingDaemon, type WatchingDaemon } from './live-test/watching-daemon.ts';
import { BIG_FILE, writeBigFile } from './record-host-faults/faults.mjs';

/** On a disk, where the folder for temporary files may lie in memory (hier(7)). */
const ON_DISK = '/var/tmp';
const MINUTE_MS = 60_000;
/** After the start of the watching, before the first disturbance; for three minutes after its training the daemon opens no alert. */
const SETTLING_MS = 4 * MINUTE_MS;
/** Less would take what a disturbance leaves behind for the next one. */
const LEAST_PAUSE_S = 20;

const { values: options } = commandLine({
  options: {
    lesson: { type: 'string', default: 'calm' },
    minutes: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '40' },
    pause: { type: 'string', default: '80' },
    quiet: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    longest: { type: 'string', default: '1' },
    detector: { type: 'string', default: 'gon' },
    keep: { type: 'string' },
  },
});
const { lesson } = options;
if (lesson !== 'calm' && lesson !== 'busy') {
  refuse(`--lesson: found '${lesson}', expected calm or busy`);
}
const minutes = wholeNumber('minutes', options.minutes, 2);
const seconds = wholeNumber('seconds', options.seconds, 1);
const pause = wholeNumber('pause', options.pause, LEAST_PAUSE_S);
const quiet = wholeNumber('quiet', options.quiet, 0);
const random = createRandom(wholeNumber('seed', options.seed, 0));

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort());
const { keep } = options;
const folder = keep ?? mkdtempSync(join(ON_DISK, 'sentigon-live-'));
if (keep !== undefined) mkdirSync(keep); // a new one: the daemon would go on with the model of an older test
try {
  await writeBigFile(folder);
  console.log(await liveTest());
} catch (error) {
  if (!stop.signal.aborted) throw error;
  process.exitCode = 1;
} finally {
  rmSync(keep === undefined ? folder : join(folder, BIG_FILE), { recursive: true, force: true });
}

async function liveTest(): Promise<string> {
  const daemon = startWatchingDaemon(folder, {
    rows: minutes * 60,
    longest: wholeNumber('longest', options.longest, 1),
    detector: options.detector,
  });
  const over = new AbortController();
  try {
    const watched = watch(daemon, AbortSignal.any([stop.signal, over.signal]));
    return judged(await Promise.race([watched, daemon.failure])).table;
  } finally {
    over.abort();
    await daemon.stop();
  }
}

async function watch(daemon: WatchingDaemon, signal: AbortSignal): Promise<Watched> {
  say(`a ${lesson} lesson of ${minutes} minutes`);
  const untilMs = Date.now() + minutes * MINUTE_MS;
  if (lesson === 'busy') await keepBusy(untilMs, random, folder, signal);
  await daemon.watching(signal);
  const fromMs = Date.now();
  say(`watching, ${Math.round((fromMs - untilMs) / 1000)} s after the lesson should have ended`);
  await sleep(SETTLING_MS, undefined, { signal });
  const disturbances: Disturbance[] = [];
  for (const step of DISTURBANCES) {
    say(step.name);
    disturbances.push(await disturb(step, seconds, folder, signal));
    await sleep(pause * 1000, undefined, { signal });
  }
  say(`${quiet} minutes of quiet`);
  await sleep(quiet * MINUTE_MS, undefined, { signal });
  return { fromMs, toMs: Date.now(), disturbances, openings: daemon.openings() };
}

function say(text: string): void {
  console.error(`${new Date().toISOString()} ${text}`);
}
