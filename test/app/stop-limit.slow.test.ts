import { spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';

const moduleAt = (path: string): string =>
  JSON.stringify(new URL(`../../src/app/${path}`, import.meta.url).href);

/** A program that never finishes what it does, with three alert states in its outbox. */
const ENDLESS = `
const { createLog } = await import(${moduleAt('log.ts')});
const { listenForStop } = await import(${moduleAt('signals.ts')});
const { limitStop } = await import(${moduleAt('stop-limit.ts')});
const log = createLog({ level: 'info', style: 'json', write: (line) => process.stdout.write(line) });
const limit = limitStop(listenForStop().signal, log);
limit.count(() => 3);
setInterval(() => undefined, 1000);
log.info('running');`;

it('a program that is not done in time ends as one that was interrupted, and says what is unsent (#18)', async () => {
  const program = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', ENDLESS],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void program.kill('SIGKILL'));
  let said = '';
  program.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise((resolve) => program.once('close', resolve));
  await expect.poll(() => said, { timeout: 20_000 }).toContain('running');
  const startMs = performance.now();
  program.kill('SIGTERM');
  expect(await ended).toBe(143);
  expect(performance.now() - startMs).toBeLessThan(8000); // 4.4 s, and reserve for a busy machine
  expect(JSON.parse(said.trim().split('\n').at(-1) ?? '')).toMatchObject({
    unsent: 3,
    msg: expect.stringMatching(
      /^ended by force: not stopped after \d+ ms, still open are .*Timeout/,
    ),
  });
});
