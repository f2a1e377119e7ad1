// `sentigon simulate --accelerator cpu`: rates that are fitted to a profile, and what is said of how well they predict.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../../src/app/cli/program.ts';
import { onProcessor, processorOf } from '../../../src/app/simulate/processor.ts';
import { processorText } from '../../../src/app/simulate/processor-text.ts';
import { version } from '../../../src/app/version.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { engineIdentity } from '../../../src/lab/profiler/engine-identity.ts';
import type { Profile } from '../../../src/lab/profiler/profile.ts';
import { enumerate } from '../../../src/lab/search/design-space/enumerate.ts';
import { networkOfModel, networkOfShape } from '../../../src/lab/simulator/networks.ts';
import { countsOf, WORK } from '../../../src/lab/simulator/processor.ts';
import { encoderMacs } from '../../../src/models/encoder.ts';
import { loadEngine } from '../../../src/models/load-engine.ts';
import { ENGINE, prepare, space } from '../search/toy-search.ts';
import { trained } from './toy-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'processor-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const SHAPE = { rows: 16, patch: 2, width: 3, horizon: 1 };
const workOf = (point: Parameters<typeof networkOfShape>[0]['point']) =>
  networkOfShape({ point, ...SHAPE }, 'network', 1).work('inference');

/** Nanoseconds of one of each kind of work. */
const RATES = WORK.map((_, kind) => (kind + 1) * 1e-8);

/** Of all networks of the toy space; each time is multiplied by `off`. */
function profile(off: (place: number) => number = () => 1): Profile {
  const path = prepare(folder);
  const written: Profile = JSON.parse(readFileSync(path, 'utf8'));
  return {
    ...written,
    measurements: written.measurements.map((one, place) => {
      const counts = countsOf(workOf(one.network.point));
      const p50S = counts.reduce((sum, count, kind) => sum + count * (RATES[kind] as number), 0);
      return { ...one, p50S: off(place) * p50S };
    }),
  };
}

const first = enumerate(space)[0] as ReturnType<typeof enumerate>[number];

describe('the processor of a profile', () => {
  it('counts each operation as work of its kind, pools among them', () => {
    const vertices = [{ operation: { op: 'pool' as const, of: 'max' as const }, inputs: [0] }];
    const cell = { channels: 8, activation: 'relu' as const, vertices, output: [1] };
    const cnn = workOf({ cells: [cell] });
    expect(cnn.operations.some(({ kind }) => kind === 'pool')).toBe(true);
    const common = ['calls', 'numbers read and written'];
    for (const operation of [...cnn.operations, ...workOf(first).operations]) {
      const counts = countsOf({ operations: [operation] });
      const own = WORK.filter(({ name }, kind) => !common.includes(name) && counts[kind] !== 0);
      expect(own, operation.kind).toHaveLength(1);
    }
  });

  it('takes for a network what its kinds of work took in others', () => {
    const known = profile();
    const processor = processorOf(known, 'p.json');
    expect(processor.heldOut).toMatchObject({ networks: 12, isSure: true });
    expect(processor.heldOut.spearman).toBeGreaterThan(0.99);
    expect(processor.heldOut.medianError).toBeLessThan(0.02);
    const found = onProcessor({ name: 'first', windows: 1 }, workOf(first), processor);
    expect(found.latencyS / (known.measurements[0]?.p50S as number)).toBeCloseTo(1, 1);
    const sum = found.parts.reduce((all, part) => all + part.latencyS, 0);
    expect(found.latencyS).toBeCloseTo(sum, 12);
    expect(processorText(found)).toMatch(
      /held out {2}12 networks .+ Spearman (0\.99|1\.00), median error \d/,
    );
    expect(processorText(found)).not.toContain('less sure');
  });

  it('counts all multiplications of a network, one operation for each call', () => {
    const work = workOf(first);
    const counts = new Map(countsOf(work).map((count, kind) => [WORK[kind]?.name, count]));
    const named = ['products with weights', 'other products', 'convolutions'];
    const macs = named.reduce((sum, name) => sum + 1000 * (counts.get(name) ?? 0), 0);
    const { rows, width, patch } = SHAPE;
    const forecast = (first.layers.at(-1)?.hidden ?? 0) * width;
    expect(macs).toBeCloseTo(encoderMacs(first, { rows, width, patch }) + forecast, 6);
    expect(counts.get('calls')).toBe(work.operations.length);
  });

  it('says so where networks held out were not predicted well', () => {
    const random = createRandom(3);
    const factors = Array.from({ length: 12 }, () => Math.exp(2 * random.normal()));
    const processor = processorOf(
      profile((place) => factors[place] as number),
      'p.json',
    );
    expect(processor.heldOut.isSure).toBe(false);
    const text = processorText(
      onProcessor({ name: 'first', windows: 1 }, workOf(first), processor),
    );
    expect(text).toContain(
      '; less sure than 0.9 and 20.0 %: profile more networks, on an idle machine',
    );
  });

  it('says what a network has more of than any that was measured, and refuses what none has', async () => {
    const processor = processorOf(profile(), 'p.json');
    const large = networkOfShape({ point: first, ...SHAPE, width: 90 }, 'large', 4);
    const found = onProcessor(large, large.work('inference'), processor);
    expect(processorText(found)).toMatch(
      /beyond {4}.*[\d.]+ times the products with weights.* of any network of the profile: the rates are extrapolated/,
    );
    const gon = networkOfModel(await trained('gon', { steps: 1 }), 1);
    const encoders = { ...profile(), measurements: profile().measurements.slice(0, 5) };
    const some = processorOf(encoders, 'p.json');
    expect(() =>
      onProcessor(gon, gon.work('inference'), {
        ...some,
        most: some.most.map((most, kind) => (WORK[kind]?.name === 'sums' ? 0 : most)),
      }),
    ).toThrow(/^no network of the profile has sums, which gon has: profile that device/);
    expect(() =>
      processorOf({ ...encoders, measurements: encoders.measurements.slice(0, 4) }, 'p.json'),
    ).toThrow(/^p\.json has 4 networks, expected 5 or more/);
  });
});

describe('sentigon simulate --accelerator cpu', () => {
  async function asked(...args: readonly string[]): Promise<string> {
    const design = join(folder, 'design.json');
    writeFileSync(design, JSON.stringify({ point: first, ...SHAPE }));
    let text = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
    await runCommand(['node', 'sentigon', 'simulate', design, '--accelerator', 'cpu', ...args]);
    return text;
  }

  it('prints the latency by kinds of work beside what was measured, and the same as JSON', async () => {
    const engine = engineIdentity(await loadEngine(), version());
    const path = prepare(folder, engine);
    const text = await asked('--profile', path);
    expect(text).toMatch(
      /^\S+design\.json on the processor of x86: inference, 1 window together; /,
    );
    expect(text).toMatch(/measured {2}[\d.]+ us, [+-]?[\d.]+ % off/);
    expect(text).toMatch(/products with weights .+ us .+ %/);
    const json = JSON.parse(await asked('--profile', path, '--json'));
    expect(json).toMatchObject({ simulated: true, device: 'x86', windows: 1 });
    expect(json.parts).toHaveLength(WORK.length);
  });

  it.each([
    [[], /^the accelerator cpu takes its rates from a profile: add --profile/],
    [
      ['--order', 'bijk'],
      /^the accelerator cpu has a latency of scoring alone: leave out --order$/,
    ],
    [['--mode', 'training'], /scoring alone: leave out --mode training$/],
    [['--out', 'x.json'], /scoring alone: leave out --out$/],
  ])('refuses in one line what it has not: %s', async (args, says) => {
    const path = prepare(folder, ENGINE);
    const given = args.length > 0 ? [...args, '--profile', path] : [];
    await expect(asked(...given)).rejects.toThrow(says);
  });
});
