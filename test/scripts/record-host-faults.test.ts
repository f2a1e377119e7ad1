import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../scripts/record-host-faults/describe.mjs';
import { FAULTS } from '../../scripts/record-host-faults/faults.mjs';
import {
  assemble,
  isSaved,
  requirePlan,
  savePiece,
} from '../../scripts/record-host-faults/pieces.mjs';
import { PROFILES } from '../../scripts/record-host-faults/profiles.mjs';
import { cutRows, joinRows, withService } from '../../scripts/record-host-faults/rows.mjs';
import { hurried, piecesOf, schedule } from '../../scripts/record-host-faults/schedule.mjs';
import { hostSource } from '../../src/io/sources/host.ts';
import { recording } from '../../src/lab/datasets/recording.ts';

const DATASETS = new URL('../../datasets/', import.meta.url).pathname;
const NAMES = ['host-faults', 'host-quiet'] as const;
const RECORDINGS = NAMES.filter((name) => existsSync(join(DATASETS, name, 'labels.csv')));

/** A fault may keep the machine so busy that its end comes late. */
const MOST_LATE_S = 5;

describe('the schedule of a recording', () => {
  it.each(RECORDINGS.map((name) => [name, name === 'host-faults' ? 1 : 19] as const))(
    'is that of %s with seed %i',
    (name, seed) => {
      const { faults } = PROFILES[name];
      const { plan } = schedule(seed, faults.count, faults);
      const labels = readFileSync(join(DATASETS, name, 'labels.csv'), 'utf8')
        .trim()
        .split('\n');
      const found = labels.slice(1).map((line) => line.split(','));
      expect(found.map(([, , kind]) => kind)).toEqual(plan.map(({ kind }) => kind));
      plan.forEach(({ durationS }, index) => {
        const [start, end] = found[index] ?? [];
        const lateS = (Number(end) - Number(start)) / 1000 - durationS;
        expect(Math.abs(lateS)).toBeLessThan(MOST_LATE_S);
      });
    },
  );

  it('has each kind equally often before any comes again, and slow ones take longer', () => {
    const { faults } = PROFILES['host-quiet'];
    const { plan } = schedule(19, faults.count, faults);
    expect(plan.map(({ kind }) => kind).toSorted()).toEqual(
      [...faults.kinds, ...faults.kinds].toSorted(),
    );
    for (const { kind, durationS } of plan) {
      const [low, high] = faults.slow.kinds.includes(kind)
        ? faults.slow.durationS
        : faults.durationS;
      expect(durationS).toBeGreaterThanOrEqual(low);
      expect(durationS).toBeLessThanOrEqual(high);
    }
  });

  it.each(NAMES)('knows every fault of %s and its channels', (name) => {
    const profile = PROFILES[name];
    const channels = hostSource
      .create(hostSource.options.parse({}), { streamId: 'host' })
      .channels.map(({ id }) => id);
    const known = [...channels, ...(profile.service ? ['service.latency'] : [])];
    for (const kind of profile.faults.kinds) {
      expect(known, kind).toEqual(
        expect.arrayContaining([...(FAULTS[kind]?.channels ?? ['none'])]),
      );
    }
  });
});

describe('the pieces of a recording', () => {
  it('take the time of all sections, and every fault lies in one of them, at its time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.integer({ min: 1, max: 60 }), (seed, count) => {
        const profile = PROFILES['host-quiet'];
        const whole = schedule(seed, count, profile.faults);
        const pieces = piecesOf(profile, whole);
        const { trainS, quietS } = profile;
        let fromS = 0;
        const found: object[] = [];
        for (const { lengthS, faults } of pieces) {
          for (const fault of faults) {
            found.push({ ...fault, atS: Math.round(fromS + fault.atS - trainS - quietS) });
            expect(fault.atS).toBeGreaterThan(0);
            expect(fault.atS + fault.durationS).toBeLessThan(lengthS);
          }
          fromS += lengthS;
        }
        expect(fromS).toBeCloseTo(trainS + quietS + whole.lengthS, 6);
        expect(found).toEqual(whole.plan);
      }),
      { numRuns: 50 },
    );
  });

  it('are of one part each, the training before the test', () => {
    const profile = PROFILES['host-quiet'];
    const pieces = piecesOf(profile, schedule(19, profile.faults.count, profile.faults));
    const parts = pieces.map(({ part }) => part);
    expect(parts.join(' ')).toMatch(/^(train )+(test ?)+$/);
  });

  it('are as many and as long as the pace says', () => {
    const pieces = [{ part: 'test', lengthS: 90, faults: [{ kind: 'x', atS: 30, durationS: 6 }] }];
    expect(hurried(pieces, 3)).toEqual([
      { part: 'test', lengthS: 30, faults: [{ kind: 'x', atS: 10, durationS: 2 }] },
    ]);
  });
});

const HEADER = 'time,cpu[%],load';
const ROWS = ['1000003,1.23456789,', '1001004,1e-7,5', '1002002,3,2'];

describe('the rows of a recording', () => {
  it('are those from the start on until before the end, rounded, without the line being written', () => {
    const text = `${[HEADER, ...ROWS].join('\n')}\n1003001,4`;
    expect(cutRows(text, 1_000_000, 1_002_000)).toEqual({
      header: HEADER,
      rows: ['1000003,1.23457,', '1001004,1e-7,5'],
    });
    expect(cutRows(text, 1_002_000, 1_010_000).rows).toEqual(['1002002,3,2']);
  });

  it('have what the service did in the second before, and nothing where it was silent', () => {
    const seconds = new Map([
      [1_000_000, { latencyMs: 2.5, requests: 3 }],
      [1_002_000, { latencyMs: undefined, requests: 0 }],
    ]);
    expect(withService({ header: HEADER, rows: ROWS }, seconds)).toEqual({
      header: `${HEADER},service.latency[ms],service.requests[1/s]`,
      rows: [`${ROWS[0]},2.5,3`, `${ROWS[1]},,`, `${ROWS[2]},,0`],
    });
  });

  it('are joined only where the columns are the same', () => {
    expect(
      joinRows([
        { header: HEADER, rows: ['1', '2'] },
        { header: HEADER, rows: ['3'] },
      ]),
    ).toBe(`${HEADER}\n1\n2\n3\n`);
    expect(() =>
      joinRows([
        { header: HEADER, rows: [] },
        { header: 'time', rows: [] },
      ]),
    ).toThrow(`found pieces with the columns ${HEADER} and time`);
  });
});

describe('a recording that was interrupted', () => {
  const plan = { profile: 'host-quiet', seed: 19 };
  const parts = [{ part: 'train' }, { part: 'test' }, { part: 'test' }];

  function begun(): { out: string; path: string } {
    const out = mkdtempSync(join(tmpdir(), 'recording-'));
    const path = join(out, 'recording.csv');
    const rows = Array.from({ length: 12 }, (_, row) => `${1_795_536_000_000 + 1000 * row},${row}`);
    writeFileSync(path, `time,cpu[%]\n${rows.join('\n')}\n`);
    requirePlan(out, plan);
    return { out, path };
  }

  function save(out: string, path: string, index: number): void {
    const fromMs = 1_795_536_000_000 + 4000 * index;
    const labels = index === 1 ? ['1795536005000,1795536007000,cpu_hog,cpu'] : [];
    savePiece(out, index, { path, fromMs, toMs: fromMs + 4000, labels, seconds: undefined });
  }

  it('has the pieces that were finished, and no other', () => {
    const { out, path } = begun();
    save(out, path, 0);
    writeFileSync(join(out, 'pieces', '02.json.begun'), '{"header":');
    expect([0, 1, 2].map((index) => isSaved(out, index))).toEqual([true, false, false]);
    expect(() => requirePlan(out, plan)).not.toThrow();
  });

  it('goes on only with the plan that it was begun with', () => {
    const { out } = begun();
    expect(() => requirePlan(out, { ...plan, seed: 20 })).toThrow(
      `${out} holds pieces of {"profile":"host-quiet","seed":19}, asked for is {"profile":"host-quiet","seed":20}`,
    );
  });

  it('becomes a data set that the laboratory reads, and is not recorded over', () => {
    const { out, path } = begun();
    for (const index of [2, 0, 1]) save(out, path, index);
    assemble(out, parts);
    const { train, test, segments } = recording.read(out, '');
    expect([...train.timeMs].map((time) => time - 1_795_536_000_000)).toEqual([
      0, 1000, 2000, 3000,
    ]);
    expect(test.timeMs).toHaveLength(8);
    expect(segments).toEqual([{ start: 1, end: 3, kind: 'cpu_hog', channels: [0] }]);
    expect(() => requirePlan(out, plan)).toThrow(`${out} holds a recording that is complete`);
  });
});

it.each(RECORDINGS)('the README of %s has the checksums of its files', (name) => {
  const readme = readFileSync(join(DATASETS, name, 'README.md'), 'utf8');
  const hashes = figuresOf(join(DATASETS, name)).match(/[0-9a-f]{64}/g) ?? [];
  expect(hashes).toHaveLength(3);
  for (const hash of hashes) expect(readme).toContain(hash);
});
