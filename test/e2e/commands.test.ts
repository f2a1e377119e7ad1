import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeMachineModel, writeRecording } from '../app/recording.ts';
import { freePort } from '../io/mosquitto.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { sentigonHere } from './in-process.ts';
import { sentigon, startSentigon } from './sentigon.ts';

const bad = { rows: 300, seed: 2, faults: [[200, 230]] as const };

describe('bad usage and bad configuration', () => {
  it.each([
    [['rn'], /unknown command 'rn'\n\(Did you mean run\?\)/],
    [['run', '--confg', 'x'], /unknown option '--confg'\n\(Did you mean --config\?\)/],
    [['run', '--config', 'none.yaml'], /^sentigon: CONFIG: none\.yaml: does not exist/],
  ])('ends with 78: %j', async (args, told) => {
    const folder = tempFolder();
    writeRecording(folder, 'x.csv', bad);
    const { code, stdout, stderr } = await sentigon(args, { cwd: folder });
    expect(stderr).toMatch(told);
    expect(code).toBe(78);
    expect(stdout).toBe('');
  });

  it('names every fault of a configuration with its line', async () => {
    const folder = tempFolder();
    writeFileSync(
      join(folder, 'sentigon.yaml'),
      'nod: a\nstreams:\n  - id: 7\n    source: {kind: hst}\n',
    );
    const { code, stderr } = await sentigonHere(['config', 'check'], { cwd: folder });
    expect(code).toBe(78);
    expect(stderr).toBe(
      `sentigon: CONFIG: sentigon.yaml:1:1 found an unknown key; did you mean 'node'?
sentigon.yaml:3:9 streams[0].id: found a number, expected a text
sentigon.yaml:4:20 streams[0].source.kind: found a text, expected one of csv, exec, file, gpio, host, modbus, mqtt, serial, stdin; did you mean 'host'? [SEN_CFG_FAULTS]
`,
    );
  });
});

describe('bad data', () => {
  it.each([
    [
      'ragged columns',
      'time,power[W],temperature[C]\n1700000000000,1,2\n1700000001000,1\n',
      /SOURCE: x\.csv line 3/,
    ],
    [
      'another width',
      'time,power[W]\n1700000000000,1\n',
      /SHAPE: stream 'x' has 1 channels, model \w+ needs 2/,
    ],
  ])('ends with 1 and one line: %s', async (_name, text, told) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'x.csv'), text);
    const { code, stderr } = await sentigon(
      ['replay', 'x.csv', '-m', await writeMachineModel(folder)],
      {
        cwd: folder,
      },
    );
    expect(stderr).toMatch(told);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('refuses a model file that is cut short', async () => {
    const folder = tempFolder();
    const path = await writeMachineModel(folder);
    writeFileSync(path, readFileSync(path).subarray(0, -40));
    writeRecording(folder, 'x.csv', bad);
    const { code, stderr } = await sentigon(['replay', 'x.csv', '-m', path], { cwd: folder });
    expect(stderr).toMatch(/^sentigon: WEIGHTS: .* is truncated/);
    expect(code).toBe(1);
  });

  it('names a broker that refuses, and keeps the alerts', async () => {
    const folder = tempFolder();
    const path = await writeMachineModel(folder);
    writeRecording(folder, 'x.csv', bad);
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    const run = startSentigon(
      ['replay', 'x.csv', '-m', path, '--broker', url, '--state', 'state'],
      { cwd: folder },
    );
    const { code, stdout, stderr } = await run.ended;
    expect(stdout).toMatch(/closed .*\n1 alerts; 300 windows scored/);
    expect(stderr).toContain(`broker ${url} refused the connection`);
    expect(stderr).toMatch(/SINK: 2 alert states were not acknowledged by mqtt:/);
    expect(code).toBe(1);
    expect(readdirSync(join(folder, 'state'))).toContain('history.db');
  });
});

describe('train and replay', () => {
  it('does not write a model over the recording it learns from', async () => {
    const folder = tempFolder();
    writeRecording(folder, 'good.csv', { rows: 1000, seed: 1 });
    const path = join(folder, 'good.csv');
    const before = readFileSync(path);
    const over = await sentigonHere(['train', path, '-o', './good.csv', '-d', 'pca'], {
      cwd: folder,
    });
    expect(over).toMatchObject({ code: 78, stderr: expect.stringContaining('is the recording') });
    expect(readFileSync(path)).toEqual(before);
  });

  it('says that a recording is not calm, learns all of it all the same, and the calm rows when told to (#19)', async () => {
    const folder = tempFolder();
    const busy = { rows: 1000, seed: 1, faults: [[400, 600]] } as const;
    const path = writeRecording(folder, 'busy.csv', busy);
    const train = (...more: string[]) =>
      sentigonHere(['train', path, '-o', join(folder, 'm'), '-d', 'pca', '--json', ...more], {
        cwd: folder,
      });
    const rowsOf = (stdout: string) => JSON.parse(stdout.trim().split('\n').at(-1) ?? '').rows;
    const all = await train();
    expect(all.stderr).toMatch(
      /busy.csv: 7\d % of its rows are calm \(temperature higher from 2026-01-01T00:06:\d\dZ to 2026-01-01T00:\d\d:\d\dZ\): training uses all rows, with --calm only the calm ones\n$/,
    );
    expect(rowsOf(all.stdout)).toBe(1000);
    const again = await train();
    expect(again).toMatchObject({ code: 78, stderr: expect.stringContaining('--force') }); // #21
    const calm = await train('--calm', '--force');
    expect(calm.stderr).toMatch(/: the others are not used\n$/);
    expect(rowsOf(calm.stdout)).toBeGreaterThan(700);
    expect(rowsOf(calm.stdout)).toBeLessThan(800);
  });

  it('learns from a recording and finds the fault of another', async () => {
    const folder = tempFolder();
    writeRecording(folder, 'good.csv', { rows: 1000, seed: 1 });
    writeRecording(folder, 'bad.csv', bad);
    const model = join(folder, 'm.safetensors');
    const good = join(folder, 'good.csv');
    const trained = await sentigon(['train', good, '-o', model, '-d', 'pca', '--json']);
    expect(trained.stderr).toBe('');
    expect(trained.code).toBe(0);
    const lines = trained.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({
      model,
      kind: 'pca',
      channels: 2,
      intervalMs: 1000,
      rows: 1000,
    });
    expect(lines.slice(0, -1).every(({ progress }) => progress === 'training')).toBe(true);

    const replayed = await sentigon(['replay', 'bad.csv', '-m', 'm.safetensors', '--json'], {
      cwd: folder,
    });
    expect(replayed.code).toBe(0);
    const [opened, closed, summary] = replayed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(opened.alert).toMatchObject({ state: 'opened', streamId: 'bad' });
    expect(closed.alert).toMatchObject({ state: 'closed', id: opened.alert.id });
    expect(summary.summary).toMatchObject({ alerts: 1, stillOpen: 0, windows: 300, unsent: 0 });
  });

  it('leaves nothing behind when training is interrupted', async () => {
    const folder = tempFolder();
    writeRecording(folder, 'good.csv', { rows: 3000, seed: 1 });
    const [good, model] = [join(folder, 'good.csv'), join(folder, 'm.safetensors')];
    const slow = ['--set', 'steps=100000', '--json'];
    const run = startSentigon(['train', good, '-o', model, ...slow]);
    await run.until('"progress"');
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect(readdirSync(folder)).toEqual(['good.csv']);
  });

  it('uses the settings of a configured stream', async () => {
    const folder = tempFolder();
    writeRecording(folder, 'bad.csv', bad);
    const path = await writeMachineModel(folder);
    writeFileSync(
      join(folder, 'sentigon.yaml'),
      `streams: [{id: pump, source: {kind: host}, model: ${path}, threshold: {kind: fixed, level: 1.0e+9}}]\n`,
    );
    const { code, stdout } = await sentigon(['replay', 'bad.csv', '--config', 'sentigon.yaml'], {
      cwd: folder,
    });
    expect(stdout).toMatch(/^0 alerts; 300 windows scored, 0 above the level/);
    expect(code).toBe(0);
    const other = await sentigon(['replay', 'bad.csv', '-c', 'sentigon.yaml', '--stream', 'pmp'], {
      cwd: folder,
    });
    expect(other.stderr).toMatch(/has no stream 'pmp': choose one of pump/);
  });

  it('removes its temporary state', async () => {
    const folder = tempFolder();
    writeRecording(folder, 'bad.csv', bad);
    const path = await writeMachineModel(folder);
    const place = { cwd: folder, env: { TMPDIR: tempFolder() } };
    await sentigon(['replay', 'bad.csv', '-m', path], place);
    expect(
      readdirSync(place.env.TMPDIR).filter((name) => name.startsWith('sentigon-replay')),
    ).toEqual([]);
    expect(existsSync(join(folder, '.sentigon'))).toBe(false);
  });
});
