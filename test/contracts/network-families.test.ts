// What a search, a profile and a training take for granted of each family of networks.
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/core/errors.ts';
import { detectors } from '../../src/detectors/index.ts';
import { bodyOf, forecastNetwork } from '../../src/detectors/networks/forecast.ts';
import { trainers } from '../../src/detectors/training/index.ts';
import { compile } from '../../src/engine/tape/program.ts';
import { recordNetwork } from '../../src/lab/profiler/network.ts';
import { macsOf, workOf } from '../../src/lab/profiler/work.ts';
import { familyCandidates } from '../../src/lab/search/design-space/candidates.ts';
import {
  type AnyFamily,
  families,
  familyOfDesign,
  familyOfSpace,
  type NetworkSpace,
} from '../../src/lab/search/families/index.ts';
import { networkDesignSchema, networkFamilies } from '../../src/models/network-family.ts';
import { countingEngine } from '../models/counting-engine.ts';

describe('families of networks', () => {
  it('are searched if networks are of them, and have operations of different names', () => {
    expect([...families.keys()]).toEqual([...networkFamilies.keys()]);
    const names = [...networkFamilies.values()].flatMap(({ operations }) => operations);
    expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
  });

  it('do not read spaces of each other', () => {
    for (const family of families.values()) {
      for (const other of [...families.values()].filter((one) => one !== family)) {
        const space = other.spaces.get('proof');
        expect(() => family.readSpace(JSON.parse(JSON.stringify(space)))).toThrow(ConfigError);
      }
    }
  });
});

describe.each([...families.entries()])('the family %s', (kind, family) => {
  const space = proofSpace(family);
  const designs = family.sample(space, 40, 1);

  it('has named spaces, which it reads, counts and knows as its own', () => {
    expect([...family.spaces.keys()]).toEqual(['proof', 'level-1', 'full']);
    for (const [name, named] of family.spaces) {
      expect(family.readSpace(name)).toEqual(named);
      expect(family.readSpace(JSON.parse(JSON.stringify(named)))).toEqual(named);
      expect(familyOfSpace(named)).toBe(family);
      expect(family.describe(named)).toContain(family.sizeOf(named).toLocaleString('en-GB'));
    }
    expect(BigInt(family.enumerate(space).length)).toBe(family.sizeOf(space));
  });

  it('reads its designs, and knows them as its own', () => {
    for (const design of designs) {
      expect(networkDesignSchema.parse(JSON.parse(JSON.stringify(design)))).toEqual(design);
      expect(familyOfDesign(design)).toBe(family);
    }
    expect(familyOfDesign(family.handMade)).toBe(family);
  });

  it('has a key for each design, and a distance of 0 between equal ones alone', () => {
    expect(new Set(designs.map(family.keyOf)).size).toBe(designs.length);
    const of = family.distancesAmong(designs);
    for (const [i] of designs.entries()) {
      for (const [j, distance] of of(i).entries()) {
        expect(distance === 0).toBe(i === j);
        expect(distance).toBeCloseTo(of(j)[i] as number, 9);
      }
    }
  });

  it('has neighbours in the space, different ones, of which the design is no part', () => {
    const all = new Set(family.enumerate(space).map(family.keyOf));
    for (const design of designs.slice(0, 10)) {
      const keys = family.neighboursOf(design, space).map(family.keyOf);
      expect(keys.length).toBeGreaterThan(2);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).not.toContain(family.keyOf(design));
      expect(keys.filter((key) => !all.has(key))).toEqual([]);
    }
  });

  it('has embeddings of one row a design, the same each time; the learned one tells designs apart', () => {
    expect([...family.embeddings.keys()]).toEqual(['one-hot', 'authors', 'learned']);
    for (const embedding of family.embeddings.values()) {
      const { values, width } = embedding.embed(designs, space);
      expect(values).toHaveLength(designs.length * width);
      expect(values.every(Number.isFinite)).toBe(true);
      expect(embedding.embed(designs, space).values).toEqual(values);
      const rows = designs.map((_, i) => String(values.subarray(i * width, (i + 1) * width)));
      if (embedding.kind !== 'authors') expect(new Set(rows).size).toBe(designs.length);
    }
  });

  it('has candidates that are found by their choices, and graphs of them', () => {
    const [embedding] = family.embeddings.values();
    const candidates = familyCandidates(family, designs, space, embedding as never);
    const { sizes, values } = candidates.choices;
    for (const i of designs.keys()) {
      const row = values.subarray(i * sizes.length, (i + 1) * sizes.length);
      expect(candidates.find(row)).toBe(i);
      expect(candidates.neighbours(i).length).toBeGreaterThanOrEqual(10);
      const { labels, edges } = candidates.graphOf?.(i) ?? { labels: [], edges: [] };
      expect(edges.flat().every((node) => node < labels.length)).toBe(true);
    }
  });

  it('grows a library, from coarse levels to fine ones', () => {
    const full = family.spaces.get('full') as NetworkSpace;
    const levels = family.levelsOf(full);
    const sizes = levels.map((level) => family.sizeOf(level.space));
    expect(sizes.every((size, i) => i === 0 || size > (sizes[i - 1] as bigint))).toBe(true);
    expect(levels.at(-1)?.space).toEqual(full);
    const first = family.firstOf(full, 30, 1);
    const grown = family.grow(first, [0, 1], levels.at(1)?.space ?? full, 2);
    expect(grown.slice(0, first.length)).toEqual(first);
    expect(new Set(grown.map(family.keyOf)).size).toBe(grown.length);
    expect(grown.length).toBeGreaterThan(first.length + 20);
  });

  it('counts the multiplications of a network as they are carried out', () => {
    const { rows, patch } = space;
    for (const point of [...designs.slice(0, 8), family.handMade]) {
      const own = { point, rows, patch, width: 3, horizon: 2 };
      const { tape, output } = recordNetwork(own);
      const { engine, macs } = countingEngine();
      compile(tape, engine, { outputs: [output] }).forward();
      const { operations, otherMacs } = workOf(own);
      expect(macsOf(own)).toBe(macs());
      expect([...operations.values()].reduce((sum, one) => sum + one, otherMacs)).toBe(macs());
      const known = family.network.operations.map(({ name }) => name);
      expect([...operations.keys()].filter((name) => !known.includes(name))).toEqual([]);
      expect(family.network.width(point)).toBe(forecastNetwork(bodyOf(own), own, 3, 1).stem.size);
    }
  });

  it('says what its non-linearities compute, as the steps of a network do', () => {
    const { rows, patch } = space;
    for (const point of [...family.enumerate(space).slice(0, 150), family.handMade]) {
      const { tape } = recordNetwork({ point, rows, patch, width: 3, horizon: 1 });
      const steps = tape.steps.filter(({ kind: step }) => step === 'activation');
      const found = steps.map(({ attributes }) => attributes?.['activation']);
      expect(new Set(family.network.functions(point))).toEqual(new Set(found));
    }
  });

  it('is trained by a detector that takes a design, under options that its space gives', () => {
    const trainer = trainers.get(family.network.detector);
    expect(detectors.has(family.network.detector)).toBe(true);
    const options = { point: designs[0], ...family.trainingOf(space) };
    expect(trainer?.options.safeParse(options).success).toBe(true);
    expect(family.kind).toBe(kind);
  });
});

function proofSpace(family: AnyFamily): NetworkSpace {
  return family.readSpace('proof');
}
