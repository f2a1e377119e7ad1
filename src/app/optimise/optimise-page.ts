// An optimisation as one self-contained HTML page: its progress, the front, and all evaluations.

import { scrolled, wideTable } from '../../lab/plots/report-style.ts';
import { escaped } from '../../lab/plots/svg.ts';
import { short } from '../search/costs.ts';
import { type Mark, scatter } from '../search/scatter.ts';
import { PAGE_STYLE } from '../search/search-page.ts';
import { readJournal } from './journal.ts';
import { Ledger, type Row } from './ledger.ts';
import { nothingText } from './optimise-text.ts';
import { type NamedProblem, problemFrom } from './problem.ts';

/** From the journal alone, also of an optimisation that still goes on. Throws as `readJournal`. */
export function optimisePage(folder: string): string {
  const { problem: file, done } = readJournal(folder);
  const problem = problemFrom(file);
  const ledger = new Ledger(problem);
  const inOrder = [...done.values()].sort((a, b) => a.done - b.done);
  for (const each of inOrder) ledger.add(each);
  const title = `${file.method}: ${problem.names.objectives.join(', ')}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${PAGE_STYLE}</style></head><body><main>
<h1>${escaped(title)} <small>${ledger.rows.length} evaluations, seed ${file.seed}</small></h1>
<p><code>${escaped(file.command.join(' '))}</code></p>
${ledger.front.length > 0 ? '' : `<p>${escaped(nothingText(problem, ledger))}</p>`}
${progress(problem, ledger)}
${pairs(problem, ledger)}
<h2>All evaluations</h2>
${table(problem, ledger)}
</main></body></html>
`;
}

function progress({ names, file }: NamedProblem, { rows }: Ledger): string {
  const [name = ''] = names.objectives;
  const isVolume = rows.some(({ hypervolume }) => hypervolume !== undefined);
  const single = names.objectives.length === 1;
  if (!(isVolume || single)) return '';
  const marks = rows.flatMap((row): readonly Mark[] => {
    const y = isVolume ? row.hypervolume : row.feasible ? row.metrics?.[name] : undefined;
    return y === undefined
      ? []
      : [{ x: row.evaluation, y, title: `${row.evaluation}: ${short(y)}`, look: 'front' }];
  });
  const what = isVolume ? 'hypervolume' : `${name}, ${file.objectives[name]?.better} is better`;
  return `<h2>Progress</h2>\n${scrolled(scatter(marks, { x: 'evaluation', y: what }), 'Progress')}`;
}

/** Two objectives at a time. */
function pairs({ names: { objectives } }: NamedProblem, ledger: Ledger): string {
  const front = new Set(ledger.front);
  const all = objectives.flatMap((x, i) => objectives.slice(i + 1).map((y) => ({ x, y })));
  const marksOf = ({ x, y }: { x: string; y: string }) =>
    ledger.rows.flatMap((row): readonly Mark[] => {
      const [atX, atY] = [row.metrics?.[x], row.metrics?.[y]];
      if (!row.feasible || atX === undefined || atY === undefined) return [];
      const title = escaped(`${row.evaluation}: ${settingsText(row)}`);
      return [{ x: atX, y: atY, title, look: front.has(row) ? 'front' : 'plain' }];
    });
  return all
    .map((pair) => {
      const title = escaped(`${pair.y} and ${pair.x}`);
      return `<h2>${title}</h2>\n${scrolled(scatter(marksOf(pair), pair), title)}`;
    })
    .join('\n');
}

function settingsText({ settings }: Row): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${typeof value === 'number' ? short(value) : value}`)
    .join(' ');
}

function table({ names }: NamedProblem, ledger: Ledger): string {
  const metrics = [...names.objectives, ...names.constraints];
  const front = new Set(ledger.front);
  const head = ['', '#', 'asked for', ...metrics, ...names.variables, 'failure'];
  const rows = ledger.rows.map((row) => [
    front.has(row) ? '*' : row.feasible ? '' : '!',
    ...[String(row.evaluation), row.reason],
    ...metrics.map((name) => (row.metrics?.[name] === undefined ? '' : short(row.metrics[name]))),
    ...names.variables.map((name) => String(row.settings[name])),
    row.failure ?? '',
  ]);
  return wideTable([head, ...rows]);
}
