import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { labelledRecording } from '../../../src/app/cli/data-sets.ts';
import { rateOption, ratesOption } from '../../../src/app/cli/options.ts';
import { type ReplayOptions, replayConfig } from '../../../src/app/cli/replay-config.ts';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { run } from '../../../src/app/daemon/daemon.ts';
import { createLog } from '../../../src/app/log.ts';
import { createWhatIf, type WhatIfOutcome, whatIfText } from '../../../src/app/replay/what-if.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { COUNTING } from '../plugins/counting-plugin.ts';
import { folderWith } from '../plugins/plugin-folder.ts';
import { START_MS, writeMachineModel, writeRecording } from '../recording.ts';

const BUDGETS = [0.001, 1, 6];
const ROWS = 1500;
const faults = [
  [300, 330],
  [900, 940],
] as const;

/** A data set with labels, a model, and a configuration whose threshold is set by the budget. */
async function machineFolder() {
  const folder = folderWith({
    'counting.mjs': COUNTING,
    'c.yaml': `version: 2
plugins: [./counting.mjs]
streams:
  - {id: machine, source: {kind: host}, threshold: {kind: counting, scale: 1.5}, alerts: {openCount: 1, openWithin: 1, coolDownMs: 0, closeAfter: 3}}
`,
  });
  writeRecording(folder, 'train.csv', { rows: 500, seed: 1 });
  writeRecording(folder, 'test.csv', { rows: ROWS, seed: 2, faults });
  const lines = faults.map((rows) => rows.map((row) => START_MS + 1000 * row).join(','));
  writeFileSync(
    join(folder, 'labels.csv'),
    `start,end,kind,channels\n${lines.map((line) => `${line},hot,temperature`).join('\n')}\n`,
  );
  await writeMachineModel(folder);
  return { folder, config: join(folder, 'c.yaml') };
}

async function replayed(folder: string, options: Partial<ReplayOptions> = {}) {
  const path = join(folder, 'test.csv');
  const asked = { speed: 0, state: tempFolder(), model: join(folder, 'machine.safetensors') };
  const config = await replayConfig(
    { name: 'test', path },
    { ...asked, ...options },
    readEnvironment({}),
  );
  const whatIf = createWhatIf(options.whatIf ?? []);
  const opened: number[] = [];
  let scored = 0;
  await run(config, new AbortController().signal, {
    log: createLog({ level: 'silent', style: 'json', write: () => undefined }),
    beside: whatIf.beside,
    onReport: () => void scored++,
    onAlert: ({ kind, state }) => {
      if (kind === 'anomaly' && state === 'opened') opened.push(1);
    },
  });
  return { whatIf, path, scored, opened: opened.length };
}

describe('a replay that asks what other budgets would have given', () => {
  it('has the alerts of a replay with each of them, from scores that are made once (#19)', async () => {
    const { folder, config } = await machineFolder();
    const { whatIf, scored } = await replayed(folder, { config, whatIf: BUDGETS });
    const alone = [];
    for (const falseAlarmsPerDay of BUDGETS) {
      alone.push((await replayed(folder, { config, falseAlarmsPerDay })).opened);
    }
    const outcomes = whatIf.outcomes(undefined);
    expect(outcomes.map(({ alerts }) => alerts)).toEqual(alone);
    expect(new Set(alone).size).toBe(BUDGETS.length);
    expect(scored).toBe(ROWS);
    expect(outcomes[1]).toEqual({
      ...{ falseAlarmsPerDay: 1, alerts: alone[1], follows: true },
      alertsPerDay: expect.closeTo(((alone[1] ?? 0) * 86_400) / ROWS, 6),
    });
  });

  it('leaves the alerts of the replay itself as they are', async () => {
    const { folder, config } = await machineFolder();
    const plain = await replayed(folder, { config });
    const beside = await replayed(folder, { config, whatIf: BUDGETS });
    expect(beside.opened).toBe(plain.opened);
  });

  it('counts faults caught and false alarms where the recording has labels', async () => {
    const { folder, config } = await machineFolder();
    const { whatIf, path } = await replayed(folder, { config, whatIf: BUDGETS });
    const [never, usual, often] = whatIf.outcomes(labelledRecording(path));
    expect(never?.labelled).toMatchObject({ faults: 2, caught: 0, falseAlarms: 0 });
    expect(usual?.labelled).toMatchObject({ faults: 2, caught: 2 });
    expect(often?.labelled?.falseAlarms).toBeGreaterThan(usual?.labelled?.falseAlarms ?? 0);
  });

  it('does not count faults from before the first scored row', async () => {
    const { folder, config } = await machineFolder();
    const { whatIf, path } = await replayed(folder, { config, whatIf: [1] });
    const labelled = labelledRecording(path);
    const shifted = labelled && {
      ...labelled,
      test: { ...labelled.test, timeMs: labelled.test.timeMs.map((time) => time - 400_000) },
    };
    expect(whatIf.outcomes(shifted)[0]?.labelled?.faults).toBe(1);
  });

  it('says so when the threshold does not look at the budget', async () => {
    const { folder, config } = await machineFolder();
    const text =
      'version: 2\nstreams: [{id: a, source: {kind: host}, threshold: {kind: quantile}}]\n';
    writeFileSync(config, text);
    const { whatIf } = await replayed(folder, { config, whatIf: [0.2, 5] });
    const outcomes = whatIf.outcomes(undefined);
    expect(new Set(outcomes.map(({ alerts }) => alerts)).size).toBe(1);
    expect(whatIfText(outcomes, 'quantile')).toMatch(
      /\nThe level of threshold 'quantile' does not depend on the accepted false alarms/,
    );
  });

  it('is refused before it begins when a budget is more than one a row', async () => {
    const { folder, config } = await machineFolder();
    await expect(replayed(folder, { config, whatIf: [1, 86_401] })).rejects.toThrow(ConfigError);
    await expect(replayed(folder, { config, whatIf: [86_401] })).rejects.toThrow(
      /^replay: streams\.0\.alerts\.falseAlarmsPerDay: found a number, expected at most one false alarm per row/,
    );
  });
});

describe('the table of budgets', () => {
  const outcome = { follows: true, falseAlarmsPerDay: 0.2, alerts: 3, alertsPerDay: 1.5 };
  const judged = { faults: 24, caught: 18, falseAlarms: 1, falseAlarmsPerDay: 0.5 };

  it('has a line for each, with faults where they are known', () => {
    const busy: WhatIfOutcome = { ...outcome, falseAlarmsPerDay: 5, alerts: 40, alertsPerDay: 20 };
    expect(whatIfText([outcome, busy], 'x').split('\n')).toEqual([
      'accepted false alarms a day  alerts  a day',
      '                        0.2       3    1.5',
      '                          5      40     20',
    ]);
    expect(whatIfText([{ ...outcome, labelled: judged }], 'x').split('\n')).toEqual([
      'accepted false alarms a day  alerts  a day    caught  false  false a day',
      '                        0.2       3    1.5  18 of 24      1          0.5',
    ]);
  });
});

describe('the list of budgets', () => {
  it('is numbers above 0 with commas, each once', () => {
    expect(ratesOption('.2, 1,5,1')).toEqual([0.2, 1, 5]);
    expect(rateOption('.14')).toBe(0.14);
  });

  it.each([
    ['', "Found ''"],
    ['1,,2', "Found ''"],
    ['.2,often', "Found 'often'"],
    ['0', "Found '0'"],
    ['1,-3', "Found '-3'"],
    ['1,Infinity', "Found 'Infinity'"],
  ])('is refused as %j', (text, found) => {
    expect(() => ratesOption(text)).toThrow(InvalidArgumentError);
    expect(() => ratesOption(text)).toThrow(
      `${found}, expected numbers above 0 with commas, e.g. .2,1,5.`,
    );
  });

  it.each(['0', '-1', 'often'])('a single one is refused as %j', (text) => {
    expect(() => rateOption(text)).toThrow(InvalidArgumentError);
  });
});
