import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../src/app/models/model-folder.ts';
import { askDaemon, CONTROL_SOCKET } from '../../../src/io/local/control-socket.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { recorded, START_MS } from '../recording.ts';
import { configOf, speakingMachine as machine, type Started, start } from './setup.ts';

const WAIT = { timeout: 60_000, interval: 50 };

/** A daemon that has learnt, its files, and what another start of it says. */
async function learnt() {
  const config = configOf([machine]);
  const path = join(config.state, 'models', 'machine.safetensors');
  const archive = join(config.state, 'models', 'machine');
  const problems = async (): Promise<string[]> => {
    const reply = await askDaemon(
      join(config.state, CONTROL_SOCKET),
      { verb: 'health_check' },
      60_000,
    );
    return (reply as unknown as { data: { problems: string[] } }).data.problems;
  };
  const watched = async (daemon: Started): Promise<readonly string[]> => {
    await expect.poll(() => texts(daemon), WAIT).toContain('watching');
    return texts(daemon);
  };
  const first = start(config);
  expect(await watched(first)).toContain('learnt');
  await expect.poll(() => readdirSync(archive), WAIT).toContain('manifest.json');
  expect(await problems()).toEqual([]);
  first.stop();
  await first.outcome;
  return {
    ...{ path, archive, problems, watched, bytes: readFileSync(path) },
    again: () => start(config),
  };
}

const texts = ({ log }: Started) => log.map(({ msg }) => msg);

const TAKEN = /stream 'machine': .*: its copy [0-9a-f]{16} is used instead; check the disk/;

describe('a learnt model', () => {
  it('that is damaged or gone is replaced by its copy, which is a problem to look after (#18)', async () => {
    const { path, bytes, problems, watched, again } = await learnt();
    const harms = [
      () => writeFileSync(path, 'not a model'),
      () => writeFileSync(path, bytes.subarray(0, -10)),
      () => rmSync(path),
    ];
    for (const harm of harms) {
      harm();
      const daemon = again();
      expect(await watched(daemon)).not.toContain('learnt');
      expect(await problems()).toEqual([expect.stringMatching(TAKEN)]);
      expect(readFileSync(path)).toEqual(bytes);
      daemon.stop();
      await daemon.outcome;
    }
    const well = again();
    await watched(well);
    expect(await problems()).toEqual([]);
    well.stop();
    await well.outcome;
  });

  it('is replaced by its copy also where it cannot be put back', async () => {
    const { path, problems, watched, again } = await learnt();
    rmSync(path);
    mkdirSync(path);
    const daemon = again();
    expect(await watched(daemon)).not.toContain('learnt');
    expect(await problems()).toEqual([expect.stringMatching(TAKEN)]);
    daemon.stop();
    await daemon.outcome;
  });

  it('that is damaged with all its copies is learnt anew, a problem until then (#18)', async () => {
    const { path, archive, problems, watched, again } = await learnt();
    for (const file of [path, ...readdirSync(archive).map((name) => join(archive, name))]) {
      if (!file.endsWith('.json')) writeFileSync(file, 'not a model');
    }
    const daemon = again();
    const said = await watched(daemon);
    const anew =
      /^stream 'machine' learns again and is not watched until that is done: .*is not a safetensors/;
    expect(said).toContainEqual(expect.stringMatching(anew));
    expect(said).toContain('learnt');
    await expect.poll(problems, WAIT).toEqual([]);
    daemon.stop();
    await daemon.outcome;
  });
});

describe('a stream that learns', () => {
  it('does without a channel that never spoke, says so, and knows that model again (#18)', async () => {
    const folder = tempFolder();
    const path = join(folder, 'half-silent.csv');
    const { timeMs, values } = recorded({ rows: 600, seed: 2, faults: [[400, 430]] });
    const rows = Array.from(
      timeMs,
      (time, row) => `${time},${values[2 * row]},,${values[2 * row + 1]}\n`,
    );
    writeFileSync(path, `time,power[W],flow,temperature[C]\n${rows.join('')}`);
    const limits = { health: { channels: { flow: { maxAgeMs: 5000 } } } };
    const learn = { rows: 180, detector: 'pca' };
    const config = configOf([{ id: 'machine', source: { kind: 'csv', path }, learn, ...limits }]);
    const without = /stream 'machine' is watched without flow: too few readings while it learnt/;
    const first = start(config);
    await first.outcome;
    expect(first.log.map(({ msg }) => msg).join()).toMatch(without);
    expect(first.alerts.map(({ startMs }) => startMs)).toContain(START_MS + 400_000);
    const model = await readModel(join(config.state, 'models', 'machine.safetensors'));
    expect(model.channels.map(({ id }) => id)).toEqual(['power', 'temperature']);
    const second = start(config);
    await second.outcome;
    const said = second.log.map(({ msg }) => msg);
    expect(said).not.toContain('learnt');
    expect(said.join()).toMatch(without);
    expect(second.alerts.length).toBeGreaterThan(0);
  });
});
