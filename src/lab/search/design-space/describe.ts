import { layerCount, sizeOf } from './enumerate.ts';
import { type DesignSpace, legalHeads, requireDesigns } from './space.ts';

/**
 * A space as lines of text: its choices, what its rules exclude, and the number of its designs. Throws `ConfigError` for an
 * empty space.
 */
export function describeSpace(space: DesignSpace): string {
  requireDesigns(space);
  const { rows, patch, layers, heads, hidden, feedForward, stacks } = space;
  const lines: readonly (readonly [string, string])[] = [
    ['window', `${rows} rows in ${rows / patch} patches of ${patch}`],
    ['layers', layers.join(', ')],
    ['operations', space.ops.join(', ')],
    ['heads', `${heads.join(', ')}, ${alike(space.mixedHeads)}`],
    ['width', hidden.join(', ')],
    [
      'feed-forward',
      `${stacks.join(', ')} of ${feedForward.join(', ')}, ${alike(space.mixedStacks)}`,
    ],
    ...leftOut(space).map((what) => ['left out', what] as const),
    ['one layer', grouped(layerCount(space))],
    ['designs', grouped(sizeOf(space))],
  ];
  return lines.map(([name, value]) => `${name.padEnd(14)}${value}`).join('\n');
}

function alike(mixed: boolean): string {
  return mixed ? 'each its own' : 'all alike';
}

function leftOut(space: DesignSpace): readonly string[] {
  const { rows, patch, heads, hidden, ops } = space;
  const long = ops.length - legalHeads(space).length;
  const misfits = hidden.flatMap((width) =>
    heads.filter((count) => width % count !== 0).map((count) => `${count} heads on ${width}`),
  );
  return [
    ...(long > 0 ? [`${long} of the operations, longer than ${rows / patch} patches`] : []),
    ...(misfits.length > 0 ? [misfits.join(', ')] : []),
  ];
}

function grouped(count: bigint): string {
  return count.toLocaleString('en-GB');
}
