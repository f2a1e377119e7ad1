// A run as one HTML page that needs nothing else: no network, no scripts, fonts of the reader's system.
import type { ResultRow } from '../../lab/evaluation/result-row.ts';
import type { RunAlert, RunRecord } from '../../lab/judging/run-record.ts';
import { escaped } from '../../lab/plots/svg.ts';
import { strip } from './report-strip.ts';

const STYLE = `
body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;margin:2rem auto;padding:0 1rem;color:#222}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse}
td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}th{font-weight:600}
td.n{text-align:right;font-variant-numeric:tabular-nums}svg{display:block;width:100%;height:auto;margin:.2rem 0}
.label{fill:#f6c9c0}.alert{fill:#2a6fb0}.curve{fill:none;stroke:#222}.level{fill:none;stroke:#c33;stroke-dasharray:4 3}
.axis{font-size:10px;fill:#666}.bar{background:#2a6fb0;display:inline-block;height:.6rem}small{color:#666}`;

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
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)} <small>seed ${seed}</small></h1>
${figures(run.result)}
<h2>Score</h2>
<p><small>Logarithmic. Dashed: the alert level in force. Pale: labelled. Blue ticks: alerts.</small></p>
${strip(run, { values: run.scores, level: run.levels, logarithmic: true, height: 160 })}
<h2>Channels the score blames most</h2>
${run.curves
  .map(
    ({ channel, share, values }) =>
      `<div>${escaped(channel.id)} <small>${escaped(channel.unit)} ${percent(share)} of all scores</small></div>
${strip(run, { values, height: 60 })}`,
  )
  .join('\n')}
<h2>Alerts</h2>
${alerts(run)}
</body></html>
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
      `<tr><td>${clock(alert.startMs)}</td><td>${alert.endMs === null ? 'open' : duration(alert.endMs - alert.startMs)}</td>` +
      `<td class="n">${alert.peak.toFixed(1)}</td><td>${escaped(touched(alert))}</td><td>${blame(alert)}</td></tr>`,
  );
  return `<table><tr><th>from</th><th>lasted</th><th>peak over level</th><th>touches</th><th>channels</th></tr>${rows.join('\n')}</table>`;
}

function blame({ channels }: RunAlert): string {
  return channels
    .map(({ id, unit, share, value, expected }) => {
      const seen = value === null ? 'no reading' : short(value);
      const usual = expected === null ? '' : ` for ${short(expected)}`;
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
