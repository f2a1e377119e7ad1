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

/** Encoders, then convolutional networks; absent where they were not measured. */
export function transferSection(
  encoders: TransferResults | undefined,
  cnns: TransferResults | undefined,
): string {
  const found = [
    ...(encoders ? [{ whose: 'encoders of the proof space', ...encoders }] : []),
    ...(cnns ? [{ whose: 'convolutional networks of the full space', ...cnns }] : []),
  ];
  return `## What beginning with a relative's weights saves

${found.map(({ command }) => `\`${command}\``).join('\n')}

Steps until a network is as good as from random weights after ${found[0]?.steps}, with half of them to go; pairs that share 80 % of their
weights or more.

${markdownTable(
  ['networks', 'weights', 'got there', 'median steps'],
  found.flatMap(({ whose, pairs, summary }) =>
    summary.map(({ how, reached, medianSteps }) => [
      ...[whose, how, `${reached} of ${pairs.length}`],
      medianSteps === null ? 'more' : String(medianSteps),
    ]),
  ),
)}
`;
}
