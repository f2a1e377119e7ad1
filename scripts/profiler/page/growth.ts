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

/** Of an encoder, then of a convolutional network; absent where it was not grown. */
export function growthSection(
  encoder: GrowthResults | undefined,
  cnn: GrowthResults | undefined,
): string {
  const found = [encoder ?? [], cnn ?? []].flat();
  return `## What a growth gains

${found.map(({ command }) => `\`${command}\``).join('\n')}

${markdownTable(
  ['network', 'validation loss', 'multiplications'],
  found.flatMap(({ start, controlLoss, chosen, improved }) => [
    [start.name, start.loss.toFixed(4), String(start.cost)],
    [`${start.name}, trained as long`, controlLoss.toFixed(4), String(start.cost)],
    ...(improved ? [[`${chosen.name}, chosen`, chosen.loss.toFixed(4), String(chosen.cost)]] : []),
  ]),
)}

${found.map(verdictOf).join('\n')}
`;
}

function verdictOf({ start, reason, rounds }: GrowthResults): string {
  return `- \`${start.name}\`: ${reason}. Rounds: ${rounds.map(({ mode, outcome }) => `${mode} ${outcome}`).join(', ')}.`;
}
