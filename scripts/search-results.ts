// Writes results/search/README.md and a plot a table from results/search/*.json: npx tsx scripts/search-results.ts [folder]
// What was found comes from scripts/search-proof.ts; no figure is written by hand.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConvergenceCurve, convergencePlot } from '../src/lab/search/convergence-plot.ts';
import { type MethodSummary, marksOf } from '../src/lab/search/proof/comparison.ts';
import { commandLine } from './command-line.mjs';
import { compareRuns, comparisonTable } from './search-proof/comparison-table.ts';
import {
  type PublishedCurve,
  readSearchResults,
  runsOf,
  type SearchResults,
} from './search-proof/result-file.ts';
import { type TableSource, tables } from './search-proof/tables.ts';

const { positionals } = commandLine({ allowPositionals: true });
const [folder = fileURLToPath(new URL('../results/search', import.meta.url))] = positionals;

const HEAD = `# Which search is better

Written by \`npx tsx scripts/search-results.ts\` from the runs beside it; what made them stands over each table. Each method
plays a table of evaluations that were all made before, so the optimum is known. Regret is the optimum less the best so far.
Medians over seeds, with 95 % bootstrap intervals; mean regret is over the whole budget. By it ours is compared with each
other, paired by the seeds that both have: Wilcoxon's signed-rank test, two-sided, corrected after Holm over the rivals, and
apart from them over ours without one of its parts. Every evaluation counts, also of what is infeasible and what is repeated.
All methods are given the same candidates, neighbours and coordinates unless their name says otherwise, and seek one number.
Not all ask for as many candidates at once, see the table: the more, the less a method knows when it asks. Ours begins with
five candidates that are drawn, its rivals with ten, as is usual for them, NSGA-II with its population of twenty;
\`tpe-early\` is TPE that begins with five.

Ours without a part: \`-first-order\` climbs by the gradient alone, \`-no-aleatoric\` and \`-no-epistemic\` do without one of the
two uncertainties, \`-everywhere\` takes any candidate and not only neighbours of the best, \`-no-choices\` sees coordinates
alone, \`-by-place\` learns what an option is worth in each place by itself, \`-random-draws\` takes the first of what it draws
instead of what lies apart, \`-one-hot\` has a coordinate for each option, \`-learned\` those learned from edit distances where
the table has the authors' integers, \`-shuffled\` coordinates and choices that are dealt out at random; \`-one-first\` and
\`-one-second\` never change that half of a pair. How it climbs matters little where few candidates are neighbours of the
best: the 60 nearest to the ends of eight climbs are then all of them. The networks of the surrogate, and with them the aleatoric
uncertainty, count as far as they have foretold what came, beyond doubt: where they never did, ours without it is the very same.
What has no row in a table was not run on it.

What ours consists of was chosen on made-up tables and on the same designs trained on other recordings, ASD omi-1 and a fifth of
SMD machine-1-1, with seeds from 1000 on. Its first settings were chosen on VUS-PR of the proof space itself, when not all of
its trainings were there: proof-vus-pr is no table that ours had never seen, and proof-loss and pairs share its designs.
Nothing was chosen by what the pairs of edgetran are worth; but that any candidate is taken where neighbours are few, and that
what a network has not weighs nothing, were tried on made-up outcomes of these pairs, after searches without had done badly
there; and how much networks have to show was looked at again, on VUS-PR of the other recordings, after proof-vus-pr had come out
worse.

\`proof-space.json\` holds the trainings of all designs, made by \`npx tsx scripts/proof-space.ts\`; \`proof-pairs.json\` what each
would cost on devices, modelled by \`npx tsx scripts/proof-pairs.ts\`.
`;

function section(source: TableSource, results: SearchResults): string {
  const marks = marksOf(results.candidates, results.budget);
  const comparison = compareRuns(runsOf(results), marks, source.ours);
  const title = `Regret on ${source.kind}`;
  const curves = [
    ...comparison.summaries.map(({ curve }) => curve),
    ...results.published.map((published) => curveOf(published, results.budget)),
  ];
  writeFileSync(
    join(folder, `${source.kind}.svg`),
    convergencePlot(curves, { title, value: `regret, ${results.unit}` }),
  );
  return `## ${source.kind}

${source.about} ${results.candidates} candidates, ${results.budget} evaluations; regret in ${results.unit}.
${signalOf(results)}

\`\`\`sh
${commandsOf(results, comparison.summaries)}
\`\`\`

${comparisonTable(comparison, marks, 'markdown')}

![${title}](${source.kind}.svg)
`;
}

/** What made the rows: one command for those of as many seeds and as many candidates at once. */
function commandsOf({ table, budget }: SearchResults, summaries: readonly MethodSummary[]): string {
  const groups = new Map<string, string[]>();
  for (const { method, runs, batch } of summaries) {
    const options = `--seeds ${runs} --batch ${batch}`;
    groups.set(options, [...(groups.get(options) ?? []), method]);
  }
  return [...groups]
    .map(
      ([options, methods]) =>
        `npx tsx scripts/search-proof.ts --table ${table} --budget ${budget} ${options} --methods ${methods.join(',')}`,
    )
    .join('\n');
}

/** What there is to be found. */
function signalOf({ reliability, nearestFit }: SearchResults): string {
  const noise =
    reliability === null
      ? 'Each candidate has one figure.'
      : `Reliability of the means over repetitions ${reliability.toFixed(2)}, 1 being no noise.`;
  return `${noise} R2 of the five nearest candidates as a prediction ${nearestFit.toFixed(2)}.`;
}

/** From its first valid evaluation on. */
function curveOf(
  { name, improvements, evaluations }: PublishedCurve,
  budget: number,
): ConvergenceCurve {
  const from = improvements[0]?.[0] ?? 1;
  const values = new Float64Array(Math.max(0, Math.min(evaluations, budget) - from + 1));
  for (const [evaluation, regret] of improvements) values.fill(regret, evaluation - from);
  return { name: `${name} (published)`, values, from, foreign: true };
}

const sections = [...tables.values()].flatMap((source) => {
  const results = readSearchResults(folder, source.kind);
  return results ? [section(source, results)] : [];
});
writeFileSync(join(folder, 'README.md'), `${HEAD}\n${sections.join('\n')}`);
