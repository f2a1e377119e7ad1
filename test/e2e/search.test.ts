// The commands of searches, in this process as `main.ts` runs them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../src/app/cli/program.ts';
import { readModel } from '../../src/app/models/model-folder.ts';
import { type FoundPoint, numberOf } from '../../src/app/search/points.ts';
import { readSearchResult } from '../../src/app/search/search-result.ts';
import { readTaken } from '../../src/app/search/take-point.ts';
import { ConfigError, KnownError } from '../../src/core/errors.ts';
import { lookUp } from '../../src/core/registry.ts';
import { detectors } from '../../src/detectors/index.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { holdFolder } from '../../src/io/store/folder-lock.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { searchBench } from './search-bench.ts';
import { sentigon } from './sentigon.ts';

/** In this process, as `main.ts` runs it. */
const run = (...args: readonly string[]) => runCommand(['node', 'sentigon', ...args]);

describe('sentigon search', () => {
  it('writes a model that is of use at once', async () => {
    const { folder, args } = await searchBench();
    expect(await run(...args('found'), '--json')).toBe(0);
    const { chosen, history } = readSearchResult(join(folder, 'found'));
    expect(history).toHaveLength(3);
    const model = await readModel(join(folder, 'found', 'model.safetensors'));
    expect(model.design['forecaster']).toMatchObject({ point: chosen?.design });
    lookUp(detectors, model.kind, 'detector').load(model, await loadKernels());
  });

  it('finds a front, of which any point becomes a model file, and refuses other points', async () => {
    const { folder, args } = await searchBench();
    const front = join(folder, 'front');
    expect(await run(...args('front'), '--objectives', 'accuracy,latency,memory', '--json')).toBe(
      0,
    );
    // A larger budget is the search's own from then on.
    expect(await run('search', '--resume', front, '--budget', '4', '--json')).toBe(0);
    await expect(run('search', '--resume', front, '--budget', '3')).rejects.toThrow(
      '4 evaluations have already started, more than --budget 3: set it to 4 or more',
    );
    const { points, history, objectives, chosen } = readSearchResult(front);
    for (const point of points) expect(point.number).toBe(numberOf(point));
    expect([objectives, chosen]).toEqual([['accuracy', 'latency', 'memory'], undefined]);
    expect(existsSync(join(front, 'model.safetensors'))).toBe(false);
    const volumes = history.map(({ hypervolume }) => hypervolume);
    expect(volumes).toEqual(volumes.toSorted((a, b) => a - b));

    const taken = points.findLast(({ onFront }) => onFront);
    const number = numberOf(taken as FoundPoint);
    expect(await run('search', '--resume', front, '--take', String(number), '--json')).toBe(0);
    const file = join(front, `model-${number}.safetensors`);
    const model = await readModel(file);
    expect(model.design['forecaster']).toMatchObject({ point: taken?.design });
    lookUp(detectors, model.kind, 'detector').load(model, await loadKernels());
    expect(await run('export', file, '--onnx', join(folder, 'model.onnx'))).toBe(0);
    const replayed = await sentigon([
      'replay',
      join(folder, 'data.csv'),
      '--model',
      file,
      '--json',
    ]);
    expect(replayed.code).toBe(0);
    expect(await run('report', front)).toBe(0);
    const page = readFileSync(join(front, 'report.html'), 'utf8');
    expect(page).toContain(`<h2>Evaluation ${number}, trained in full</h2>`);
    expect(readTaken(front).map((one) => one.model.id)).toEqual([model.id]);

    const on = points.filter(({ onFront }) => onFront).map(numberOf);
    for (const other of ['99', ...points.filter((one) => !one.onFront).map(numberOf)]) {
      const failing = run('search', '--resume', front, '--take', String(other));
      const numbers = on.toSorted((a, b) => a - b).join(', ');
      await expect(failing).rejects.toThrow(
        `evaluation ${other} is not on the front of ${front}: take one of ${numbers}`,
      );
    }
    await expect(
      run('search', '--resume', front, '--take', String(number), '--budget', '9'),
    ).rejects.toThrow('leave out --budget');
    await expect(run('gptran', front)).rejects.toThrow('has chosen no network that can grow');
  });

  it('takes no point of a search that has not come to its end, and leaves nothing of one that fails', async () => {
    const { folder, args } = await searchBench();
    const front = join(folder, 'front');
    await run(...args('front'), '--objectives', 'accuracy,memory', '--json');
    const number = String(
      numberOf(readSearchResult(front).points.find((one) => one.onFront) as FoundPoint),
    );
    // Training rows that no model can be made of: the data of the search are changed under it.
    const data = join(folder, 'data.csv');
    const lines = readFileSync(data, 'utf8').split('\n');
    writeFileSync(data, lines.slice(0, -5).join('\n'));
    const failing = run('search', '--resume', front, '--take', number);
    await expect(failing).rejects.toThrow('is not what the search in');
    expect(readdirSync(front).filter((file) => /^(model|taken)-/.test(file))).toEqual([]);
    const result = join(front, 'result.json');
    const text = readFileSync(result, 'utf8');
    writeFileSync(result, text.replace('search-result/2', 'search-result/1'));
    await expect(run('search', '--resume', front, '--take', number)).rejects.toThrow(
      `${result} holds no result of a search (found format sentigon-search-result/1, expected sentigon-search-result/2): let it come to its end with sentigon search --resume ${front}`,
    );
  });

  it.each([
    [
      'a method that seeks one number',
      ['search', 'a', '--objectives', 'accuracy,latency', '--method', 'boshnas'],
      'method boshnas seeks one number: with --objectives choose breathe, random, nsga2',
    ],
    [
      'a method that takes four objectives at most, with five',
      [
        ...['search', 'a', '--method', 'expected-hypervolume'],
        ...['--objectives', 'accuracy,latency,energy,peakPower,memory'],
      ],
      'method expected-hypervolume takes 4 objectives at most, found 5: with --objectives choose breathe, random, nsga2',
    ],
    [
      'weights beside objectives',
      ['search', 'a', '--objectives', 'accuracy,latency', '--weights', 'accuracy=1'],
      'give --weights or --objectives, not both',
    ],
    [
      'a point of no search',
      ['search', 'a', '--take', '3'],
      '--take 3 takes a point of a finished search: name its folder with --resume',
    ],
    ['no data', ['search', '--out', 'x'], 'name the data to search on, or --resume a search'],
    ['no folder', ['search', 'host-faults'], 'name a folder for the search with --out'],
    ['an unknown space', ['search', 'a', '--space', 'huge'], "design space 'huge' is unknown"],
    ['an unknown method', ['search', 'a', '--method', 'luck'], "search method 'luck' is unknown"],
    ['an unknown device', ['search', 'a', '--device', 'pi-9'], "device 'pi-9' is unknown"],
    [
      'a device named twice',
      ['search', 'a', '--measure', '--device', 'pi-5,pi-5'],
      "device 'pi-5' is named twice",
    ],
    [
      'a profile that is not there',
      ['search', 'a', '--profile', '/no.json'],
      'profile /no.json does not exist',
    ],
    [
      'trainings beside measurements',
      ['search', 'a', '--parallel', '2'],
      '--parallel 2 would disturb',
    ],
  ])('says in one line that there is %s', async (_, args, message) => {
    const place =
      args.includes('--out') || !args.includes('a') ? [] : ['--out', join(tempFolder(), 'x')];
    const failing = run(...args, ...place);
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.toBeInstanceOf(ConfigError);
    await expect(failing).rejects.not.toThrow('\n');
  });

  it.each(['accuracy,speed', 'accuracy,accuracy', 'accuracy', ''])(
    'refuses the objectives %s',
    async (names) => {
      const failing = run('search', 'a', '--out', 'x', '--objectives', names);
      await expect(failing).resolves.not.toBe(0);
    },
  );

  it.each(['-1', '1.5', '4096', 'x'])('refuses to measure on processor %s', async (number) => {
    const failing = run('profile', '--out', 'x.json', '--processor', number);
    await expect(failing).resolves.not.toBe(0);
  });

  it('says which rules make a space empty, and what is no space', async () => {
    const folder = tempFolder();
    const space = join(folder, 'space.json');
    const failing = () => run('search', 'a', '--space', space, '--out', join(folder, 'x'));
    writeFileSync(space, '{ "rows": 8, "patch": 4, "ops": ["convolution-9"] }');
    await expect(failing()).rejects.toThrow(
      /^the design space is empty: convolution-9 on 2 patches/,
    );
    writeFileSync(space, '{ "row');
    await expect(failing()).rejects.toThrow(`${space} is no design space (`);
  });

  it('leaves the folder of another process as it is, and one that is refused unmade', async () => {
    const { folder, args } = await searchBench();
    const found = join(folder, 'found');
    const release = holdFolder(found);
    await expect(run(...args('found'))).rejects.toThrow(/is in use by another process/);
    expect(readdirSync(found)).toEqual(['.lock']);
    release();
    const [, , ...others] = args('none');
    await expect(run('search', join(folder, 'no.csv'), ...others)).rejects.toThrow('known layouts');
    expect(existsSync(join(folder, 'none'))).toBe(false);
    writeFileSync(join(folder, 'file'), '');
    await expect(run(...args('file'))).rejects.toThrow('a file stands where a folder is needed');
  });

  it('does not measure this machine in the place of another', async () => {
    const asked = ['search', 'a', '--device', 'pi-zero-2-w', '--measure', '--out', 'x'];
    await expect(run(...asked)).rejects.toThrow(
      /^this machine is no pi-zero-2-w but .+: name the broker of its workers with --workers, or/,
    );
  });

  it('resumes and reports only what is a search', async () => {
    const folder = tempFolder();
    await expect(run('search', '--resume', folder)).rejects.toThrow(
      `${join(folder, 'journal.jsonl')} cannot be read: name the --out folder of a search`,
    );
    await expect(run('search', '--resume', folder, '--max-latency-ms', '1')).rejects.toThrow(
      'continues with the settings that the search started with: leave out --max-latency-ms',
    );
    await expect(run('report', folder)).rejects.toBeInstanceOf(KnownError);
    await expect(run('gptran', folder)).rejects.toThrow('holds no result of a search');
  });
});

describe('sentigon worker', () => {
  it('says in one line that nobody answers, and what cannot be measured', async () => {
    await expect(run('worker', '--redis', 'redis://127.0.0.1:1')).rejects.toThrow(
      /^redis:\/\/127\.0\.0\.1:1 does not answer \(.+\): start a Redis there$/,
    );
    const measuring = ['worker', '--redis', 'redis://127.0.0.1:1', '--device'];
    await expect(run(...measuring, 'pi-9')).rejects.toThrow("device 'pi-9' is unknown");
    await expect(run(...measuring, 'pi-4b', '--parallel', '2')).rejects.toThrow('would disturb');
  });
});
