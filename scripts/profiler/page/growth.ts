import { markdownTable } from '../../markdown-table.ts';

export interface GrowthResults {
  readonly command: string;
  /** Cost is multiplications of a window. */
  readonly start: { readonly name: string; readonly loss: number; readonly cost: number };
  /** Of the start trained as long as any other network. */
  readonly controlLoss: number;
  readonly chosen: { readonly name: string; readonly loss: number; readonly cost: number };
  readonly improved: boolean;
  readonly reason: string;
  readonly rounds: readonly { readonly mode: string; readonly outcome: string }[];
}

export function growthSection({
  command,
  start,
  controlLoss,
  chosen,
  improved,
  reason,
  rounds,
}: GrowthResults): string {
  return `## What a growth gains

\`${command}\`

${markdownTable(
  ['network', 'validation loss', 'multiplications'],
  [
    [start.name, start.loss.toFixed(4), String(start.cost)],
    [`${start.name}, trained as long`, controlLoss.toFixed(4), String(start.cost)],
    ...(improved ? [[`${chosen.name}, chosen`, chosen.loss.toFixed(4), String(chosen.cost)]] : []),
  ],
)}

${reason}. Rounds: ${rounds.map(({ mode, outcome }) => `${mode} ${outcome}`).join(', ')}.
`;
}
