// The ordinary work of the recorded machine: a web service with a daily rhythm squeezed into minutes, a log, small
// helper processes, and now and then a nightly job. All of it is harmless, in the training and in the test part alike.
import { exec, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { Agent, createServer, get } from 'node:http';
import { join } from 'node:path';
import { mulberry32 } from './schedule.mjs';

const [folder, seedText] = process.argv.slice(2);
const random = mulberry32(Number(seedText) ^ 0x5eed);
const RHYTHM_S = 420;
const page = randomBytes(40_000);

/** Requests a second: a slow wave, a faster one, and noise. */
function rate() {
  const t = Date.now() / 1000;
  const wave =
    0.6 + 0.3 * Math.sin((2 * Math.PI * t) / RHYTHM_S) + 0.1 * Math.sin((2 * Math.PI * t) / 37);
  return 30 * Math.max(0.1, wave + 0.15 * (random() - 0.5));
}

function serve() {
  const log = openSync(join(folder, 'access.log'), 'w');
  let bytes = 0;
  const server = createServer((request, response) => {
    const digest = createHash('sha256').update(page).update(request.url).digest('hex');
    bytes += writeSync(log, `${new Date().toISOString()} ${request.url} 200 ${digest}\n`);
    response.end(page.subarray(0, 10_000 + Math.floor(30_000 * random())));
  });
  setInterval(() => {
    fsyncSync(log);
    if (bytes < 20e6) return;
    ftruncateSync(log);
    bytes = 0;
  }, 2000);
  process.on('exit', () => closeSync(log));
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(server.address().port)),
  );
}

function visit(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let serial = 0;
  const once = () =>
    get({ port, agent, path: `/page/${serial++}` }, (response) => response.resume()).on(
      'error',
      () => {},
    );
  const next = () => {
    once();
    setTimeout(next, 1000 / rate());
  };
  next();
}

/** A helper process every few seconds, as cron, a monitor or a shell prompt starts them. */
function helpers() {
  setTimeout(helpers, 2000 + 6000 * random());
  exec('ls -l /usr/bin | sort -k5 -n | tail -3', () => {});
}

/** The nightly job: packs documents and throws the archive away. One core and the disk are busy for a while; no fault. */
function nightly() {
  setTimeout(nightly, 1000 * (300 + 180 * random()));
  const archive = join(folder, 'backup.tar.gz');
  const job = `timeout ${Math.round(12 + 14 * random())} tar czf ${archive} /usr/lib/x86_64-linux-gnu /usr/share/doc; rm -f ${archive}`;
  spawn('sh', ['-c', job], { stdio: 'ignore' });
}

visit(await serve());
helpers();
setTimeout(nightly, 60_000);
