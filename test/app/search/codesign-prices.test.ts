// What pairs of networks and accelerators cost: an epoch of training, the hand-made network beside them, and limits that none keeps.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/app/cli/program.ts';
import { codesignWindow, needsOf } from '../../../src/app/search/codesign.ts';
import { type Costs, performanceOf } from '../../../src/app/search/costs.ts';
import { legalAccelerators } from '../../../src/app/search/device-candidates.ts';
import type { SearchDevice } from '../../../src/app/search/devices.ts';
import { handMadePair } from '../../../src/app/search/hand-made-pair.ts';
import { readJournal } from '../../../src/app/search/journal.ts';
import type { Choice } from '../../../src/app/search/library.ts';
import { type FoundPoint, foundPoints } from '../../../src/app/search/points.ts';
import { figuresText, foundText } from '../../../src/app/search/search-text.ts';
import { startSearch } from '../../../src/app/search/session.ts';
import {
  costsOfTrained,
  deviceNamed,
  simulatedCosts,
  withEpoch,
} from '../../../src/app/search/simulated-costs.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { encoders } from '../../../src/lab/search/families/encoder.ts';
import type { Accelerator } from '../../../src/lab/simulator/accelerator.ts';
import { toySeries } from '../../detectors/training/toy-series.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { trained } from '../simulate/toy-network.ts';
import { few, paired, WEIGHTS, WIDTH } from './toy-pairs.ts';
import { context, STARTED, space } from './toy-search.ts';

describe('costs of pairs', () => {
  it('prices training dearer than scoring', () => {
    const [scoring, training] = (['inference', 'training'] as const).map((mode) =>
      paired({ accelerators: { space: few, mode } }),
    ) as [ReturnType<typeof paired>, ReturnType<typeof paired>];
    const { network } = codesignWindow(scoring, WIDTH).library.choices[0] as Choice;
    const device = deviceNamed(scoring, 'few:3');
    const [one, other] = [scoring, training].map((each) =>
      simulatedCosts({ network, device }, each),
    );
    expect(other?.p50S).toBeGreaterThan(2 * (one?.p50S ?? 0));
    expect(other?.energyJ).toBeGreaterThan(1.5 * (one?.energyJ ?? 0));
  });

  it('prices training by its epochs, those of the data unless one is named', async () => {
    const accelerators = { space: few, mode: 'training' };
    const folder = tempFolder();
    const { history, library } = await startSearch(
      paired({ accelerators, budget: 3 }),
      STARTED,
      context(folder),
    );
    const { header } = readJournal(folder);
    // 400 rows of training, and windows of 16 rows with the one that is forecast.
    expect(header.settings.accelerators?.epoch).toBe(384);
    const ofWindow = paired({ accelerators });
    for (const { choice, evaluated } of history) {
      const { costs } = evaluated;
      const one = simulatedCosts(choice, ofWindow);
      expect(costs.p50S / one.p50S).toBeCloseTo(384, 9);
      expect((costs.energyJ ?? 0) / (one.energyJ ?? 0)).toBeCloseTo(384, 9);
      expect((costs.leakageJ ?? 0) / (one.leakageJ ?? 0)).toBeCloseTo(384, 9);
      expect(costs.areaMm2).toBe(one.areaMm2);
    }
    const { weights, limits } = ofWindow;
    const found = foundPoints(
      history.map(({ evaluated }) => evaluated),
      { choices: library.choices, scale: header.scale, weights, limits },
    );
    expect(foundText({ ...found, history: [], calibration: [] } as never)).toContain(
      'time and energy of an epoch of 384 windows of training',
    );
    expect(withEpoch(paired({ accelerators: { ...accelerators, epoch: 7 } }), 400)).toMatchObject({
      accelerators: { epoch: 7 },
    });
    expect(withEpoch(paired(), 400)).toEqual(paired());
  });

  it('sets the hand-made network on the accelerator that suits it best beside the pair', async () => {
    const limits = { areaMm2: 1 };
    const wanted = paired({ limits });
    const scale = { latencyS: 1e-5, energyJ: 1e-5, leakageJ: 1e-6, areaMm2: 1, memoryBytes: 1e5 };
    const pair = await handMadePair(wanted, scale, WIDTH, async () => undefined);
    const { rows, patch } = wanted.space;
    const network = { point: encoders.handMade, rows, patch, width: WIDTH, horizon: 1 };
    const all = legalAccelerators(few, needsOf([network.point], wanted), 1).flatMap((number) => {
      const device = deviceNamed(wanted, `few:${number}`);
      try {
        return { device, costs: simulatedCosts({ network, device }, wanted) };
      } catch {
        return []; // it does not fit
      }
    });
    const worth = (costs: Costs) => performanceOf(0, costs, scale, WEIGHTS);
    const best = Math.max(...all.map(({ costs }) => worth(costs)));
    expect(all.length).toBeGreaterThan(10);
    expect(worth(pair?.costs as Costs)).toBe(best);
    expect(pair?.costs.areaMm2).toBeLessThanOrEqual(1);
    const point = {
      ...{ name: 'small', device: 'few:1', design: encoders.handMade, costs: all[0]?.costs },
    } as FoundPoint;
    const figures = { heldOutVusPr: 0.91, handMadeVusPr: 0.905, handMadePair: pair };
    const model = { file: 'model.safetensors', id: 'x', kind: 'forecaster', ...figures };
    const lines = figuresText(model, point, 'out').split('\n');
    expect(lines.find((line) => line.startsWith('found'))).toMatch(
      /0\.910 .* mm2 .*small on few:1$/,
    );
    expect(lines.find((line) => line.startsWith('hand-made'))).toMatch(
      new RegExp(`0\\.905 .* mm2 .*the encoder on ${pair?.device}, the best of \\d+ for it$`),
    );
    const none = paired({ limits: { areaMm2: 0.001 } });
    expect(await handMadePair(none, scale, WIDTH, async () => undefined)).toBeUndefined();
  });

  it('leaves the costs with zeros out for too few windows alone', async () => {
    const model = await trained('forecaster', { steps: 1, rows: 16, batch: 8 });
    const kernels = await loadKernels();
    const costsFor = (device: SearchDevice, rows: number, id = 'a') => {
      const { channels, values, timeMs, ...rest } = toySeries({ rows, seed: 1 });
      const [, ...others] = channels;
      const train = { ...rest, values, timeMs, channels: [{ id, unit: '' }, ...others] };
      return costsOfTrained(model, device, paired(), { train, kernels });
    };
    const [id] = model.channels.map((channel) => channel.id);
    const device = deviceNamed(paired(), 'few:95');
    expect(costsFor(device, 400, id)?.p50S).toBeGreaterThan(0);
    expect(costsFor(device, 17, id)).toBeUndefined();
    expect(() => costsFor(device, 400, 'other')).toThrow(/^the data have the channels other,/);
    const tight = { ...(device.accelerator as Accelerator), name: 'tight' };
    const bufferMb = { activation: 1e-5, weight: 1e-5, mask: 1e-5 };
    const accelerator = { ...tight, bufferMb };
    expect(() => costsFor({ ...device, accelerator }, 400, id)).toThrow(
      /^embedding cannot go on: input needs/,
    );
  });

  it('fails where nothing that it evaluated is feasible, and says how far the nearest is off (#24)', async () => {
    const folder = tempFolder();
    const spaces = ['networks.json', 'accelerators.json'].map((name) => join(folder, name));
    writeFileSync(spaces[0] ?? '', JSON.stringify(space));
    const { maskMb: _, tileBatch: __, ...choices } = few.choices;
    const format = 'sentigon-accelerator-space/1';
    writeFileSync(spaces[1] ?? '', JSON.stringify({ format, name: 'few', ...choices }));
    const out = join(folder, 'search');
    const args = ['search', 'host-faults', '--space', spaces[0] ?? '', '--out', out];
    const paired = ['--accelerators', spaces[1] ?? '', '--budget', '3', '--method', 'random'];
    const command = ['node', 'sentigon', ...args, ...paired, '--max-latency-ms', '1e-9'];
    await expect(runCommand(command)).rejects.toThrow(
      /^none of 3 points is feasible; the nearest, evaluation \d: latency [\d.]+ us exceeds 0\.000001 us: raise a limit or the budget, or take another space$/,
    );
    expect(existsSync(join(out, 'result.json'))).toBe(true);
  });
});
