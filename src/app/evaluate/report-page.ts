// A run as one HTML page that needs nothing else: no network, no scripts, fonts of the reader's system.
import type { ResultRow } from '../../lab/evaluation/result-row.ts';
import type { RunAlert, RunRecord } from '../../lab/judging/run-record.ts';
import { REPORT_STYLE, scrolled } from '../../lab/plots/report-style.ts';
import { escaped } from '../../lab/plots/svg.ts';
import { strip } from './report-strip.ts';

const STYLE = `${REPORT_STYLE}
.label{fill:var(--label)}.alert{fill:var(--accent)}.curve{fill:none;stroke:var(--ink)}
.level{fill:none;stroke:var(--alarm);stroke-dasharray:4 3}
.points rect{width:2px;height:100%;fill:transparent}.points rect:hover{fill:var(--over)}
.bar{background:var(--accent);display:inline-block;height:.6rem}`;

/** Figures, in the order they are shown, with digits. */
const FIGURES: readonly (readonly [keyof ResultRow, string, number])[] = [
  ['vusPr', 'VUS-PR', 3],
  ['prevalence', 'labelled share of rows', 3],
  ['aucPr', 'AUC-PR', 3],
  ['aucRoc', 'AUC-ROC', 3],
  ['f1Deployed', 'F1 at the deployed level', 3],
  ['eventRecall', 'events caught', 3],
  ['falseAlarmsPerDay', 'false alarms a day', 2],
  ['medianDelayS', 'median delay, s', 0],
  ['hit100', 'Hit@100 of the attribution', 3],
  ['oraclePaF1', 'PA-F1 (inflated, for comparison)', 3],
  ['trainS', 'training, s', 1],
  ['usPerRow', 'microseconds a row', 0],
];

export function reportPage(run: RunRecord): string {
  const { dataset, series, detector, seed } = run.result;
  const title = `${detector} on ${dataset}/${series}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>
<h1>${escaped(title)} <small>seed ${seed}</small></h1>
${figures(run.result)}
<h2>Score</h2>
<p><small>Logarithmic; times in UTC. Dashed: the alert level in force. Pale: labelled. Blue ticks: alerts. Point at the curve for its values.</small></p>
${scrolled(strip(run, { values: run.scores, level: run.levels, logarithmic: true, height: 160 }), 'Scores')}
<h2>Channels the score blames most</h2>
${run.curves
  .map(
    ({ channel, share, values }) =>
      `<div>${escaped(channel.id)} <small>${escaped(channel.unit)} ${percent(share)} of all scores</small></div>
${scrolled(strip(run, { values, height: 64, unit: channel.unit }), escaped(channel.id))}`,
  )
  .join('\n')}
<h2>Alerts</h2>
${alerts(run)}
</main></body></html>
`;
}

function figures(result: ResultRow): string {
  const rows = FIGURES.flatMap(([key, name, digits]) => {
    const value = result[key];
    return typeof value === 'number'
      ? [`<tr><td>${name}</td><td class="n">${value.toFixed(digits)}</td></tr>`]
      : [];
  });
  return `<table>${rows.join('')}</table>`;
}

function alerts({ alerts: all, segments, timeMs }: RunRecord): string {
  if (all.length === 0) return '<p>None.</p>';
  const timeAt = (row: number): number => timeMs[Math.min(row, timeMs.length - 1)] ?? 0;
  const touched = ({ startMs, endMs }: RunAlert): string => {
    const found = segments.filter(
      ({ start, end }) =>
        timeAt(start) < (endMs ?? Number.POSITIVE_INFINITY) && timeAt(end) > startMs,
    );
    return found.map(({ kind }) => kind ?? 'labelled').join(', ') || 'nothing labelled';
  };
  const rows = all.map(
    (alert) =>
      `<tr><td>${clock(alert.startMs)}</td><td data-name="lasted">${alert.endMs === null ? 'open' : duration(alert.endMs - alert.startMs)}</td>` +
      `<td class="n" data-name="peak over level">${alert.peak.toFixed(1)}</td><td data-name="touches">${escaped(touched(alert))}</td><td>${blame(alert)}</td></tr>`,
  );
  const head = ['from, UTC', 'lasted', 'peak over level', 'touches', 'channels']
    .map((name) => `<th>${name}</th>`)
    .join('');
  return `<table class="wide"><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function blame({ channels }: RunAlert): string {
  return channels
    .map(({ id, unit, share, value, expected, usual: range }) => {
      const seen = value === null ? 'no reading' : short(value);
      const instead = expected === null ? '' : ` for ${short(expected)}`;
      const usual = range ? `, usually ${short(range.low)} to ${short(range.high)}` : instead;
      return `<div><span class="bar" style="width:${Math.round(share * 80)}px"></span> ${escaped(id)} ${percent(share)} <small>${seen}${usual} ${escaped(unit)}</small></div>`;
    })
    .join('');
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
