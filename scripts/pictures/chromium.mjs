// A page in a headless Chromium, driven by its DevTools protocol over two pipes: neither a port nor a package is needed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MOST_WAIT_MS = 30_000;

const SWITCHES = [
  ...['--headless=new', '--remote-debugging-pipe', '--no-first-run', '--hide-scrollbars'],
  ...['--disable-gpu', '--disable-dev-shm-usage', '--force-color-profile=srgb'],
];

/**
 * Opens one tab of `width` by `height` CSS pixels. `call` sends a command of the protocol, `evaluate` runs an expression and
 * throws what it throws, `until` waits until one is true, `look` changes the width and the colour scheme.
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
  const { send, on } = connect(child.stdio[3], child.stdio[4], gone);
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const call = (method, params = {}) => send(method, params, sessionId);
  const metrics = { width, height, deviceScaleFactor: scale, mobile: false };
  await call('Emulation.setDeviceMetricsOverride', metrics);
  const faults = [];
  on(({ method, params }) => {
    if (method === 'Runtime.exceptionThrown')
      faults.push(params.exceptionDetails.exception?.description);
    if (method === 'Log.entryAdded' && params.entry.level === 'error')
      faults.push(params.entry.text);
  });
  await call('Runtime.enable');
  await call('Log.enable');
  const evaluate = async (expression) => {
    const options = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await call('Runtime.evaluate', options);
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  };
  return {
    call,
    evaluate,
    /** Errors of scripts, and what the browser refused, so far. */
    faults,
    async until(expression) {
      const endMs = Date.now() + MOST_WAIT_MS;
      // a page that is being loaded has nothing to ask yet
      while (!(await evaluate(expression).catch(() => false))) {
        if (Date.now() > endMs) throw new Error(`waited in vain for ${expression}`);
        await sleep(50);
      }
    },
    async look(look) {
      await call('Emulation.setDeviceMetricsOverride', { ...metrics, width: look.width });
      const features = [{ name: 'prefers-color-scheme', value: look.scheme }];
      await call('Emulation.setEmulatedMedia', { features });
      // two frames: one in which the page notices, one in which it has drawn
      await evaluate('new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))');
    },
    async close() {
      await send('Browser.close').catch(() => undefined);
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Messages are JSON texts that end with a zero byte: answers to commands, and events for those that `on` names. */
function connect(toBrowser, fromBrowser, gone) {
  const waiting = new Map();
  const listeners = new Set();
  let sequence = 0;
  let rest = '';
  const take = ({ id, error, result, ...event }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error) call?.reject(new Error(error.message));
    else if (call) call.resolve(result);
    else for (const listener of listeners) listener(event);
  };
  fromBrowser.setEncoding('utf8').on('data', (text) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop();
    for (const message of messages) take(JSON.parse(message));
  });
  const lost = gone.then(() => {
    throw new Error('Chromium ended before it answered');
  });
  lost.catch(() => undefined);
  toBrowser.on('error', () => undefined); // `gone` says so
  const send = (method, params = {}, sessionId = undefined) => {
    const id = ++sequence;
    const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return Promise.race([answer, lost]);
  };
  return { send, on: (listener) => listeners.add(listener) };
}
