// A real Redis, in a folder that goes when the tests end. Where it is not installed, its tests are skipped by name.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

export function describeWithRedis(name: string, body: () => void): void {
  const present = spawnSync('redis-server', ['--version']).status === 0;
  if (present) describe(name, body);
  else describe.skip(`${name} (needs redis-server: apt-get install redis-server)`, body);
}

export interface RunningRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** Whoever starts it stops it: hooks that are set within hooks are not called. */
export async function startRedis(): Promise<RunningRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'sentigon-redis-'));
  const port = await freePort();
  const where = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const server = spawn('redis-server', [...where, '--save', '', '--appendonly', 'no']);
  await said(server, 'Ready to accept connections');
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ended(server: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await exit;
}

function said(server: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    server.stdout?.on('data', (part) => {
      text += part;
      if (text.includes(words)) resolve();
    });
    server.once('exit', () => reject(new Error(`redis-server ended: ${text}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
