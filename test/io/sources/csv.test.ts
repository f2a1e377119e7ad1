import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { csvSource } from '../../../src/io/sources/csv.ts';
import { collect } from '../collect.ts';
import { tempFolder } from '../temp-folder.ts';

function open(content: string, options: object = {}, warn?: (message: string) => void) {
  const path = join(tempFolder(), 'data.csv');
  writeFileSync(path, content);
  const parsed = csvSource.options.parse({ path, ...options });
  return csvSource.create(parsed, { streamId: 'pump', ...(warn && { warn }) });
}

const rows = Array.from({ length: 10 }, (_, i) => `${1_700_000_000 + i},${i}`).join('\n');

describe('csv source', () => {
  it('replays a recording as fast as possible, as often as asked', async () => {
    const source = open(`time,a[V]\n${rows}\n`);
    expect(source.live).toBe(false);
    expect(source.channels).toEqual([{ id: 'a', unit: 'V' }]);
    const samples = await collect(source);
    expect(samples).toHaveLength(10);
    expect(samples[3]).toEqual({
      streamId: 'pump',
      timeMs: 1_700_000_003_000,
      values: Float64Array.of(3),
    });
    expect(await collect(source)).toEqual(samples);
  });

  it('keeps the pace of the recording times the speed', async () => {
    const startMs = performance.now();
    await collect(open(`time,a\n${rows}\n`, { speed: 30 }));
    const tookMs = performance.now() - startMs;
    expect(tookMs).toBeGreaterThanOrEqual(295); // 9 s at speed 30 = 300 ms
  });

  it('stops while it waits for the next row', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    setTimeout(() => stop.abort(), 50);
    for await (const sample of open(`time,a\n${rows}\n`, { speed: 0.001 }).samples(stop.signal)) {
      seen.push(sample.timeMs);
    }
    expect(seen).toHaveLength(1);
  });

  it('reports what it skipped', async () => {
    const told: string[] = [];
    const text = 'time,a\n1,1\n2\n3,x\n4,4\n';
    const samples = await collect(
      open(text, { onBadRow: 'skip' }, (message) => told.push(message)),
    );
    expect(samples).toHaveLength(3);
    expect(told).toHaveLength(3);
    expect(told[0]).toContain('line 3 has 1 cells, expected 2');
    expect(told[1]).toContain("line 4 has 'x' for channel 'a'");
    expect(told[2]).toMatch(/data\.csv: 2 such lines in all$/);
  });

  it('refuses unknown options and a missing path', () => {
    expect(csvSource.options.safeParse({ path: 'x', sped: 1 }).success).toBe(false);
    expect(csvSource.options.safeParse({}).success).toBe(false);
  });
});
