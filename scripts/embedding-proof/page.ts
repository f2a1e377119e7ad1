import type { EmbeddingRow } from '../embedding-proof.ts';

/** The rows in Markdown, a table a target. */
export function embeddingPage(
  command: string,
  designs: number,
  draws: number,
  rows: readonly EmbeddingRow[],
): string {
  const targets = [...new Set(rows.map(({ target }) => target))];
  return `# What coordinates tell of a design

Written by \`${command}\` from \`proof-space.json\`: ${designs} designs that were all
trained. A regressor knows 40 or 80 of them and predicts all others; medians over ${draws} draws of those it knows, which are the same for each embedding. R2: 1 is
exact, 0 no better than the mean. \`authors\` are the integers that EdgeTran's authors describe a design with, \`learned\`
coordinates from edit distances, which \`sentigon search\` uses unless \`--embedding\` says else.

${targets.map((target) => `## ${target}\n\n${tableOf(rows.filter((row) => row.target === target))}`).join('\n\n')}
`;
}

function tableOf(rows: readonly EmbeddingRow[]): string {
  const lines = rows.map(
    ({ embedding, coordinates, learner, known, r2, spearman }) =>
      `| ${embedding} | ${coordinates} | ${learner} | ${known} | ${r2.toFixed(2)} | ${spearman.toFixed(2)} |`,
  );
  return [
    '| embedding | coordinates | regressor | known | R2 | Spearman |',
    '| --- | ---: | --- | ---: | ---: | ---: |',
    ...lines,
  ].join('\n');
}
