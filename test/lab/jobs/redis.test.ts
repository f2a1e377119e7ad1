import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { ConfigError, DeviceError } from '../../../src/core/errors.ts';
import { loadRedis } from '../../../src/lab/jobs/redis-connection.ts';
import { createRedisPool, type RedisPool } from '../../../src/lab/jobs/redis-pool.ts';
import { cuttable } from '../../io/cuttable.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { describeWithRedis, type RunningRedis, startRedis } from './redis-server.ts';
import type { StrangeTask } from './strange-thread.ts';

/** Short, so that a killed worker is noticed within the test. */
const SILENCE_MS = 600;
const WORKER = fileURLToPath(new URL('./strange-worker.ts', import.meta.url));

interface RunningWorker {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  said(): string;
}

function startWorker(url: string): RunningWorker {
  const args = ['--import', import.meta.resolve('tsx'), WORKER, url, String(SILENCE_MS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended, said: () => text };
}

const until = (worker: RunningWorker, words: string) =>
  vi.waitFor(() => expect(worker.said()).toContain(words), { timeout: 60_000, interval: 10 });

const job = (key: string, task: StrangeTask) => ({ queue: 'strange', key, task });

describeWithRedis('jobs over Redis', () => {
  let redis: RunningRedis;
  let url = '';
  let pool: RedisPool;
  beforeAll(async () => {
    redis = await startRedis();
    url = redis.url;
    pool = await createRedisPool({ url, prefix: 'test' });
  });
  afterAll(async () => {
    await pool.close();
    await redis.stop();
  });

  it('are carried out elsewhere, once for each key, with what they share', async () => {
    const shared = { key: 'e5', value: 100 };
    const add = { ...job('a1', { what: 'add', values: Float64Array.of(1, 2) }), shared };
    const progress: number[] = [];
    const early = pool.run<number>(add, { onProgress: (fraction) => progress.push(fraction) });
    const worker = startWorker(url);
    expect(await early).toBe(103);
    expect(await pool.run<number>(add)).toBe(103);
    expect(progress).toEqual([0.5]);
    expect(worker.said().match(/done a1/g)).toHaveLength(1);
    await expect(pool.run(job('a2', { what: 'refuse' }))).rejects.toBeInstanceOf(ConfigError);
    expect(await pool.workersOf('strange')).toBe(1);
  });

  it('go to another worker when theirs is killed', async () => {
    const mark = join(tempFolder(), 'hung');
    const running = pool.run(job('b1', { what: 'hang', mark }));
    const first = startWorker(url);
    await vi.waitFor(() => expect(existsSync(mark)).toBe(true), { timeout: 60_000, interval: 10 });
    first.child.kill('SIGKILL');
    await first.ended;
    const second = startWorker(url);
    expect(await running).toBe('worked at last');
    expect(second.said()).toContain('taken b1');
  });

  it('go to another worker when theirs is cut off, which works on once it is back', async () => {
    const way = await cuttable(Number(new URL(url).port));
    const mark = join(tempFolder(), 'began');
    const running = pool.run(job('d1', { what: 'dawdle', mark }));
    const first = startWorker(`redis://127.0.0.1:${way.port}`);
    await vi.waitFor(() => expect(existsSync(mark)).toBe(true), { timeout: 60_000, interval: 10 });
    way.hold();
    const second = startWorker(url);
    expect(await running).toBe('worked at last');
    second.child.kill('SIGTERM');
    await second.ended;
    way.release();
    await until(first, 'done d1');
    expect(await pool.run(job('d1', { what: 'dawdle', mark }))).toBe('worked at last');
    expect(await pool.run(job('d2', { what: 'add', values: Float64Array.of(4) }))).toBe(4);
    expect(first.said()).toContain('done d2');
  });

  it('are taken again once Redis is reached again, which the worker tells', async () => {
    const way = await cuttable(Number(new URL(url).port));
    const worker = startWorker(`redis://127.0.0.1:${way.port}`);
    expect(await pool.run(job('e1', { what: 'add' }))).toBe(0);
    way.cut();
    await until(worker, 'back');
    expect(await pool.run(job('e2', { what: 'add' }))).toBe(0);
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    const told = worker.said().split('\n');
    expect(told.filter((line) => /lost|back/.test(line))).toEqual(['lost', 'back']);
  });

  it('are left again in a Redis that has forgotten them', async () => {
    const way = await cuttable(Number(new URL(url).port));
    const told: boolean[] = [];
    const place = { url: `redis://127.0.0.1:${way.port}`, prefix: 'test' };
    const far = await createRedisPool(place, (isThere) => told.push(isThere));
    const add = { ...job('g1', { what: 'add' as const }), shared: { key: 'e6', value: 7 } };
    const running = far.run(add);
    const client = new (loadRedis('a test').ioredis.Redis)(url);
    await expect.poll(() => client.llen('test:strange:wait')).toBe(1);
    await client.flushall();
    client.disconnect();
    way.cut();
    startWorker(url);
    expect(await running).toBe(7);
    await far.close();
    expect(told).toEqual([false, true]);
  });

  it('are put back by a worker that is asked to stop, and taken back by a search that is', async () => {
    const worker = startWorker(url);
    const abort = new AbortController();
    const reason = new Error('enough');
    const under = pool.run(job('c1', { what: 'hang' }), { signal: abort.signal });
    const waiting = pool.run(job('c2', { what: 'add' }), { signal: abort.signal });
    await until(worker, 'taken c1');
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(worker.said()).toContain('returned c1');
    abort.abort(reason);
    await expect(under).rejects.toBe(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('say in one line what Redis refuses', async () => {
    const client = new (loadRedis('a test').ioredis.Redis)(url);
    onTestFinished(async () => {
      await client.config('SET', 'maxmemory', '0', 'requirepass', '');
      client.disconnect();
    });
    await client.config('SET', 'maxmemory', '1');
    const refused = pool.run(job('h1', { what: 'add' }));
    await expect(refused).rejects.toBeInstanceOf(DeviceError);
    await expect(refused).rejects.toThrow(
      /^redis:.* refused job h1 of strange \(OOM .*\): check its memory and the permissions of this user$/,
    );
    await client.config('SET', 'maxmemory', '0', 'requirepass', 'secret');
    await expect(createRedisPool({ url, prefix: 'test' })).rejects.toThrow(
      /^redis:.* does not answer \(NOAUTH .*\): give its password in redis:\/\/:password@host$/,
    );
  });

  it('say in one line what is wrong with the address', async () => {
    await expect(createRedisPool({ url: 'localhost', prefix: 'test' })).rejects.toThrow(
      "'localhost' is not a Redis address: use redis://host[:port]",
    );
    const silent = createRedisPool({ url: 'redis://me:secret@127.0.0.1:1', prefix: 'test' });
    await expect(silent).rejects.toBeInstanceOf(DeviceError);
    await expect(silent).rejects.toThrow(
      'redis://127.0.0.1:1 does not answer (connect ECONNREFUSED 127.0.0.1:1): start a Redis there',
    );
  });
});
