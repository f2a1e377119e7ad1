import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/app/log.ts';
import { learn } from '../../../src/app/streams/learn.ts';
import { LessonRows } from '../../../src/app/streams/lesson-rows.ts';
import type { Source } from '../../../src/core/source.ts';

const ROWS = 120;

/** Normal rows from `from` on; what comes before is work on the machine. */
function sourceOf(from: number): Source {
  return {
    id: 'array',
    live: false,
    channels: [{ id: 'load', unit: '' }],
    // biome-ignore lint/suspicious/useAwait: the contract is an async iterable
    async *samples() {
      for (let row = from; row < 2 * ROWS; row += 1) {
        const value = row < ROWS ? 1000 * row : Math.sin(row);
        yield { streamId: 'machine', timeMs: row * 1000, values: Float64Array.of(value) };
      }
    },
  };
}

function learnt(source: Source, quiet: (timeMs: number) => boolean) {
  return learn(source, {
    streamId: 'machine',
    learn: {
      ...{ rows: ROWS, intervalMs: 1000, seed: 1 },
      ...{ counters: {}, detector: 'robust-z', options: {} },
    },
    plugins: [],
    rows: new LessonRows({
      ...{ streamId: 'machine', most: ROWS, keepMs: 0, ring: () => undefined },
      exclusions: () => [],
      clockIsSet: () => true,
    }),
    quiet,
    log: createLog({ level: 'silent', style: 'json', write: () => undefined }),
    signal: new AbortController().signal,
  });
}

describe('learning', () => {
  it('leaves out what is measured in a silence or under maintenance', async () => {
    const clean = await learnt(sourceOf(ROWS), () => false);
    const spared = await learnt(sourceOf(0), (timeMs) => timeMs < ROWS * 1000);
    expect(spared.id).toBe(clean.id);
    const spoilt = await learnt(sourceOf(0), () => false);
    expect(spoilt.id).not.toBe(clean.id);
  });
});
