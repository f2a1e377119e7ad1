import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, DeviceError } from '../../../src/core/errors.ts';
import { createLocalPool } from '../../../src/lab/jobs/local-pool.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import type { StrangeTask } from './strange-thread.ts';

const pool = createLocalPool({
  entry: new URL('./strange-thread.ts', import.meta.url),
  threads: 1,
});
afterAll(() => pool.close());

const job = (task: StrangeTask) => ({ queue: 'strange', key: 'abc', task });

describe('local pool', () => {
  it('carries out jobs in threads, with what they share, and tells how far they are', async () => {
    const seen: number[] = [];
    const shared = { key: 'e5', value: 100 };
    const result = await pool.run<number>(
      { ...job({ what: 'add', values: Float64Array.of(1, 2.5) }), shared },
      { onProgress: (fraction) => seen.push(fraction) },
    );
    expect(result).toBe(103.5);
    expect(seen).toEqual([0.5]);
  });

  it("rejects with the job's own known error, and with a bug as a bug", async () => {
    await expect(pool.run(job({ what: 'refuse' }))).rejects.toBeInstanceOf(ConfigError);
    const broken = pool.run(job({ what: 'break' }));
    await expect(broken).rejects.toThrow('a bug');
    await expect(broken).rejects.not.toBeInstanceOf(ConfigError);
  });

  it('gives a job whose thread died to another', async () => {
    const mark = join(tempFolder(), 'died');
    expect(await pool.run(job({ what: 'die', mark }))).toBe('worked at last');
  });

  it('gives up on a job that ends every thread', async () => {
    const lost = pool.run(job({ what: 'die' }));
    await expect(lost).rejects.toBeInstanceOf(DeviceError);
    await expect(lost).rejects.toThrow(/^job abc of strange ended 3 threads \(.+\): give it/);
  });

  it("ends what is under way when aborted, with the signal's reason", async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const running = pool.run(job({ what: 'hang' }), {
      signal: abort.signal,
      onProgress: () => abort.abort(reason),
    });
    await expect(running).rejects.toBe(reason);
    await expect(pool.run(job({ what: 'add' }), { signal: abort.signal })).rejects.toBe(reason);
  });
});
