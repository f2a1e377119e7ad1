// A search of networks and accelerators together: costs are simulated, accuracies made up.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/app/cli/program.ts';
import { withSearchOptions } from '../../../src/app/cli/search-options.ts';
import { settingsFrom } from '../../../src/app/cli/search-settings.ts';
import { codesignWindow } from '../../../src/app/search/codesign.ts';
import { writeAccelerator } from '../../../src/app/search/complete-search.ts';
import { objectiveText } from '../../../src/app/search/costs.ts';
import { readJournal } from '../../../src/app/search/journal.ts';
import type { Choice } from '../../../src/app/search/library.ts';
import { foundPoints } from '../../../src/app/search/points.ts';
import { searchPage } from '../../../src/app/search/search-page.ts';
import { figuresText, foundText } from '../../../src/app/search/search-text.ts';
import { resumeSearch, startSearch } from '../../../src/app/search/session.ts';
import { deviceNamed, simulatedCosts } from '../../../src/app/search/simulated-costs.ts';
import { acceleratorSpace } from '../../../src/app/simulate/inputs.ts';
import { arePairs } from '../../../src/lab/search/pairs.ts';
import { parseAccelerator } from '../../../src/lab/simulator/accelerator.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { few, paired, WIDTH } from './toy-pairs.ts';
import { context, STARTED, summary } from './toy-search.ts';

describe('a search of networks and accelerators', () => {
  it('simulates each pair that it evaluates, and goes on as if it had never stopped', async () => {
    const wanted = paired();
    const [folder, other] = [tempFolder(), tempFolder()];
    const whole = await startSearch(wanted, STARTED, context(folder));
    const { header } = readJournal(folder);
    expect(header.scale).toMatchObject({
      areaMm2: expect.any(Number),
      leakageJ: expect.any(Number),
    });
    for (const { choice, evaluated } of whole.history) {
      expect(evaluated.costs).toEqual(simulatedCosts(choice, wanted));
      expect(choice.device.accelerator?.nonLinearity).toBe('gelu');
    }
    expect(new Set(whole.history.map(({ choice }) => choice.device.kind)).size).toBeGreaterThan(2);
    const stop = new AbortController();
    const onTold = ({ number }: { readonly number: number }) => {
      if (number === 4) stop.abort(new Error('stopped'));
    };
    const stopped = startSearch(wanted, STARTED, context(other, { signal: stop.signal, onTold }));
    await expect(stopped).rejects.toThrow('stopped');
    const resumed = await resumeSearch(readJournal(other), wanted.budget, context(other));
    expect(summary(resumed)).toEqual(summary(whole));
  });

  it('chooses by accuracy and simulated costs, says so, and leaves the accelerator for simulate', async () => {
    const wanted = paired({ budget: 8 });
    const folder = tempFolder();
    const { header, history, library } = await startSearch(wanted, STARTED, context(folder));
    const { weights, limits } = wanted;
    const found = foundPoints(
      history.map(({ evaluated }) => evaluated),
      { choices: library.choices, scale: header.scale, weights, limits },
    );
    const performances = history.map(({ values }) => values[0] as number);
    expect(found.chosen?.performance).toBeCloseTo(Math.max(...performances), 12);
    const text = foundText({ ...found, history: [], calibration: [] } as never);
    expect(text).toContain('every cost is simulated');
    expect(text).toMatch(/ mm2 .+ on few:\d+/);
    const result = { ...found, history: [], calibration: [] } as never;
    expect(searchPage(header, result)).toMatch(/leakage<.+area</s);
    const model = { file: 'model-7.safetensors', id: 'x', kind: 'forecaster' };
    expect(figuresText(model, found.chosen as never, 'out')).toContain(
      'Next: sentigon simulate out/model-7.safetensors --accelerator out/accelerator-7.json, ',
    );
    const path = join(folder, 'accelerator.json');
    const device = deviceNamed(wanted, found.chosen?.device ?? '');
    writeAccelerator(path, device);
    const written = parseAccelerator(readFileSync(path, 'utf8'), path);
    expect(written).toEqual(library.choices[found.chosen?.candidate ?? -1]?.device.accelerator);
    const none = join(folder, 'none.json');
    writeAccelerator(none, { kind: 'pi-5', source: 'measured' });
    expect(existsSync(none)).toBe(false);
  });

  it('takes no accelerator over the area, and says how far the smallest is off where none is below', () => {
    const wanted = paired({ limits: { areaMm2: 0.3 } });
    const { library } = codesignWindow(wanted, WIDTH);
    const devices = [...new Set(library.choices.map(({ device }) => device))].slice(0, 20);
    const { network } = library.choices[0] as Choice;
    for (const device of devices) {
      expect(simulatedCosts({ network, device }, wanted).areaMm2).toBeLessThanOrEqual(0.3);
    }
    expect(() => codesignWindow(paired({ limits: { areaMm2: 0.01 } }), WIDTH)).toThrow(
      /^no accelerator of the space few keeps within 0\.01 mm2: the smallest has [\d.]+ mm2, /,
    );
  });

  it('has a library of 20,000 pairs at most, which grows around the best', () => {
    const accelerators = { space: acceleratorSpace('small'), mode: 'inference' };
    const window = codesignWindow(paired({ accelerators }), WIDTH);
    const before = window.library;
    expect(before.choices).toHaveLength(10_000);
    expect(arePairs(before.candidates)).toBe(true);
    const { candidates } = window.next(1, [17, 4000]);
    expect(candidates.count).toBe(window.library.choices.length);
    expect(candidates.count).toBeGreaterThan(10_500);
    expect(candidates.count).toBeLessThanOrEqual(20_000);
    expect(window.library.choices.slice(0, 10_000).map(({ device }) => device.kind)).toEqual(
      before.choices.map(({ device }) => device.kind),
    );
    // Most neighbours of the best are there now.
    expect(candidates.neighbours(17).length).toBeGreaterThan(
      before.candidates.neighbours(17).length,
    );
  });

  it('goes on beside networks that do not fit, of which no constraint is known', async () => {
    const choices = { ...few.choices, activationMb: [2 ** -20, 1], weightMb: [2 ** -20, 1 / 64] };
    const accelerators = { space: { ...few, choices }, mode: 'inference' };
    const limits = { latencyS: 0.5 };
    const wanted = paired({
      accelerators,
      limits,
      method: 'breathe',
      methodOptions: {},
      budget: 8,
    });
    const { history, library, header } = await startSearch(wanted, STARTED, context(tempFolder()));
    const failures = history.flatMap(({ evaluated }) => evaluated.failure ?? []);
    expect(failures.length).toBeGreaterThan(0);
    expect(history).toHaveLength(8);
    const unfit = history.filter(({ evaluated }) => evaluated.failure !== undefined);
    const { weights } = wanted;
    const found = foundPoints(
      unfit.map(({ evaluated }) => evaluated),
      { choices: library.choices, scale: header.scale, weights, limits },
    );
    expect(found.reason).toBe(
      `none of ${found.points.length} points is feasible; the last: ${failures.at(-1)}`,
    );
    for (const { costs } of found.points) {
      expect(objectiveText('latency', undefined, costs)).toBe('-');
    }
  });

  it('seeks no front in the peak power, which is not simulated', () => {
    const args = ['--accelerators', 'small', '--objectives', 'accuracy,peakPower'];
    const command = withSearchOptions(new Command()).parse(args, { from: 'user' });
    const devices = [{ kind: 'small accelerators', measured: true }];
    expect(() => settingsFrom('host-faults', command.opts(), devices)).toThrow(
      /^the peak power of accelerators is not simulated: leave peakPower out of --objectives$/,
    );
  });

  it.each([
    [['--accelerators', 'small', '--device', 'pi-5'], /^--accelerators are searched in place of/],
    [['--max-area-mm2', '8'], /^--max-area-mm2 is of accelerators: add --accelerators small/],
    [['--mode', 'training'], /^--mode is of accelerators/],
    [['--accelerators', 'small', '--epoch', '9'], /^--epoch is of a training: add --mode training/],
    [['--accelerators', 'tiny'], /^the space of accelerators tiny is unknown/],
  ])('tells in one line what does not go together: %s', async (args, says) => {
    const command = ['node', 'sentigon', 'search', 'host-faults', '--out', tempFolder(), ...args];
    await expect(runCommand(command)).rejects.toThrow(says);
  });
});
