// What the decision costs a row, threshold and policy together: the default threshold beside POT, in turns.
import { teach } from '../../src/core/threshold.ts';
import { alertOptions } from '../../src/detection/alerts/alert-options.ts';
import { createAlertPolicy } from '../../src/detection/alerts/policy.ts';
import { createThreshold } from '../../src/detection/create-threshold.ts';
import type { StoredThreshold } from '../../src/detection/threshold-plugin.ts';
import { DEFAULT_THRESHOLD, thresholds } from '../../src/detection/thresholds/index.ts';
import { createRandom } from '../../src/engine/random.ts';
import { type Contender, timeAll } from './timing.ts';

export interface DecisionCost {
  /** Medians, microseconds a row: of a row a second, and of one each five minutes, whose baseline is renewed with each. */
  readonly us: Readonly<Record<string, number>>;
  /** What the default threshold stores, bytes of JSON. */
  readonly stateBytes: number;
}

const ROUNDS = 51;
const ROWS = 2000;
const alerts = alertOptions.parse({});
const none = new Float32Array(0);
const window = { streamId: '', length: 0, width: 0, values: none, imputed: 0 };
const latest = new Float64Array(0);
const context = {
  ...{ streamId: '', channels: [], modelId: '' },
  scaler: { kind: 'standard', offset: [], scale: [], clip: 1 },
};

export async function measureDecision(): Promise<DecisionCost> {
  const scores = scoresOf(ROWS);
  const cases = [DEFAULT_THRESHOLD, 'pot'].flatMap((kind) =>
    [1000, 300_000].map((intervalMs) => ({ kind, intervalMs })),
  );
  const made = cases.map(({ kind, intervalMs }) => ({
    name: `${kind}, each ${intervalMs / 1000} s`,
    threshold: thresholdOf(kind, intervalMs),
    intervalMs,
  }));
  const times = await timeAll(
    made.map(({ name, threshold, intervalMs }) => contender(name, threshold, intervalMs, scores)),
    ROUNDS,
  );
  const us = Object.fromEntries([...times].map(([name, time]) => [name, time / ROWS]));
  const stateBytes = JSON.stringify(made[0]?.threshold.state()).length;
  return { us, stateBytes };
}

function contender(
  name: string,
  threshold: StoredThreshold,
  intervalMs: number,
  scores: Float64Array,
): Contender {
  const policy = createAlertPolicy(alerts, context);
  let row = 0;
  return {
    name,
    calls: 1,
    run() {
      for (const value of scores) {
        const verdict = threshold.judge(value);
        teach(threshold, value, verdict);
        policy.step(
          { ...window, latest, endMs: row * intervalMs },
          { value, perChannel: none },
          verdict,
        );
        row += 1;
      }
    },
  };
}

function thresholdOf(kind: string, intervalMs: number): StoredThreshold {
  const plugin = thresholds.get(kind);
  if (!plugin) throw new Error(`no threshold '${kind}'`);
  const model = { intervalMs, calibration: scoresOf(500) };
  return createThreshold(
    { plugin, options: plugin.options.parse({}), logarithmic: true, alerts },
    model,
  );
}

function scoresOf(count: number): Float64Array {
  const random = createRandom(1);
  return Float64Array.from({ length: count }, () => Math.abs(random.normal()));
}

export function decisionTable({ us, stateBytes }: DecisionCost): string {
  const rows = Object.entries(us).map(([name, time]) => `${name.padEnd(24)}${time.toFixed(2)} us`);
  return ['a decision, per row', ...rows, `its state: ${stateBytes} bytes`].join('\n').concat('\n');
}
