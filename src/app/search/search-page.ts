// A search as one self-contained HTML page: its progress, the points found, and the quality of its predictions.
import { REPORT_STYLE, scrolled } from '../../lab/plots/report-style.ts';
import { escaped } from '../../lab/plots/svg.ts';
import { convergencePlot } from '../../lab/search/convergence-plot.ts';
import { calibrationText, type Prediction } from './calibration.ts';
import { duration, short } from './costs.ts';
import type { JournalHeader } from './journal.ts';
import type { FoundPoint } from './points.ts';
import { type Mark, scatter } from './scatter.ts';
import type { HistoryEntry, ModelResult, SearchResult } from './search-result.ts';

export const PAGE_STYLE = `${REPORT_STYLE}
.plain{fill:var(--pale)}.front{fill:var(--accent)}.chosen{fill:var(--alarm)}.whisker{stroke:var(--line);fill:none}`;

export function searchPage(header: JournalHeader, result: SearchResult): string {
  const { settings } = header;
  const { points, chosen, reason, hypervolume, history, calibration, model } = result;
  const title = `${settings.method} on ${settings.data}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${PAGE_STYLE}</style></head><body><main>
<h1>${escaped(title)} <small>${history.length} evaluations, seed ${settings.seed}</small></h1>
<p>${chosen ? `Chosen: <b>${escaped(chosen.name)}</b> on ${escaped(chosen.device)}: ` : ''}${escaped(reason)}.</p>
${model ? modelTable(model) : ''}
<h2>Convergence</h2>
${scrolled(convergence(settings.method, history), 'Convergence')}
<h2>Accuracy and latency</h2>
<p><small>Blue: the front. Red: chosen. Pale: something else found is better in one respect and as good in all others. Hypervolume of the front: ${short(hypervolume)} of 1.</small></p>
${scrolled(scatter(points.flatMap(pointMark(chosen)), { x: 'latency, ms', y: 'accuracy' }), 'Accuracy and latency')}
<h2>Calibration of the surrogate</h2>
<p><small>${calibrationText(calibration)}</small></p>
${scrolled(calibrationPlot(calibration), 'Calibration of the surrogate')}
<h2>All points</h2>
${table(points)}
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
  const { heldOutVusPr, handMadeVusPr } = judged;
  const rows = [
    ['model', `${kind} ${id}`],
    ['latency measured', measured && duration(measured.p50S)],
    ['error of the predicted latency', latencyError && `${(100 * latencyError).toFixed(1)} %`],
    ['load during the measurement', load?.toString()],
    ['time of a network of the profile, now over then', slowdown && short(slowdown)],
    ['VUS-PR on held-out events', heldOutVusPr?.toFixed(3)],
    ['VUS-PR of the hand-made encoder', handMadeVusPr?.toFixed(3)],
  ].flatMap(([name, value]) =>
    value ? `<tr><td>${name}</td><td>${escaped(value)}</td></tr>` : [],
  );
  return `<table>${rows.join('')}</table>`;
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

function pointMark(chosen: FoundPoint | undefined): (point: FoundPoint) => Mark | [] {
  return ({ candidate, accuracy, costs, name, device, onFront }) => {
    if (accuracy === undefined) return [];
    const title = escaped(`${name} on ${device}: ${short(accuracy)} at ${duration(costs.p50S)}`);
    const look = candidate === chosen?.candidate ? 'chosen' : onFront ? 'front' : 'plain';
    return { x: costs.p50S * 1000, y: accuracy, title, look };
  };
}

function calibrationPlot(calibration: readonly Prediction[]): string {
  const marks = calibration.map(({ candidate, mean, deviation, value }) => ({
    ...{ x: value, y: mean, spread: deviation, look: 'front' as const },
    title: `candidate ${candidate}: ${short(mean)} predicted, ${short(value)} found`,
  }));
  return scatter(marks, { x: 'performance found', y: 'performance predicted', diagonal: true });
}

const COLUMNS = [
  ...['front', 'performance', 'accuracy', 'latency'],
  ...['energy', 'memory', 'device', 'network'],
];

function table(points: readonly FoundPoint[]): string {
  const rows = [...points]
    .sort((a, b) => (b.performance ?? -1) - (a.performance ?? -1))
    .map(({ name, device, accuracy, costs, performance, failure, onFront }) => {
      const energy = costs.energyJ === undefined ? '' : `${short(costs.energyJ * 1000)} mJ`;
      const cells = [
        onFront ? '*' : '',
        performance?.toFixed(4) ?? '',
        accuracy?.toFixed(3) ?? '',
        duration(costs.p50S),
        energy,
        `${short(costs.memoryBytes / 1024)} KB`,
        device,
        failure === undefined ? name : `${name}: ${failure}`,
      ];
      const named = cells.map(
        (cell, place) => `<td data-name="${COLUMNS[place]}">${escaped(cell)}</td>`,
      );
      return `<tr>${named.join('')}</tr>`;
    });
  const head = COLUMNS.map((name) => `<th>${name}</th>`).join('');
  return `<table class="wide"><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}
