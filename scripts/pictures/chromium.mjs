// A page in a headless Chromium, driven by its DevTools protocol over two pipes: neither a port nor a package is needed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SWITCHES = [
  ...['--headless=new', '--remote-debugging-pipe', '--no-first-run', '--hide-scrollbars'],
  ...['--disable-gpu', '--disable-dev-shm-usage', '--force-color-profile=srgb'],
];

/**
 * Opens one tab of `width` by `height` CSS pixels. `call` sends a command of the protocol, `evaluate` runs an expression.
 * @param {{ program?: string, width: number, height: number, scale?: number }} options
 */
export async function openTab({ program = 'chromium', width, height, scale = 1 }) {
  const profile = mkdtempSync(join(tmpdir(), 'sentigon-chromium-'));
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [...SWITCHES, ...sandbox, `--user-data-dir=${profile}`, 'about:blank'];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const gone = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve(undefined));
  });
  const send = connect(child.stdio[3], child.stdio[4], gone);
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const call = (method, params = {}) => send(method, params, sessionId);
  const metrics = { width, height, deviceScaleFactor: scale, mobile: false };
  await call('Emulation.setDeviceMetricsOverride', metrics);
  return {
    call,
    async evaluate(expression) {
      const options = { expression, returnByValue: true, awaitPromise: true };
      return (await call('Runtime.evaluate', options)).result.value;
    },
    async close() {
      await send('Browser.close').catch(() => undefined);
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Messages are JSON texts that end with a zero byte. */
function connect(toBrowser, fromBrowser, gone) {
  const waiting = new Map();
  let sequence = 0;
  let rest = '';
  fromBrowser.setEncoding('utf8').on('data', (text) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop();
    for (const { id, error, result } of messages.map((message) => JSON.parse(message))) {
      const call = waiting.get(id);
      waiting.delete(id);
      if (error) call?.reject(new Error(error.message));
      else call?.resolve(result);
    }
  });
  const lost = gone.then(() => {
    throw new Error('Chromium ended before it answered');
  });
  lost.catch(() => undefined);
  toBrowser.on('error', () => undefined); // `gone` says so
  return (method, params = {}, sessionId = undefined) => {
    const id = ++sequence;
    const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return Promise.race([answer, lost]);
  };
}
