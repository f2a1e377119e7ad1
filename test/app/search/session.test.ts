import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJournal } from '../../../src/app/search/journal.ts';
import { foundPoints } from '../../../src/app/search/points.ts';
import { resumeSearch, startSearch, type Told } from '../../../src/app/search/session.ts';
import { ConfigError, DeviceError, SourceError } from '../../../src/core/errors.ts';
import { designKey } from '../../../src/lab/search/design-space/design-key.ts';
import type { NetworkDesign } from '../../../src/models/network-family.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { mixedSpace } from '../../lab/search/design-space/spaces.ts';
import {
  context,
  data,
  ENGINE,
  encoderOf,
  fresh,
  measuring,
  prepare,
  STARTED,
  settings,
  space,
  summary,
  toyPool,
} from './toy-search.ts';

describe('a search', () => {
  it('tells in the order of the proposals, however many are under way', async () => {
    const seen: Told[] = [];
    const pool = toyPool();
    const session = await startSearch(
      settings({ parallel: 4, budget: 8 }),
      STARTED,
      context(fresh(), { pool, onTold: (told) => seen.push(told) }),
    );
    expect(seen.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(pool.jobs).toHaveLength(8);
    const again = await startSearch(
      settings({ parallel: 4, budget: 8 }),
      STARTED,
      context(fresh()),
    );
    expect(summary(again)).toEqual(summary(session));
  });

  it.each([1, 3])(
    'goes on after a stop as if there had been none, %i at once',
    async (parallel) => {
      const asked = settings({ parallel, budget: 9, method: 'evolution' });
      const whole = await startSearch(asked, STARTED, context(fresh()));
      const folder = fresh();
      const stop = new AbortController();
      const reason = new Error('enough');
      const stopped = startSearch(
        asked,
        STARTED,
        context(folder, {
          signal: stop.signal,
          onTold: ({ number }) => number === 3 && stop.abort(reason),
        }),
      );
      await expect(stopped).rejects.toBe(reason);
      // what a kill leaves behind
      appendFileSync(join(folder, 'journal.jsonl'), '{"done":4,"cand');
      const content = readJournal(folder);
      const pool = toyPool();
      const resumed = await resumeSearch(content, 9, context(folder, { pool }));
      expect(summary(resumed)).toEqual(summary(whole));
      expect(pool.jobs).toHaveLength(9 - content.done.size);
      expect(content.done.size).toBeGreaterThanOrEqual(4);
      expect(readJournal(folder).done.size).toBe(9);
    },
  );

  it.each([1, 3])(
    'goes on level by level after a stop as if there had been none, %i at once',
    async (parallel) => {
      const asked = settings({
        ...{ space: { ...mixedSpace, layers: [1, 2, 3] }, levelled: true, method: 'evolution' },
        ...{ budget: 11, parallel, devices: [{ kind: 'x86', measured: true }] },
      });
      const whole = await startSearch(asked, STARTED, context(fresh(), { pool: measuring() }));
      expect(whole.history.map(({ choice }) => choice.level)).toEqual(
        [1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3], // 6 : 3 : 2
      );
      for (const last of [2, 7]) {
        const folder = fresh();
        const stop = new AbortController();
        const stopped = startSearch(
          asked,
          STARTED,
          context(folder, {
            ...{ signal: stop.signal, pool: measuring() },
            onTold: ({ number }) => number === last && stop.abort(new Error('enough')),
          }),
        );
        await expect(stopped).rejects.toThrow('enough');
        // what a kill leaves behind
        appendFileSync(join(folder, 'journal.jsonl'), '{"done":8,"cand');
        // The last level goes on with what is asked for beyond.
        const resumed = await resumeSearch(
          readJournal(folder),
          13,
          context(folder, { pool: measuring() }),
        );
        expect(summary(resumed).slice(0, 11)).toEqual(summary(whole));
        expect(resumed.history.slice(11).map(({ choice }) => choice.level)).toEqual([3, 3]);
      }
    },
  );

  it('counts a training that diverges as infeasible and goes on', async () => {
    const pool = toyPool((design) => encoderOf(design).layers[0]?.hidden === 16);
    const session = await startSearch(
      settings({ budget: 12 }),
      STARTED,
      context(fresh(), { pool }),
    );
    const { header, library, history } = session;
    const found = foundPoints(
      history.map(({ evaluated }) => evaluated),
      { choices: library.choices, scale: header.scale, ...header.settings },
    );
    const failed = found.points.filter(({ failure }) => failure === 'the loss is not finite');
    expect(failed).toHaveLength(6);
    expect(failed.every(({ performance, onFront }) => performance === undefined && !onFront)).toBe(
      true,
    );
    expect(encoderOf(found.chosen?.design as NetworkDesign).layers[0]?.hidden).toBe(8);
    expect(found.reason).toMatch(
      /^highest performance \(.+\) of 6 feasible points: accuracy 0\.401 at/,
    );
  });

  it('asks for nothing that is predicted to break a limit', async () => {
    const all = await startSearch(settings({ budget: 12 }), STARTED, context(fresh()));
    const p95 = all.history.map(({ evaluated }) => evaluated.costs.p95S).sort((a, b) => a - b);
    const limits = { latencyS: p95[5] };
    const some = await startSearch(settings({ budget: 12, limits }), STARTED, context(fresh()));
    expect(some.history.map(({ evaluated }) => evaluated.costs.p95S).sort((a, b) => a - b)).toEqual(
      p95.filter((value) => value <= (p95[5] ?? 0)),
    );
  });

  it('says in one line which limits nothing can keep', async () => {
    const start = (limits: object) => startSearch(settings({ limits }), STARTED, context(fresh()));
    await expect(start({ latencyS: 1e-9 })).rejects.toThrow(
      /^nothing in the space keeps within the limits, even the least latency .+ us exceeds 0\.001 us: raise/,
    );
    await expect(start({ latencyS: 1e-9 })).rejects.toBeInstanceOf(ConfigError);
    await expect(start({ energyJ: 1 })).rejects.toThrow(
      'nothing is known of the energy of x86: profile it with a meter, or drop that limit',
    );
  });

  it('does not begin with a limit on what cannot be measured', async () => {
    const pool = { ...toyPool(), run: async <R>() => ({ p50S: 1, p95S: 1, memoryBytes: 1 }) as R };
    const asked = settings({ devices: [{ kind: 'x86', measured: true }], limits: { energyJ: 1 } });
    await expect(startSearch(asked, STARTED, context(fresh(), { pool }))).rejects.toThrow(
      'nothing is known of the energy of x86: profile it with a meter, or drop that limit',
    );
  });

  it('searches pairs of a network and a device where there are several devices', async () => {
    const folder = fresh();
    prepare(folder, ENGINE, 'pi-4b');
    const devices = ['x86', 'pi-4b'].map((kind) => ({ kind, profile: `profiles/${kind}.json` }));
    const asked = settings({ devices, budget: 24 });
    const { library, history } = await startSearch(asked, STARTED, context(folder));
    expect(library.candidates.count).toBe(24);
    const names = history.map(
      ({ choice }) => `${designKey(encoderOf(choice.network.point))} ${choice.device.kind}`,
    );
    expect(new Set(names).size).toBe(24);
    const alone = startSearch(settings({ method: 'boshcode' }), STARTED, context(fresh()));
    await expect(alone).rejects.toThrow(
      'boshcode searches pairs of network and device: name two devices',
    );
  });

  it('refuses a profile, and a journal, of another engine', async () => {
    const other = { ...ENGINE, version: '0.9.0' };
    const start = startSearch(settings(), STARTED, context(fresh(other)));
    await expect(start).rejects.toBeInstanceOf(DeviceError);
    await expect(start).rejects.toThrow(/measured with engine 0\.9\.0 .+, this is 1\.0\.0/);
    const folder = fresh();
    await startSearch(settings(), STARTED, context(folder));
    const later = resumeSearch(readJournal(folder), 9, context(folder, { engine: other }));
    await expect(later).rejects.toThrow(/began with engine 1\.0\.0 .+, this is 0\.9\.0/);
  });

  it('refuses a profile of other windows, channels and networks, which it could only guess from', async () => {
    const folder = fresh();
    const start = (more: object) => startSearch(settings(more), STARTED, context(folder));
    await expect(start({ space: { ...space, rows: 32 } })).rejects.toThrow(
      /x86\.json does not cover windows of rows\/patch 32\/2, only 16\/2: profile that device again with the --family, the --space/,
    );
    await expect(start({ space: { ...space, hidden: [8, 64] } })).rejects.toThrow(
      'does not cover width of a layer 64, only 8 to 16',
    );
    await expect(start({ space: { ...space, ops: ['transform-dct'] } })).rejects.toThrow(
      'does not cover heads of transform-dct, only attention-scaled, ',
    );
    const channels = Array.from({ length: 4 }, (_, i) => ({ id: `c${i}`, unit: '' }));
    const wider = { ...data, train: { ...data.train, channels } };
    await expect(
      startSearch(settings(), STARTED, context(folder, { data: wider })),
    ).rejects.toThrow('does not cover channels 4, only 3 to 3');
  });

  it('refuses data that have changed, a folder that is taken and a device that there is not', async () => {
    const folder = fresh();
    await startSearch(settings({ budget: 1 }), STARTED, context(folder));
    const { series } = data.candidates;
    const changed = {
      ...data,
      candidates: { ...data.candidates, series: { ...series, intervalMs: 2000 } },
    };
    const resumed = resumeSearch(readJournal(folder), 2, context(folder, { data: changed }));
    await expect(resumed).rejects.toThrow(/^toy is not what the search in .+ began with/);
    await expect(startSearch(settings(), STARTED, context(folder))).rejects.toThrow(
      `${folder} already holds a search: continue it with --resume ${folder}`,
    );
    const nowhere = settings({ devices: [{ kind: 'pi-9' }] });
    await expect(startSearch(nowhere, STARTED, context(fresh()))).rejects.toThrow(
      /^device 'pi-9' is unknown: choose one of pi-zero-2-w, /,
    );
  });
});

describe('the journal of a search', () => {
  it('of the format before goes on as it began, without memory in its front', async () => {
    const asked = settings({ budget: 9, method: 'nsga2', methodOptions: { population: 3 } });
    const folder = fresh();
    await startSearch({ ...asked, budget: 6 }, STARTED, context(folder));
    const path = join(folder, 'journal.jsonl');
    const [head = '', ...lines] = readFileSync(path, 'utf8').split('\n');
    const header = JSON.parse(head);
    delete header.scale.memoryBytes;
    const earlier = JSON.stringify({ ...header, format: 'sentigon-search/1' });
    writeFileSync(path, [earlier, ...lines].join('\n'));
    const resumed = await resumeSearch(readJournal(folder), 9, context(folder));
    expect(resumed.history).toHaveLength(9);
    expect(resumed.header.scale.memoryBytes).toBeUndefined();
    writeFileSync(path, [earlier.replace('search/1', 'search/0'), ...lines].join('\n'));
    expect(() => readJournal(folder)).toThrow(`${path} line 1 is no line of a search`);
  });

  it('names the line that was altered, and a folder that holds none', async () => {
    const folder = fresh();
    await startSearch(settings({ budget: 2 }), STARTED, context(folder));
    const path = join(folder, 'journal.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"done":0', '"dome":0'));
    expect(() => readJournal(folder)).toThrow(`${path} line 3 is no line of a search`);
    expect(() => readJournal(tempFolder())).toThrow(SourceError);
  });
});
