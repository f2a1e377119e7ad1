import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';

const moduleAt = (path: string): string =>
  JSON.stringify(new URL(`../../../src/app/${path}`, import.meta.url).href);

/** A program that keeps itself alive, with three alert states in its outbox; `stopping` runs when it is to stop. */
const programWith = (stopping: string): string => `
const { createLog } = await import(${moduleAt('log.ts')});
const { limitStop, listenForStop } = await import(${moduleAt('process/stop.ts')});
const log = createLog({ level: 'info', style: 'json', write: (line) => process.stdout.write(line) });
const stop = listenForStop();
const limit = limitStop(stop.signal, log);
limit.count(() => 3);
stop.signal.addEventListener('abort', () => { ${stopping} });
setInterval(() => undefined, 1000);
log.info('running');`;

/** Its exit code and last line after SIGTERM, and how long it took, ms. */
async function stopped(stopping: string) {
  const program = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', programWith(stopping)],
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
  const code = await ended;
  const tookMs = performance.now() - startMs;
  return { code, tookMs, last: JSON.parse(said.trim().split('\n').at(-1) ?? '') };
}

describe('a program that is to stop (#18)', () => {
  it('and is not done in time ends as one that was interrupted, and says what is unsent', async () => {
    const { code, tookMs, last } = await stopped('');
    expect(code).toBe(143);
    expect(tookMs).toBeLessThan(8000); // 4.4 s, and reserve for a busy machine
    expect(last).toMatchObject({
      unsent: 3,
      msg: expect.stringMatching(
        /^ended by force: not stopped after \d+ ms, still open: .*Timeout/,
      ),
    });
  });

  it('and is done at the last moment is not killed as one that is blocked', async () => {
    const { code, last } = await stopped('setTimeout(() => limit.done(), 4300)');
    expect(code).toBe(0);
    expect(last.msg).toMatch(/^stopped; ended by force, because of open handles/);
  });
});
