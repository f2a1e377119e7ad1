import type { Contender } from '../../../src/lab/profiler/choose-regressor.ts';
import type { Target } from '../../../src/lab/profiler/profile.ts';
import { markdownTable } from '../../markdown-table.ts';
import { bestStrategy, CHOSEN_ON, type RaceRow, shareOfChance } from '../race-table.ts';
import { STRATEGIES } from '../rows-needed.ts';

export interface ErrorRow extends Contender {
  readonly device: string;
  readonly rows: number;
  readonly quantity: string;
}

export interface ProfilerErrors {
  readonly command: string;
  readonly rows: readonly ErrorRow[];
}

export interface ProfilerRace {
  readonly command: string;
  readonly rows: readonly RaceRow[];
}

export interface ProfileFamilyRow {
  readonly target: Target;
  readonly family: string;
  readonly networks: number;
  readonly regressor: string;
  readonly features: string;
  /** Mean absolute percentage error on networks held out, of a profile of both families and of this one alone; 0.1 = a tenth. */
  readonly together: number;
  readonly alone: number;
}

/** Of one profile of both families. */
export interface ProfileFamilies {
  readonly command: string;
  readonly device: string;
  readonly model: string;
  /** When the device was measured, ISO 8601. */
  readonly measuredAt: string;
  readonly rows: readonly ProfileFamilyRow[];
}

export function familiesSection({
  command,
  device,
  model,
  measuredAt,
  rows,
}: ProfileFamilies): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return `## Errors of a profile of both families

\`${command}\`

FILE is of \`sentigon profile --family encoder,cnn --channels 19\` on ${device} (${model}), measured on ${measuredAt.slice(0, 10)}. Mean absolute percentage error on
networks held out, five parts in turn, by the regressor that the profile has chosen: fitted on both families, as a search uses it, and
on one alone.

${markdownTable(
  [
    'quantity',
    'family',
    'networks',
    'error, both families',
    'error, one alone',
    'regressor',
    'features',
  ],
  rows.map(({ target, family, networks, together, alone, regressor, features }) => [
    ...[QUANTITIES[target], family, String(networks), percent(together), percent(alone)],
    ...[regressor, features],
  ]),
)}
${timesText(rows)}`;
}

/** As the table of ProTran's devices has them. */
const QUANTITIES: Readonly<Record<Target, string>> = {
  p50S: 'latency, median',
  p95S: 'latency, 95th percentile',
  energyJ: 'energy',
  peakPowerW: 'peak power',
};

function timesText(rows: readonly ProfileFamilyRow[]): string {
  const times = rows.map(({ together, alone }) => together / alone).sort((a, b) => a - b);
  const [least, most] = [times.at(0), times.at(-1)];
  if (least === undefined || most === undefined) return '';
  return `
Fitted on both families the error is ${least.toFixed(1)} to ${most.toFixed(1)} times that of a fit on one alone.
`;
}

/** The best of each device and quantity, and the best without the other view, are in the file; here is the best. */
export function errorsSection({ command, rows }: ProfilerErrors): string {
  const best = rows.filter(
    (row, i) =>
      rows.findIndex((one) => one.device === row.device && one.quantity === row.quantity) === i,
  );
  return `## Errors on the measurements of ProTran's authors

\`${command}\`

Mean absolute percentage error on transformers held out, five parts in turn, of the regressor that does best; the others are in
\`profiler-errors.json\`. Latencies of the Raspberry Pi were written down in steps of 0.8 s.

${markdownTable(
  ['device', 'rows', 'quantity', 'error', 'regressor', 'features'],
  best.map(({ device, rows: count, quantity, mape, regressor, features }) => [
    ...[device, String(count), quantity, `${(100 * mape).toFixed(1)} %`, regressor, features],
  ]),
)}
`;
}

export function raceSection({ command, rows }: ProfilerRace): string {
  const best = bestStrategy(rows);
  const table = rows.map((row) => [
    row.device,
    CHOSEN_ON.includes(row.device) ? 'yes' : '',
    row.mark,
    row.error.toPrecision(2),
    ...STRATEGIES.map((strategy) => {
      const { rows: count, reached } = row.needed[strategy];
      const share =
        strategy === 'random' ? '' : `, ${(100 * shareOfChance(row, strategy)).toFixed(0)} %`;
      return `${count} (${reached}/${row.seeds}${share})`;
    }),
  ]);
  return `## Rows that are needed

\`${command}\`

Rows of a device until a forest of 25 trees errs as little on a quarter that is held out: at ProTran's mark of 0.005 squared
parts of the greatest value, and at the error that chance has with half of the rows. In brackets the seeds that got there and
the share of chance's rows. \`doubt\` takes rows of which the forest is least certain, six at a time; \`cover\` those farthest
from all that were taken, whatever they showed.${
    best === undefined
      ? ''
      : ` Over the devices marked so \`${best}\` has the lesser mean share; the others were not looked at when it was chosen.`
  }

${markdownTable(['device', 'chosen on', 'mark', 'error', ...STRATEGIES], table)}
`;
}
