// results/efficiency/dynatran-*.md: one line a method and share, means over series and seeds.
import { mean } from '../../src/engine/statistics.ts';
import { markdownTable } from '../markdown-table.ts';

export interface EfficiencyPoint {
  readonly series: string;
  readonly network: string;
  readonly training: string;
  readonly seed: number;
  readonly method: string;
  /** Of each operand. */
  readonly share: number;
  readonly vusPr: number;
  /** Mean squared distance of the newest rows of held-back normal windows from what is expected. */
  readonly error: number;
  /** Share of all multiplications. */
  readonly skipped: number;
  /** Time of a row over that of the dense network, and what Amdahl's law expects; absent for what saves none. */
  readonly time?: number | undefined;
  readonly expected?: number;
}

const HEAD = `Means over the runs (series and seeds), ± half the range of VUS-PR over the seeds. Error of the forecast or
reconstruction of held-back normal rows, over that of the same network without anything left out. Time of a whole row over that
of the dense network; expected: 1 - f s, f share of a row's time that is products, s share of multiplications left out.
A dash: the method leaves numbers out of account, but multiplies them. Of the methods by cost, the share is that of the accuracy on
normal rows that was to be kept (\`--floor\` with \`allocation=sensitivity\`); it is judged on the newest third of the rows that
set the thresholds, where \`sentigon compress\` judges on rows that set none. The error is of rows after all of these.`;

export function efficiencyPage(command: string, points: readonly EfficiencyPoint[]): string {
  const keyOf = ({ network, training, method, share }: EfficiencyPoint) =>
    [network, training, method, String(share)].join('|');
  const rows = [...new Set(points.map(keyOf))].map((key) => {
    const own = points.filter((point) => keyOf(point) === key);
    return [...key.split('|'), String(own.length), ...figuresOf(own, points)];
  });
  const head = ['network', 'training', 'method', 'share', 'runs', 'left out', 'error', 'VUS-PR'];
  return `\`${command}\`\n\n${HEAD}\n\n${markdownTable([...head, 'time', 'expected'], rows)}\n`;
}

function figuresOf(own: readonly EfficiencyPoint[], all: readonly EfficiencyPoint[]) {
  const errors = own.map(({ error, ...point }) => error / denseErrorOf(point, all));
  const times = own.flatMap(({ time }) => time ?? []);
  const expected = own.flatMap((point) => point.expected ?? []);
  const meanOf = (numbers: readonly number[]): string =>
    numbers.length > 0 ? mean(numbers).toFixed(2) : '-';
  return [
    mean(own.map(({ skipped }) => skipped)).toFixed(3),
    mean(errors).toFixed(3),
    spreadOf(own),
    meanOf(times),
    meanOf(expected),
  ];
}

function denseErrorOf(
  { series, network, training, seed }: Omit<EfficiencyPoint, 'error'>,
  all: readonly EfficiencyPoint[],
): number {
  const dense = all.find(
    (point) =>
      point.method === 'none' &&
      point.series === series &&
      point.network === network &&
      point.training === training &&
      point.seed === seed,
  );
  return dense?.error ?? Number.NaN;
}

/** The mean over all runs, and half the range of the means of the seeds. */
function spreadOf(own: readonly EfficiencyPoint[]): string {
  const seeds = [...new Set(own.map(({ seed }) => seed))].map((seed) =>
    mean(own.filter((point) => point.seed === seed).map(({ vusPr }) => vusPr)),
  );
  const half = (Math.max(...seeds) - Math.min(...seeds)) / 2;
  const found = mean(own.map(({ vusPr }) => vusPr)).toFixed(3);
  return seeds.length > 1 ? `${found} ±${half.toFixed(3)}` : found;
}
