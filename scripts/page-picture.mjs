// Writes docs/page.webp: node scripts/page-picture.mjs [--program chromium] [--out docs/page.webp] [--looks folder]
// Needs a build and a Chromium. A daemon replays the faults of host-faults at 20 times their speed; the picture shows its
// web page, logged in, while an alert is open, with the newest alert unfolded. `--looks` names a folder for pictures of the
// whole page at the widths of a phone, a tablet and a screen, light and dark, with everything unfolded.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { commandLine } from './command-line.mjs';
import { openTab } from './pictures/chromium.mjs';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(REPOSITORY, 'dist/main.js');
/** Alerts on the page when the picture is taken: some are over, the newest is open. */
const ALERTS = 4;
const MOST_WAIT_MS = 240_000;

const { values } = commandLine({
  options: {
    program: { type: 'string', default: 'chromium' },
    out: { type: 'string', default: join(REPOSITORY, 'docs/page.webp') },
    looks: { type: 'string' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'sentigon-picture-'));
const port = await freePort();
const daemon = startDaemon();
const tab = await openTab({ program: values.program, width: 900, height: 1000 });
try {
  const url = `http://127.0.0.1:${port}/`;
  await until(() => fetch(url).then(({ ok }) => ok));
  await tab.call('Page.navigate', { url });
  await until(() => tab.evaluate(`document.querySelector('input[type=password]') !== null`));
  const password = readFileSync(join(folder, '.sentigon/web-password'), 'utf8').trim();
  await tab.evaluate(`{
    const field = document.querySelector('input[type=password]');
    field.value = ${JSON.stringify(password)};
    field.form.submit();
  }`);
  await until(() =>
    tab.evaluate(`document.querySelectorAll('#alerts details').length >= ${ALERTS} &&
      /open/.test(document.getElementById('summary').textContent)`),
  );
  await tab.evaluate(`document.querySelector('#alerts details').open = true`);
  await sleep(1500);
  const { data } = await tab.call('Page.captureScreenshot', { format: 'webp', quality: 80 });
  writeFileSync(values.out, Buffer.from(data, 'base64'));
  if (values.looks !== undefined) await takeLooks(values.looks);
} finally {
  await tab.close();
  daemon.kill('SIGTERM');
  await new Promise((resolve) => daemon.once('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
}

async function takeLooks(into) {
  mkdirSync(into, { recursive: true });
  await tab.evaluate(`for (const each of document.querySelectorAll('details')) each.open = true`);
  for (const width of [360, 768, 1280]) {
    for (const scheme of ['light', 'dark']) {
      await tab.look({ width, scheme });
      await sleep(2500); // charts of channels are read every two seconds
      const height = await tab.evaluate('document.documentElement.scrollHeight');
      const clip = { ...{ x: 0, y: 0, scale: 1 }, width, height };
      const options = { format: 'png', captureBeyondViewport: true, clip };
      const { data } = await tab.call('Page.captureScreenshot', options);
      writeFileSync(join(into, `page-${width}-${scheme}.png`), Buffer.from(data, 'base64'));
    }
  }
}

function startDaemon() {
  const model = join(folder, 'host.safetensors');
  const quiet = { stdio: 'ignore' };
  execFileSync(process.execPath, [MAIN, 'train', 'host-faults', '--out', model], quiet);
  const recording = join(REPOSITORY, 'datasets/host-faults/test.csv.gz');
  const config = `node: cellar
embedded: { enabled: false }
web: { port: ${port} }
streams: [{ id: host, model: ${model}, source: { kind: csv, path: ${recording}, speed: 20 } }]
sinks: [{ kind: log }]
`;
  writeFileSync(join(folder, 'sentigon.yaml'), config);
  return spawn(process.execPath, [MAIN, 'run'], { cwd: folder, ...quiet });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function until(holds) {
  const endMs = Date.now() + MOST_WAIT_MS;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > endMs) throw new Error(`waited ${MOST_WAIT_MS / 1000} s in vain for ${holds}`);
    await sleep(100);
  }
}
