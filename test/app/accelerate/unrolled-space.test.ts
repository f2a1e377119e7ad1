// `sentigon accelerate` over accelerators of unrolled loops, of a space of files.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Evaluated } from '../../../src/app/accelerate/session.ts';
import { runCommand } from '../../../src/app/cli/program.ts';
import { parseAccelerator } from '../../../src/lab/simulator/accelerator.ts';
import type { PriceScale } from '../../../src/lab/simulator/price.ts';

const folder = mkdtempSync(join(tmpdir(), 'accelerate-unrolled-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const design = file('design.json', {
  cnn: {
    cells: [
      {
        ...{ channels: 8, activation: 'silu', output: [1] },
        vertices: [{ operation: { op: 'separable' }, inputs: [0] }],
      },
    ],
  },
  ...{ rows: 16, width: 3, horizon: 1 },
});

/** Sixteen accelerators. */
const space = file('space.json', {
  ...{ format: 'sentigon-accelerator-space/1', name: 'unrolled', unrolledWindows: [1] },
  ...{ unrolledRows: [1, 8], unrolledColumns: [1, 8], unrolledTaps: [1], multipliers: [1, 16] },
  ...{ nonLinearity: ['gelu'], batch: [1, 32], activationMb: [0.125], weightMb: [0.125] },
  memory: ['rram-32-2-1'],
});

describe('sentigon accelerate', () => {
  it('chooses among accelerators of unrolled loops by the weights of their paper', async () => {
    const out = join(folder, 'chosen.json');
    let text = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
    const args = ['accelerate', design, '--space', space, '--method', 'random', '--out', out];
    await runCommand(['node', 'sentigon', ...args, '--json']);
    vi.restoreAllMocks();
    const lines = text.trim().split('\n');
    const { scale } = JSON.parse(lines[0] ?? '') as { readonly scale: PriceScale };
    const all = lines.map((line) => JSON.parse(line) as Partial<Evaluated>);
    const rows = all.filter((one): one is Evaluated => 'evaluation' in one);
    expect(new Set(rows.map(({ accelerator }) => accelerator.name)).size).toBe(16);
    for (const { price, cost } of rows) {
      const { latencyS, dynamicJ, leakageJ, areaMm2 } = price ?? scale;
      const terms = [
        (0.2 * latencyS) / scale.latencyS,
        (0.2 * dynamicJ) / scale.dynamicJ,
        (0.3 * leakageJ) / scale.leakageJ,
        (0.1 * areaMm2) / scale.areaMm2,
      ];
      expect(cost).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / 0.8, 12);
    }
    expect(parseAccelerator(readFileSync(out, 'utf8'), out)).toHaveProperty('unrolled');
  });

  it('refuses rules of tiles there', async () => {
    const args = ['accelerate', design, '--space', space, '--order', 'kbij'];
    await expect(runCommand(['node', 'sentigon', ...args])).rejects.toThrow(
      /^unrolled unrolls its loops, .+: leave out --order and --lanes$/,
    );
  });
});
