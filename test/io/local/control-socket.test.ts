import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Reply } from '../../../src/core/control.ts';
import { DeviceError } from '../../../src/core/errors.ts';
import { askDaemon, serveControl } from '../../../src/io/local/control-socket.ts';
import { tempFolder } from '../temp-folder.ts';

async function daemon(execute: (verb: string, request: unknown) => Promise<Reply>) {
  const path = join(tempFolder(), 'control.sock');
  writeFileSync(path, ''); // what a daemon that was killed left there
  const server = await serveControl(path, { execute });
  onTestFinished(() => server.close());
  return { path, server };
}

const echo = (verb: string, request: unknown): Promise<Reply> =>
  Promise.resolve({ status: 'ok', data: { verb, request } });

/** What the daemon answers to bytes of anybody's making. */
function say(path: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    connect(path)
      .setEncoding('utf8')
      .on('data', (part) => {
        text += part;
      })
      .once('error', reject)
      .once('close', () => resolve(text))
      .write(bytes);
  });
}

describe('control socket', () => {
  it('carries answers as long as the rows around an alert', async () => {
    const long = 'x'.repeat(2_000_000);
    const { path } = await daemon(() => Promise.resolve({ status: 'ok', data: long }));
    expect(await askDaemon(path, { verb: 'rows' }, 60_000)).toEqual({ status: 'ok', data: long });
  });

  it('passes a request on and answers it', async () => {
    const { path } = await daemon(echo);
    const reply = await askDaemon(path, { verb: 'silence', minutes: 5 }, 60_000);
    expect(reply).toEqual({ status: 'ok', data: { verb: 'silence', request: { minutes: 5 } } });
  });

  it('answers several at once, each its own', async () => {
    const { path } = await daemon(echo);
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => askDaemon(path, { verb: 'v', n }, 60_000)),
    );
    replies.forEach((reply, n) => {
      expect(reply).toMatchObject({ data: { request: { n } } });
    });
  });

  it('is for its own user only', async () => {
    const { path } = await daemon(echo);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('answers what is no request with what it expected', async () => {
    const { path } = await daemon(echo);
    expect(await say(path, '[1]\n')).toContain('expected one line with a JSON object');
    expect(await say(path, 'nonsense\n')).toContain('"status":"error"');
    expect(await say(path, 'x'.repeat(70_000))).toContain('a line is at most 65536 bytes');
    expect(await askDaemon(path, { verb: 'v' }, 60_000)).toMatchObject({ status: 'ok' });
  });

  it('says that no daemon is there, or that it does not answer', async () => {
    const nowhere = join(tempFolder(), 'control.sock');
    await expect(askDaemon(nowhere, { verb: 'v' }, 60_000)).rejects.toThrow(DeviceError);
    await expect(askDaemon(nowhere, { verb: 'v' }, 60_000)).rejects.toThrow(
      "start it with 'sentigon run'",
    );
    const { path } = await daemon(() => new Promise(() => undefined));
    await expect(askDaemon(path, { verb: 'v' }, 50)).rejects.toThrow('nothing was sent for 50 ms');
  });

  it('closes although somebody is connected, and leaves nobody waiting', async () => {
    const execute = vi.fn(() => new Promise<never>(() => undefined));
    const { path, server } = await daemon(execute);
    const asking = askDaemon(path, { verb: 'v' }, 60_000);
    asking.catch(() => undefined);
    await expect.poll(() => execute.mock.calls.length).toBe(1);
    await server.close();
    await expect(asking).rejects.toThrow('closed without a line');
  });

  it('listens again when it was deleted with its folder (#18)', async () => {
    const { path, server } = await daemon(echo);
    rmSync(dirname(path), { recursive: true });
    await vi.waitUntil(() => existsSync(path), { timeout: 60_000 });
    const answer = await vi.waitFor(() => askDaemon(path, { verb: 'v' }, 60_000), 60_000);
    expect(answer).toMatchObject({ status: 'ok' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    await server.close();
    expect(existsSync(path)).toBe(false);
  });

  it('says what is wrong with its place', async () => {
    const path = join(tempFolder(), 'x'.repeat(200));
    await expect(serveControl(path, { execute: echo })).rejects.toThrow('cannot be made');
  });
});
