// `sentigon simulate` as a user calls it, and what it says of what cannot be simulated.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/app/cli/program.ts';
import { writeModel } from '../../../src/app/models/model-folder.ts';
import { accelerator, subject } from '../../../src/app/simulate/inputs.ts';
import { readSimulation } from '../../../src/app/simulate/simulation-file.ts';
import { simulationText } from '../../../src/app/simulate/simulation-text.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { presets } from '../../../src/lab/simulator/accelerator.ts';
import { windowsOf } from '../../../src/lab/simulator/model-zeros.ts';
import { networkOfModel } from '../../../src/lab/simulator/networks.ts';
import { electorVectors, small } from '../../../src/lab/simulator/presets/acceltran.ts';
import { snapped, vectorCount } from '../../../src/lab/simulator/presets/vectors.ts';
import { requireFunctions } from '../../../src/lab/simulator/price.ts';
import { acceleratorAt, spaceSize } from '../../../src/lab/simulator/space.ts';
import { NO_ZEROS, Zeros } from '../../../src/lab/simulator/zeros.ts';
import { tinyModel } from '../tiny-model.ts';
import { data, skippedBy, trained } from './toy-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const attention = { op: 'attention', form: 'scaled' };
const design = {
  point: { layers: [{ hidden: 16, heads: [attention, attention], feedForward: [32] }] },
  ...{ patch: 4, rows: 16, width: 3, horizon: 1 },
};

const cnn = {
  cnn: {
    cells: [
      {
        channels: 8,
        vertices: [{ operation: { op: 'skip' }, inputs: [0] }],
        output: [1],
        activation: 'silu',
      },
    ],
  },
  ...{ rows: 16, width: 3, horizon: 1 },
};

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const simulate = (...args: readonly string[]) =>
  runCommand(['node', 'sentigon', 'simulate', ...args]);

/** The message of an error, which is one line. */
async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    return message;
  }
  throw new Error('nothing was refused');
}

describe('sentigon simulate', () => {
  it('writes a simulation of a design that report draws, with each order of the loops', async () => {
    const out = join(folder, 'design-simulation.json');
    const path = file('design.json', design);
    const hardware = join(folder, 'edge.json');
    const asked = ['--accelerator', 'edge', '--order', 'all', '--zeros', 'published'];
    await simulate(path, ...asked, '--out', out, '--write-accelerator', hardware);
    const found = readSimulation(out);
    expect(found?.simulation.simulated).toBe(true);
    expect(found?.orders?.length).toBe(24);
    expect(accelerator(hardware, false)).toEqual(presets.get('edge'));
    if (found) expect(simulationText(found)).toContain('every figure is simulated');
    await runCommand(['node', 'sentigon', 'report', out]);
    const page = readFileSync(join(folder, 'design-simulation.html'), 'utf8');
    for (const title of ['What works when', 'Roofline', 'Stalls', 'Energy by module']) {
      expect(page).toContain(`<h2>${title}</h2>`);
    }
    expect(page).not.toMatch(/NaN|undefined/);
    const whole = JSON.parse(readFileSync(out, 'utf8'));
    for (const [lacks, content] of [
      ['simulation.energy', { ...whole, simulation: { ...whole.simulation, energy: undefined } }],
      ['accelerator', { ...whole, accelerator: undefined }],
    ] as const) {
      expect(await refusal(() => readSimulation(file('broken.json', content)))).toMatch(
        new RegExp(`broken simulation \\(${lacks}: .+\\): run \`sentigon simulate\` again$`),
      );
    }
    expect(readSimulation(file('other.json', { format: 'other/1' }))).toBeUndefined();
  });

  it('simulates a convolutional network on unrolled loops, whose order is fixed', async () => {
    const out = join(folder, 'cnn-simulation.json');
    const path = file('cnn-design.json', cnn);
    const asked = [path, '--accelerator', 'accelbench:2,16,8,8,3,1,0.125,0.125,4'];
    await simulate(...asked, '--out', out);
    const found = readSimulation(out);
    expect(found?.simulation.use.lane).toMatchObject({ busy: expect.any(Number) });
    expect(found && simulationText(found)).toMatch(
      /lanes +all of them work on one product at a time/,
    );
    await runCommand(['node', 'sentigon', 'report', out]);
    expect(readFileSync(join(folder, 'cnn-simulation.html'), 'utf8')).not.toMatch(/NaN|undefined/);
    for (const rule of ['--order kbij', '--lanes packed']) {
      expect(await refusal(() => simulate(...asked, ...rule.split(' ')))).toMatch(
        /^accelbench:2,16.+ unrolls its loops, .+: leave out --order and --lanes$/,
      );
    }
  });

  it('takes the zeros of a trained model from windows of data, whose attention is of e^x (upstream defect 12)', async () => {
    const model = await trained('forecaster', { steps: 3, rows: 16, batch: 8 });
    const path = join(folder, 'toy.safetensors');
    await writeModel(path, model);
    const { network } = await subject(path, 2);
    const windows = windowsOf(data.train, model, 2);
    const values = network.values?.(windows, await loadKernels()) ?? new Map();
    expect(values.size).toBeGreaterThan(20);
    expect(skippedBy(network, new Zeros(NO_ZEROS))).toBe(0);
    expect(skippedBy(network, new Zeros(NO_ZEROS, values))).toBeGreaterThan(0);
    // Its softmax shifts bits in place of e^x. Here values are those of the engine: rows sum to 1.
    const four = [...values].find(([, of]) => of.length === 2 * 2 * 4 * 4)?.[1];
    expect([0, 1, 2, 3].reduce((sum, i) => sum + Number(four?.[i]), 0)).toBeCloseTo(1, 5);
    const other = { ...model, channels: [{ id: 'other', unit: '' }] };
    expect(await refusal(() => windowsOf(data.train, other, 2))).toMatch(
      /^the data have the channels .+, the model watches other: name data of the same channels$/,
    );
    expect(await refusal(() => windowsOf(data.train, model, 500))).toMatch(/expected 500/);
  });
});

describe('the spaces', () => {
  it('have the sizes that the help prints', () => {
    expect(vectorCount(electorVectors)).toBe(7_425_000);
    expect(spaceSize(small)).toBe(41_472);
    // All differ in more than their names.
    const all = Array.from({ length: spaceSize(small) }, (_, n) =>
      JSON.stringify({ ...acceleratorAt(small, n), name: '' }),
    );
    expect(new Set(all).size).toBe(spaceSize(small));
  });

  it('snap a vector once: what is snapped stays', () => {
    const vectors = [
      [1, 16, 16, 64, 16, 16, 4, 4, 4, 8, 1, 8],
      [3, 20, 9, 700, 1, 2, 99, 10, 50, 1, 3, 40],
      [-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -5],
    ];
    const snap = (vector: readonly number[]) => snapped(electorVectors, vector);
    for (const vector of vectors) expect(snap(snap(vector))).toEqual(snap(vector));
    expect(snap(vectors[0] ?? [])).toEqual(vectors[0]);
  });
});

describe('bad input', () => {
  const edge = presets.get('edge');
  it.each([
    [
      'edgy',
      /^the accelerator edgy is unknown: expected edge, .+, accelbench:<n> of 60,825,600, accelbench:<9 n/,
    ],
    ['small:x', /^small:x is outside of the space: expected a number from 0 to 41471$/],
    ['small:', /^small: is outside of the space/],
    ['small:1,2', /^small:1,2 is outside of the space/],
    ['elector:1,16', /outside of ELECTOR's space: found undefined at place 3/],
    [
      'elector:1,17,17,64,16,16,4,4,4,8,1,8',
      /found 17 at place 2, expected 8, 16, 32: correct it, or add --snap$/,
    ],
    ['elector:1,16,8,64,16,16,4,4,4,8,1,8', /found 8 at place 3, expected the value of place 2/],
    ['none.json', /^accelerator none\.json .+: name another file$/],
  ])('of an accelerator is told in one line: %s', async (given, says) => {
    expect(await refusal(() => accelerator(given, false))).toMatch(says);
  });

  it('of relu lanes for a network with a gelu is told in one line, and in no other way', async () => {
    const path = file('gelu.json', design);
    expect(await refusal(() => simulate(path, '--accelerator', 'small:17'))).toBe(
      'the network has a gelu, which the relu lanes of small:17 do not compute: take an accelerator whose nonLinearity is gelu',
    );
    const leaky = networkOfModel(await trained('gon', { steps: 1 }), 1).work('inference');
    expect(() => requireFunctions(leaky, acceleratorAt(small, 17))).not.toThrow();
  });

  it('of a vector is snapped only where that is asked', () => {
    const found = accelerator('elector:1,17,17,64,16,16,4,4,4,8,1,8', true);
    expect(found).toMatchObject({ tile: { batch: 1, rows: 16, columns: 16 } });
  });

  it.each([
    ['another format', { ...edge, format: 'other/1' }, 'format: '],
    ['zero lanes', { ...edge, lanes: 0 }, 'lanes: '],
    ['an unknown memory', { ...edge, memory: 'core' }, 'memory: '],
    ['a unit missing', { ...edge, figures: { fifo: { area: 1 } } }, 'figures.fifo.areaUm2: '],
    [
      'a negative number',
      { ...edge, figures: { fifo: { areaUm2: -1, dynamicMw: 1, leakageMw: 1 } } },
      'figures.fifo.areaUm2: ',
    ],
    ['no JSON', '{', 'found no JSON'],
  ])('of an accelerator file is told in one line: %s', async (name, content, says) => {
    const path = file(`${name.replaceAll(' ', '-')}.json`, content);
    expect(await refusal(() => accelerator(path, false))).toContain(says);
  });

  it('of a design or a model is told in one line', async () => {
    const other = join(folder, 'other.safetensors');
    await writeModel(other, tinyModel());
    const says = (path: string) => refusal(() => subject(path, 1));
    expect(await says(file('list.json', []))).toMatch(/list\.json is no design of a network/);
    expect(await says(file('broken.json', '{'))).toContain('found no JSON');
    const wrong = { ...design.point.layers[0], hidden: 'x' };
    const named = file('hidden.json', { ...design, point: { layers: [wrong] } });
    expect(await says(named)).toContain(
      'horizon}: point.layers.0.hidden: found a text, expected a number',
    );
    expect(await says(file('rows.json', { ...cnn, rows: -1 }))).toContain(
      'horizon}: rows: found a number, expected more than 0',
    );
    const many = file('many.json', { ...cnn, patch: 1, rows: 0 });
    expect(await says(many)).toContain("; found an unknown key 'patch'");
    expect(await says(file('no-cells.json', { ...cnn, cnn: { cells: [] } }))).toContain(
      'horizon}: cnn.cells: found an empty list, expected at least 1 entry',
    );
    expect(await says(other)).toBe(
      'the model is of the detector range-count, whose work no accelerator is simulated for: expected one of forecaster, cnn, encoder, gon',
    );
  });

  it('of a file to write is told before anything is simulated, and no input is overwritten', async () => {
    const path = file('kept.json', design);
    const hardware = file('kept-edge.json', edge);
    const none = join(folder, 'none', 'x.json');
    for (const option of ['--out', '--write-accelerator']) {
      const says = (out: string) =>
        refusal(() => simulate(path, '--accelerator', hardware, option, out));
      expect(await says(none)).toBe(
        `${option} ${none}: folder ${join(folder, 'none')} does not exist: create it first`,
      );
      expect(await says(path)).toBe(`${option} ${path} is the network: name another file`);
      expect(await says(hardware)).toBe(
        `${option} ${hardware} is the accelerator: name another file`,
      );
    }
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(design);
    const report = () => runCommand(['node', 'sentigon', 'report', path, '--out', none]);
    expect(await refusal(report)).toContain('does not exist: create it first');
  });

  it('of options is told in one line', async () => {
    const path = file('plain.json', design);
    const asked = [path, '--accelerator', 'edge', '--masks-from', 'host-faults'];
    expect(await refusal(() => simulate(...asked))).toMatch(
      /^--masks-from needs weights and a tape/,
    );
    const small = file('small-buffers.json', {
      ...edge,
      bufferMb: { activation: 0.0001, weight: 0.0001, mask: 0.0001 },
    });
    expect(await refusal(() => simulate(path, '--accelerator', small))).toMatch(
      /cannot go on: .+ needs \d+ bytes of the (weight|activation|mask) buffer, which holds 104 with \d+ in use/,
    );
    expect(await simulate(path, '--accelerator', 'edge', '--order', 'bbbb')).toBe(78);
    expect(await simulate(path, '--accelerator', 'edge', '--zeros', '1,2')).toBe(78);
  });
});
