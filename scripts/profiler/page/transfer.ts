import { markdownTable } from '../../markdown-table.ts';

export interface TransferResults {
  readonly command: string;
  readonly steps: number;
  readonly pairs: readonly object[];
  readonly summary: readonly {
    readonly how: string;
    readonly reached: number;
    readonly medianSteps: number | null;
  }[];
}

export function transferSection(results: TransferResults): string {
  return section(results, 'encoders of the proof space');
}

export function cnnTransferSection(results: TransferResults): string {
  return section(results, 'convolutional networks of the full space');
}

function section({ command, steps, pairs, summary }: TransferResults, whose: string): string {
  return `## What beginning with a relative's weights saves: ${whose}

\`${command}\`

Steps until a network is as good as from random weights after ${steps}, with half of them to go; ${pairs.length} pairs that share
80 % of their weights or more.

${markdownTable(
  ['weights', 'got there', 'median steps'],
  summary.map(({ how, reached, medianSteps }) => [
    ...[how, `${reached} of ${pairs.length}`, medianSteps === null ? 'more' : String(medianSteps)],
  ]),
)}
`;
}
