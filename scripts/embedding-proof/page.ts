import type { EmbeddingRow } from '../embedding-proof.ts';
import { markdownTable } from '../markdown-table.ts';

/** The rows in Markdown, a table a target, with both families side by side. */
export function embeddingPage(
  command: string,
  designs: Readonly<Record<string, number>>,
  draws: number,
  rows: readonly EmbeddingRow[],
): string {
  const targets = [...new Set(rows.map(({ target }) => target))];
  return `# What coordinates tell of a design

Written by \`${command}\` from \`proof-space.json\` and \`proof-cnn.json\`: ${designs['encoder']} encoders and
${designs['cnn']} convolutional networks that were all trained. A regressor knows 40 or 80 designs of a family and predicts all its
others; medians over ${draws} draws of those it knows, which are the same for each embedding. R2: 1 is exact, 0 no better than the mean. \`authors\`
are the integers that EdgeTran's authors describe an encoder with, and of convolutional networks coordinates from edit distances
with the costs of CODEBench's; \`learned\` coordinates from edit distances with our costs, which \`sentigon search\` uses unless
\`--embedding\` says else. In brackets the number of coordinates.

${targets.map((target) => `## ${target}\n\n${tableOf(rows.filter((row) => row.target === target))}`).join('\n\n')}
`;
}

function tableOf(rows: readonly EmbeddingRow[]): string {
  const [encoders, cnns] = (['encoder', 'cnn'] as const).map((family) =>
    rows.filter((row) => row.family === family),
  );
  const figures = ({ coordinates, r2, spearman }: EmbeddingRow): string[] => [
    `${r2.toFixed(2)} (${coordinates})`,
    spearman.toFixed(2),
  ];
  return markdownTable(
    ['embedding', 'regressor', 'known', 'encoders R2', 'Spearman', 'cnns R2', 'Spearman'],
    (encoders ?? []).map((row) => {
      const { embedding, learner, known } = row;
      const beside = cnns?.find(
        (one) => one.embedding === embedding && one.learner === learner && one.known === known,
      );
      return [
        ...[embedding, learner, String(known), ...figures(row)],
        ...(beside ? figures(beside) : ['-', '-']),
      ];
    }),
  );
}
