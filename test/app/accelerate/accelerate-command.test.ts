// `sentigon accelerate` as a user calls it: what it chooses, what it writes, and what it says of limits that nothing keeps.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import {
  type AccelerateTask,
  accelerate,
  type Evaluated,
} from '../../../src/app/accelerate/session.ts';
import { runCommand } from '../../../src/app/cli/program.ts';
import {
  acceleratorCandidates,
  legalAccelerators,
} from '../../../src/app/search/device-candidates.ts';
import { acceleratorSpace } from '../../../src/app/simulate/inputs.ts';
import { parseAccelerator } from '../../../src/lab/simulator/accelerator.ts';
import { networkOfDesign } from '../../../src/lab/simulator/networks.ts';
import { acceleratorAt, choicesAt, numberAt, spaceSize } from '../../../src/lab/simulator/space.ts';
import { NO_ZEROS, Zeros } from '../../../src/lab/simulator/zeros.ts';

const folder = mkdtempSync(join(tmpdir(), 'accelerate-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const attention = { op: 'attention', form: 'scaled' };
const design = {
  point: { layers: [{ hidden: 16, heads: [attention], feedForward: [16] }] },
  ...{ patch: 4, rows: 16, width: 3, horizon: 1 },
};
/** Twelve accelerators, a third of them with a memory whose standby power is not published. */
const space = {
  ...{ format: 'sentigon-accelerator-space/1', name: 'mine', tile: [8], elements: [1, 4] },
  ...{ lanes: [1], multipliers: [1, 16], softmaxUnits: [1], nonLinearity: ['gelu'], batch: [1] },
  ...{ activationMb: [0.125], weightMb: [0.125] },
  memory: ['rram-32-2-1', 'dram-32-2-1', 'hbm-32-1-4'],
};

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const model = file('design.json', design);
const mine = file('space.json', space);

/** What it prints; its lines of JSON. */
async function printed(...args: readonly string[]): Promise<string> {
  let text = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await runCommand(['node', 'sentigon', 'accelerate', model, ...args]);
  } finally {
    write.mockRestore();
  }
  return text;
}

async function refusal(...args: readonly string[]): Promise<string> {
  try {
    await printed(...args);
  } catch (error) {
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    return message;
  }
  throw new Error('nothing was refused');
}

const work = (windows: number) => networkOfDesign(design, 'design', windows).work('inference');

function task(more: Partial<AccelerateTask> = {}): AccelerateTask {
  const zeros = new Zeros(NO_ZEROS);
  const found = acceleratorSpace(mine);
  return {
    ...{ space: found, objectives: ['latency', 'energy', 'area'], method: 'random' },
    ...{ methodOptions: {}, budget: 50, seed: 1 },
    options: { mode: 'inference', order: 'bijk', lanes: 'window-32' },
    networks: new Map(found.choices.batch.map((n) => [n, { work: work(n), zeros }])),
    ...more,
  };
}

async function evaluations(of: AccelerateTask, signal = new AbortController().signal) {
  const all: Evaluated[] = [];
  await accelerate(of, {
    signal,
    onBegun: () => undefined,
    onEvaluated: (one) => void all.push(one),
  });
  return all;
}

describe('sentigon accelerate', () => {
  it('chooses the accelerator of the least cost and writes it for simulate', async () => {
    const out = join(folder, 'chosen.json');
    const lines = (await printed('--space', mine, '--out', out, '--json')).trim().split('\n');
    const [head, ...rows] = lines.map((line) => JSON.parse(line)) as never[];
    const { chosen, front, evaluated } = rows.pop() as never as {
      readonly chosen: Evaluated;
      readonly front: readonly Evaluated[];
      readonly evaluated: number;
    };
    expect(head).toMatchObject({ spaceName: 'mine', space: 12, candidates: 8 });
    expect(evaluated).toBe(8);
    const costs = (rows as readonly Partial<Evaluated>[]).flatMap(({ cost }) => cost ?? []);
    expect(costs).toHaveLength(8);
    expect(chosen.cost).toBe(Math.min(...costs));
    expect(front).toContainEqual(chosen);
    const written = parseAccelerator(readFileSync(out, 'utf8'), out);
    expect(written).toEqual(chosen.accelerator);
    const simulated = ['simulate', model, '--accelerator', out, '--out', join(folder, 's.json')];
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await runCommand(['node', 'sentigon', ...simulated]);
    const simulation = JSON.parse(readFileSync(join(folder, 's.json'), 'utf8'));
    expect(simulation.simulation.latencyS).toBeCloseTo(chosen.price?.latencyS as number, 12);
  });

  it('prices an epoch in training, with the way back', async () => {
    const out = join(folder, 'training.json');
    const args = ['--space', mine, '--mode', 'training', '--epoch', '70', '--out', out];
    const text = await printed(...args);
    expect(text).toMatch(/chosen .+\n.*fastest/);
    expect(text).toContain('time an epoch of 70 windows');
    expect(parseAccelerator(readFileSync(out, 'utf8'), out).memory).toBe('rram-32-2-1');
    expect(text).toMatch(/its energy is without the periphery of the RRAM, whose .+ published$/m);
    const [head = ''] = (await printed(...args, '--json')).split('\n');
    expect(JSON.parse(head).priced.windows).toBe(70);
  });

  it('finds the same with each method that searches for one number', async () => {
    const [random, ...others] = await Promise.all(
      ['random', 'nsga2', 'tpe', 'boshnas'].map(async (method) => {
        const all = await evaluations(task({ method }));
        return Math.min(...all.map(({ cost = Number.POSITIVE_INFINITY }) => cost));
      }),
    );
    expect(random).toBeGreaterThan(0);
    for (const cost of others) expect(cost).toBe(random);
  });

  it('says how far the nearest is off where limits contradict each other', async () => {
    const area = await refusal('--max-area-mm2', '.1');
    expect(area).toMatch(
      /^no accelerator of the space small keeps within 0\.1 mm2: the smallest has [\d.]+ mm2, [\d.]+ more: raise --max-area-mm2/,
    );
    // The least area that is named is one that can be had.
    const least = Number(/smallest has ([\d.]+)/.exec(area)?.[1]);
    const needs = { smooth: true, comparesEnergy: true, training: false };
    const small = acceleratorSpace('small');
    expect(
      legalAccelerators(small, { ...needs, maxAreaMm2: 1.01 * least }, 1).length,
    ).toBeGreaterThan(0);
    expect(await refusal('--space', mine, '--max-power-w', '.0001')).toMatch(
      /^none of 8 accelerators keeps within the power; the nearest, mine:\d+, takes [\d.]+ W more than 0\.0001 W: raise/,
    );
  });

  it('keeps within the power', async () => {
    const all = await evaluations(task());
    const powers = all.map(({ price }) => price?.powerW ?? 0).sort((a, b) => a - b);
    const maxPowerW = powers[3] as number;
    const limited = await evaluations(task({ maxPowerW }));
    const kept = limited.filter(({ cost }) => cost !== undefined);
    expect(kept).toHaveLength(4);
    for (const { price } of kept) expect(price?.powerW).toBeLessThanOrEqual(maxPowerW);
  });

  it('ends where it is stopped, with what was found so far', async () => {
    const stop = new AbortController();
    const seen: Evaluated[] = [];
    const ended = accelerate(task(), {
      signal: stop.signal,
      onBegun: () => undefined,
      onEvaluated(one) {
        seen.push(one);
        if (seen.length === 3) stop.abort(new Error('stopped'));
      },
    });
    await expect(ended).rejects.toThrow('stopped');
    expect(seen).toHaveLength(3);
  });

  it.each([
    [['--space', 'tiny'], /^the space of accelerators tiny is unknown: expected small \(41,472\)/],
    [['--space', 'none.json'], /^space none\.json .+: name another file$/],
    [['--method', 'luck'], /luck/],
    [['--epoch', '5'], /^--epoch is of a training/],
  ])('tells what is wrong in one line: %s', async (args, says) => {
    expect(await refusal(...args)).toMatch(says);
  });

  it.each([
    ['no JSON', '{', 'found no JSON'],
    ['another format', { ...space, format: 'x/1' }, 'format: '],
    ['a tile that there is not', { ...space, tile: [7] }, 'tile.0: '],
    ['no lanes', { ...space, lanes: [] }, 'lanes: '],
    ['a value twice', { ...space, elements: [2, 2] }, 'elements: names a value twice'],
    ['relu lanes alone', { ...space, nonLinearity: ['relu'] }, 'needs lanes with a gelu'],
  ])('tells in one line what is wrong with a space: %s', async (_, content, says) => {
    expect(await refusal('--space', file('broken.json', content))).toContain(says);
  });
});

describe('accelerators as candidates', () => {
  const small = acceleratorSpace('small');
  const numbers = legalAccelerators(
    small,
    { smooth: true, comparesEnergy: true, training: false },
    1,
  );
  const candidates = acceleratorCandidates(small, numbers);

  it('have the numbers of their choices', () => {
    for (const number of [0, 1, 17, 2065, spaceSize(small) - 1]) {
      expect(numberAt(small, choicesAt(small, number))).toBe(number);
    }
  });

  it('are all that can run the network and be compared', () => {
    expect(numbers).toHaveLength(13_824);
    for (const candidate of [0, 100, 13_823]) {
      const accelerator = candidates.at(candidate);
      expect(accelerator).toEqual(acceleratorAt(small, numbers[candidate] as number));
      expect(accelerator.nonLinearity).toBe('gelu');
      expect(accelerator.memory).not.toBe('hbm-32-1-4');
    }
  });

  it('have neighbours that differ in one choice, both ways, and are found by their choices', () => {
    const { sizes, values } = candidates.choices;
    const row = (candidate: number) =>
      Array.from(values.subarray(candidate * sizes.length, (candidate + 1) * sizes.length));
    for (const candidate of [0, 777, 6000, 13_823]) {
      expect(candidates.find(row(candidate))).toBe(candidate);
      const near = candidates.neighbours(candidate);
      expect(near.length).toBeGreaterThan(5);
      for (const other of near) {
        const own = row(candidate);
        expect(row(other).filter((choice, place) => choice !== own[place])).toHaveLength(1);
        expect(candidates.neighbours(other)).toContain(candidate);
      }
    }
  });

  it('have coordinates from 0 to 1 that no two of them share', () => {
    const { values, width } = candidates.coordinates;
    expect(Math.min(...values.subarray(0, 1000 * width))).toBe(0);
    const rows = numbers.map((_, i) => values.subarray(i * width, (i + 1) * width).join());
    expect(new Set(rows).size).toBe(numbers.length);
  });

  it('refuses a file that it could not write, or reads, before anything is simulated', async () => {
    const before = readFileSync(model, 'utf8');
    const folderless = join(folder, 'none', 'found.json');
    expect(await refusal('--space', mine, '--out', folderless)).toBe(
      `--out ${folderless}: folder ${join(folder, 'none')} does not exist: create it first`,
    );
    expect(await refusal('--space', mine, '--out', folder)).toBe(
      `--out ${folder} is a folder: name a file in it`,
    );
    for (const [path, what] of [
      [model, 'network'],
      [mine, 'space'],
    ] as const) {
      expect(await refusal('--space', mine, '--out', path)).toBe(
        `--out ${path} is the ${what}: name another file`,
      );
    }
    expect(readFileSync(model, 'utf8')).toBe(before);
  });
});
