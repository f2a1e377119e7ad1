// The ordinary work of the recorded machine: a web service with a daily rhythm squeezed into minutes, a log, readings that are
// kept, small helper processes, and now and then a nightly job. All of it is harmless, in the training and in the test part alike.
//   node workload.mjs FOLDER SEED PROFILE
// Tells its parent what the service did in each second: { atMs, latencyMs, requests }. The parent may slow the service down:
// { creepMsPerS } delays each answer by so much more with every second, 0 ends it.
import { exec, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { Agent, createServer, get } from 'node:http';
import { join } from 'node:path';
import { PROFILES } from './profiles.mjs';
import { mulberry32 } from './schedule.mjs';

const [folder, seedText, profile] = process.argv.slice(2);
const { workload } = PROFILES[profile];
const random = mulberry32(Number(seedText) ^ 0x5eed);
const between = ([low, high]) => low + (high - low) * random();
const page = randomBytes(40_000);
const LOG_BYTES = 20e6;
const SYNC_MS = 2000;

let creep = { msPerS: 0, sinceMs: 0 };
let answered = { requests: 0, totalMs: 0 };

/** Requests a second: a slow wave, a faster one, and noise. */
function rate() {
  const t = Date.now() / 1000;
  const wave =
    0.6 +
    0.3 * Math.sin((2 * Math.PI * t) / workload.rhythmS) +
    0.1 * Math.sin((2 * Math.PI * t) / 37);
  return workload.requestsPerS * Math.max(0.1, wave + 0.15 * (random() - 0.5));
}

function serve() {
  const log = keptFile('access.log', SYNC_MS);
  const server = createServer((request, response) => {
    const digest = createHash('sha256').update(page).update(request.url).digest('hex');
    log(`${new Date().toISOString()} ${request.url} 200 ${digest}\n`);
    const body = page.subarray(0, 10_000 + Math.floor(30_000 * random()));
    const delayMs = (creep.msPerS * (Date.now() - creep.sinceMs)) / 1000;
    if (delayMs > 0) setTimeout(() => response.end(body), delayMs);
    else response.end(body);
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(server.address().port)),
  );
}

/** Returns what appends to a file that is synced every `syncMs` and begun again when it is long. */
function keptFile(name, syncMs) {
  const file = openSync(join(folder, name), 'w');
  let bytes = 0;
  setInterval(() => {
    fsyncSync(file);
    if (bytes < LOG_BYTES) return;
    ftruncateSync(file);
    bytes = 0;
  }, syncMs);
  process.on('exit', () => closeSync(file));
  return (text) => {
    bytes += writeSync(file, text);
  };
}

function visit(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let serial = 0;
  const once = () => {
    const fromMs = performance.now();
    get({ port, agent, path: `/page/${serial++}` }, (response) => {
      response.resume().on('end', () => {
        answered.requests += 1;
        answered.totalMs += performance.now() - fromMs;
      });
    }).on('error', () => {});
  };
  const next = () => {
    once();
    setTimeout(next, 1000 / rate());
  };
  next();
}

/** At the end of each second of the wall clock, a little before the row of that second is read. */
function tellOfEachSecond() {
  setTimeout(
    () => {
      const { requests, totalMs } = answered;
      answered = { requests: 0, totalMs: 0 };
      const atMs = Math.round(Date.now() / 1000) * 1000;
      const latencyMs = requests > 0 ? Number((totalMs / requests).toPrecision(4)) : undefined;
      process.send?.({ atMs, latencyMs, requests });
      setTimeout(tellOfEachSecond, 100);
    },
    1000 - (Date.now() % 1000),
  );
}

/** A helper process every few seconds, as cron, a monitor or a shell prompt starts them. */
function helpers() {
  setTimeout(helpers, 1000 * between(workload.helperEveryS));
  exec('ls -l /usr/bin | sort -k5 -n | tail -3', () => {});
}

/** What a logger of measurements does: a batch is kept and synced. */
function readings(everyS) {
  const keep = keptFile('readings.csv', 1000 * everyS);
  setInterval(() => {
    const lines = Array.from({ length: 400 }, (_, row) => `${Date.now()},${row},${random()}\n`);
    keep(lines.join(''));
  }, 1000 * everyS);
}

/** The nightly job: packs documents and throws the archive away. One core and the disk are busy for a while; no fault. */
function nightly() {
  const archive = join(folder, 'backup.tar.gz');
  const { lastsS, documents } = workload.job;
  const job = `timeout ${Math.round(between(lastsS))} tar czf ${archive} ${documents}; rm -f ${archive}`;
  spawn('sh', ['-c', job], { stdio: 'ignore' });
  setTimeout(nightly, untilNextJobMs());
}

/** A job that is on the clock comes at its time of the day whenever the workload was started. */
function untilNextJobMs() {
  const { onTheS, everyS } = workload.job;
  if (onTheS === undefined) return 1000 * between(everyS);
  return 1000 * onTheS - (Date.now() % (1000 * onTheS));
}

visit(await serve());
tellOfEachSecond();
helpers();
if (workload.readingsEveryS) readings(workload.readingsEveryS);
setTimeout(nightly, workload.job.firstS ? 1000 * workload.job.firstS : untilNextJobMs());
process.on('message', ({ creepMsPerS }) => {
  creep = { msPerS: creepMsPerS, sinceMs: Date.now() };
});
process.on('disconnect', () => process.exit());
