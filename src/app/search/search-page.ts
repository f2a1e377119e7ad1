// A search as one self-contained HTML page: its progress, the points found, and the quality of its predictions.
import { factsTable, REPORT_STYLE, scrolled, wideTable } from '../../lab/plots/report-style.ts';
import { escaped } from '../../lab/plots/svg.ts';
import { convergencePlot } from '../../lab/search/convergence-plot.ts';
import { withoutStandby } from '../../lab/simulator/price.ts';
import { calibrationText, type Prediction } from './calibration.ts';
import { duration, objectiveText, QUANTITIES, short } from './costs.ts';
import type { JournalHeader } from './journal.ts';
import { bestFirst, type FoundPoint, numberOf } from './points.ts';
import { type Mark, scatter } from './scatter.ts';
import type { HistoryEntry, ModelResult, SearchResult } from './search-result.ts';
import { COSTS_OF_PAIRS, usualOf } from './search-text.ts';
import type { ObjectiveName } from './settings.ts';
import type { Taken } from './take-point.ts';

export const PAGE_STYLE = `${REPORT_STYLE}
.plain{fill:var(--pale)}.front{fill:var(--accent)}.chosen{fill:var(--alarm)}.whisker{stroke:var(--line);fill:none}`;

/** `taken`: points that were trained in full afterwards. */
export function searchPage(
  header: JournalHeader,
  result: SearchResult,
  taken: readonly Taken[] = [],
): string {
  const { settings } = header;
  const { chosen, reason, history, calibration, model, objectives } = result;
  const title = `${settings.method} on ${settings.data}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${PAGE_STYLE}</style></head><body><main>
<h1>${escaped(title)} <small>${history.length} evaluations, seed ${settings.seed}</small></h1>
<p>${chosen ? `Chosen: <b>${escaped(chosen.name)}</b> on ${escaped(chosen.device)}: ` : ''}${escaped(reason)}.</p>
${model ? modelTable(model) : ''}
${taken.map(takenSection).join('\n')}
${objectives ? '' : `<h2>Convergence</h2>\n${scrolled(convergence(settings.method, history), 'Convergence')}`}
<h2>Hypervolume</h2>
<p><small>What the front commands of all there could be, 0 to 1, after each evaluation.</small></p>
${scrolled(hypervolumePlot(history), 'Hypervolume')}
${fronts(result)}
<h2>Calibration of the surrogate</h2>
<p><small>${objectives ? 'Accuracy' : 'Performance'}. ${calibrationText(calibration)}</small></p>
${scrolled(calibrationPlot(calibration), 'Calibration of the surrogate')}
<h2>All points</h2>
${table(result)}
</main></body></html>
`;
}

function modelTable({
  kind,
  id,
  measured,
  latencyError,
  load,
  slowdown,
  ...judged
}: ModelResult): string {
  const { simulated, leavesOut, heldOutVusPr, handMadeVusPr, handMadePair } = judged;
  const rows = [
    ['model', `${kind} ${id}`],
    ['latency measured', measured && duration(measured.p50S)],
    ['error of the predicted latency', latencyError && `${(100 * latencyError).toFixed(1)} %`],
    ['load during the measurement', load?.toString()],
    ['time of a network of the profile, now over then', slowdown && short(slowdown)],
    ['latency simulated with its zeros', simulated && duration(simulated.p50S)],
    ['leakage', leavesOut && withoutStandby(leavesOut)],
    ['VUS-PR on held-out events', heldOutVusPr?.toFixed(3)],
    ['VUS-PR of the hand-made network', handMadeVusPr?.toFixed(3)],
    [
      'hand-made network on the accelerator that suits it best',
      handMadePair &&
        `${handMadePair.device}: ${COSTS_OF_PAIRS.map((one) => `${one} ${objectiveText(one, undefined, handMadePair.costs)}`).join(', ')}`,
    ],
  ].flatMap(([name, value]) => (name && value ? [[name, value]] : []));
  return factsTable(rows);
}

/** Infeasible evaluations count as evaluations without progress. */
function convergence(method: string, history: readonly HistoryEntry[]): string {
  let best = 0;
  const values = history.map(({ performance = 0 }) => {
    best = Math.max(best, performance);
    return 1 - best;
  });
  const labels = { title: 'Convergence', value: '1 - performance of the best so far' };
  return values.length > 0 ? convergencePlot([{ name: method, values }], labels) : '';
}

function takenSection({ number, point, model }: Taken): string {
  return `<h2>Evaluation ${number}, trained in full</h2>
<p><b>${escaped(point.name)}</b> on ${escaped(point.device)}, predicted latency ${duration(point.costs.p50S)}</p>
${modelTable(model)}`;
}

function hypervolumePlot(history: readonly HistoryEntry[]): string {
  const marks = history.map(({ hypervolume }, i): Mark => {
    return { x: i + 1, y: hypervolume, title: `${i + 1}: ${short(hypervolume)}`, look: 'front' };
  });
  return scatter(marks, { x: 'evaluation', y: 'hypervolume' });
}

/** The front in each two objectives; without objectives, in accuracy and latency. */
function fronts({ points, chosen, hypervolume, objectives }: SearchResult): string {
  const names = objectives ?? (['accuracy', 'latency'] as const);
  const pairs = names.flatMap((up, i) => names.slice(i + 1).map((across) => ({ up, across })));
  const red = chosen ? 'Red: chosen. ' : '';
  return [
    `<h2>The front</h2>
<p><small>Blue: the front. ${red}Pale: something else found is better in one respect and as good in all others. Hypervolume of the front: ${short(hypervolume)} of 1.</small></p>`,
    ...pairs.map(({ up, across }) => {
      const marks = points.flatMap((point) => markOf(point, { up, across }, chosen));
      const [x, y] = [axisOf(across), axisOf(up)];
      return scrolled(scatter(marks, { x: x.label, y: y.label }), `${y.label} and ${x.label}`);
    }),
  ].join('\n');
}

function markOf(
  point: FoundPoint,
  { up, across }: Readonly<Record<'up' | 'across', ObjectiveName>>,
  chosen: FoundPoint | undefined,
): Mark | [] {
  const [x, y] = [axisOf(across).valueOf(point), axisOf(up).valueOf(point)];
  if (point.accuracy === undefined || x === undefined || y === undefined) return [];
  const title = escaped(
    `${numberOf(point)}: ${point.name} on ${point.device}: ${[up, across].map((one) => objectiveText(one, point.accuracy, point.costs)).join(' at ')}`,
  );
  const isChosen = point.candidate === chosen?.candidate;
  return { x, y, title, look: isChosen ? 'chosen' : point.onFront ? 'front' : 'plain' };
}

function axisOf(objective: ObjectiveName): {
  readonly label: string;
  valueOf(point: FoundPoint): number | undefined;
} {
  const quantity = QUANTITIES.find((one) => one.objective === objective);
  if (!quantity) return { label: 'accuracy', valueOf: ({ accuracy }) => accuracy };
  const { name, unit, factor, typical } = quantity;
  return {
    label: `${name}, ${unit}`,
    valueOf({ costs }) {
      const value = costs[typical];
      return value === undefined ? undefined : value * factor;
    },
  };
}

function calibrationPlot(calibration: readonly Prediction[]): string {
  const marks = calibration.map(({ candidate, mean, deviation, value }) => ({
    ...{ x: value, y: mean, spread: deviation, look: 'front' as const },
    title: `candidate ${candidate}: ${short(mean)} predicted, ${short(value)} found`,
  }));
  return scatter(marks, { x: 'found', y: 'predicted', diagonal: true });
}

function table({ points, objectives }: SearchResult): string {
  const shown = objectives ?? usualOf(points);
  const columns = [
    ...['front', 'evaluation', ...(objectives ? [] : ['performance'])],
    ...[...shown, 'device', 'network'],
  ];
  const rows = bestFirst(points).map((point) => {
    const { name, device, performance, failure, onFront } = point;
    return [
      onFront ? '*' : '',
      String(numberOf(point)),
      ...(objectives ? [] : [performance?.toFixed(4) ?? '']),
      ...shown.map((one) => objectiveText(one, point.accuracy, point.costs)),
      device,
      failure === undefined ? name : `${name}: ${failure}`,
    ];
  });
  return wideTable([columns, ...rows]);
}
