// The look of a report: light or dark as its reader's system is, and readable on a phone. Its tables, and words beside an axis.
import { escaped } from './svg.ts';

/** To be followed by the rules of one report. A plot is wider than a phone and is scrolled; a table of class `wide` becomes blocks. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--ground:#fff;--ink:#222;--soft:#5f6368;--line:#ddd;--accent:#2a6fb0;--pale:#9db7cc;
--alarm:#c22f2a;--label:#f6c9c0;--over:#2a6fb022}
@media(prefers-color-scheme:dark){:root{--ground:#15181a;--ink:#e4e7e8;--soft:#9ba6a9;--line:#353c40;--accent:#7fb4e6;
--pale:#4c6578;--alarm:#ff8f85;--label:#5c2f2a;--over:#7fb4e633}}
body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;margin:2rem auto;padding:0 1rem;color:var(--ink);
background:var(--ground);overflow-wrap:anywhere}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}small{color:var(--soft)}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}th{font-weight:600;overflow-wrap:normal}td.n{text-align:right}
.plot{overflow-x:auto;margin:.2rem 0}.plot svg{display:block;width:100%;min-width:640px;height:auto}
.axis{font-size:11px;fill:var(--soft)}.grid{stroke:var(--line);fill:none}
@media(max-width:52rem){.wide,.wide tbody,.wide tr,.wide td{display:block}.wide thead{display:none}
.wide tr{padding:.4rem 0;border-top:1px solid var(--line)}.wide td{padding:0;text-align:left}
.wide td[data-name]:not(:empty)::before{content:attr(data-name) ": ";color:var(--soft)}}`;

/** An SVG that is scrolled where it does not fit; `label` is for those who do not see it. */
export function scrolled(svg: string, label: string): string {
  return `<div class="plot" tabindex="0" role="region" aria-label="${label}">${svg}</div>`;
}

/** Names and values. */
export function factsTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map(
    (row) => `<tr>${row.map((one) => `<td>${escaped(one)}</td>`).join('')}</tr>`,
  );
  return `<table>${cells.join('')}</table>`;
}

/** A table that becomes blocks on a phone. `isNumber`: whether the cells of a column stand right. */
export function wideTable(
  [head = [], ...rows]: readonly (readonly string[])[],
  isNumber: (column: number) => boolean = () => false,
): string {
  const titles = head.map((one) => `<th>${escaped(one)}</th>`).join('');
  const cell = (words: string, column: number): string =>
    `<td${isNumber(column) ? ' class="n"' : ''} data-name="${escaped(head[column] ?? '')}">${escaped(words)}</td>`;
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n');
  return `<table class="wide"><thead><tr>${titles}</tr></thead><tbody>${body}</tbody></table>`;
}

/** `words` as they are to be read; `anchor`: which end of them lies at x. */
export function axisText(
  x: number,
  y: number,
  words: string,
  anchor: 'start' | 'middle' | 'end',
): string {
  return `<text class="axis" x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(words)}</text>`;
}
