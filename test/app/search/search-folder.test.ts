import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireFresh } from '../../../src/app/search/journal.ts';
import { planDevices } from '../../../src/app/search/search-folder.ts';
import { readSearchResult } from '../../../src/app/search/search-result.ts';
import { readTaken } from '../../../src/app/search/take-point.ts';
import { SourceError } from '../../../src/core/errors.ts';
import { deviceFacts } from '../../../src/lab/profiler/device-facts.ts';
import { thisHost } from '../../../src/lab/profiler/host.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { ENGINE, prepare } from './toy-search.ts';

const here = deviceFacts(thisHost);

function warnings(device: object): readonly string[] {
  const path = prepare(tempFolder(), ENGINE, here.kind);
  const profile = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...profile, device: { ...profile.device, ...device } }));
  const said: string[] = [];
  planDevices(
    { devices: [], profiles: [path], measure: false, workers: undefined },
    { engine: ENGINE, warn: (line) => void said.push(line) },
  );
  return said;
}

describe('the folder of a search', () => {
  it('says in one line that a profile is of another machine of the same kind', () => {
    const { model, cores } = here;
    expect(warnings({ model, cores })).toEqual([]);
    const [line, ...more] = warnings({ model: 'Another', cores });
    expect(line).toMatch(
      /was measured on Another with \d+ cores, this is .+: costs are those of that/,
    );
    expect(more).toEqual([]);
    expect(warnings({ model, cores: cores + 1 })).toHaveLength(1);
  });

  it('says nothing of a profile of another kind of device', () => {
    expect(warnings({ kind: 'pi-9', model: 'Pi', cores: 4 })).toEqual([]);
  });

  it('holds the profile of a device by a name that stays in it', () => {
    expect(() => warnings({ kind: '../../outside' })).toThrow(
      /is of the device '\.\.\/\.\.\/outside': expected letters/,
    );
  });

  it.each(['optimise.jsonl', 'model.safetensors', 'result.json'])(
    'is not one that holds %s of something else',
    (name) => {
      const folder = tempFolder();
      writeFileSync(join(folder, name), 'mine\n');
      expect(() => requireFresh(folder)).toThrow(`holds ${name}, which is of no search`);
    },
  );

  it('is fresh where an end left not one result in its journal', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'journal.jsonl'), '{"format":"senti');
    expect(() => requireFresh(folder)).not.toThrow();
    writeFileSync(join(folder, 'journal.jsonl'), '{}\n{"asked":0}\n{"done":0');
    expect(() => requireFresh(folder)).not.toThrow();
    writeFileSync(join(folder, 'journal.jsonl'), '{}\n{"asked":0}\n{"done":0}\n');
    expect(() => requireFresh(folder)).toThrow('already holds a search');
  });

  it.each([
    ['null', 'found format none, expected sentigon-search-result/2'],
    ['{"format":"sentigon-search-result/2"}', 'points: is missing, expected a list'],
    [
      '{"format":"sentigon-search-result/2","points":[{}]}',
      'points.0.candidate: is missing, expected',
    ],
  ])('is refused in one line where its result holds %s (#22)', (text, why) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'result.json'), text);
    const refused = () => readSearchResult(folder);
    expect(refused).toThrow(SourceError);
    expect(refused).toThrow(`result.json holds no result of a search (${why}`);
    expect(refused).toThrow(/: let it come to its end with sentigon search --resume .+$/);
  });

  it('refuses a taken point that lacks what its page shows, in one line (#24)', () => {
    const folder = tempFolder();
    const point = { candidate: 1, name: 'n', device: 'd', onFront: true };
    const costs = { p50S: 1, memoryBytes: 1 };
    const taken = { format: 'sentigon-taken/1', number: 1, point };
    const whole = { ...point, evaluations: [0], accuracies: [], costs };
    const model = { file: 'model-1.safetensors', id: 'i', kind: 'forecaster' };
    const read = (content: object) => {
      writeFileSync(join(folder, 'taken-1.json'), JSON.stringify(content));
      return () => readTaken(folder);
    };
    expect(read({ ...taken, model })).toThrow(
      /taken-1\.json holds no point that was taken \(point\.evaluations: .+\): take it again/,
    );
    expect(read({ ...taken, point: whole })).toThrow(/taken \(model: .+\): take it again/);
    expect(read({ ...taken, format: 'sentigon-taken/0' })).toThrow(/taken \(format: .+\)/);
    expect(read({ ...taken, point: whole, model })()).toHaveLength(1);
  });
});
