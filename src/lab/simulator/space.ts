// Spaces of accelerators as lists of values, one for each choice: those of ./presets, and those of files.
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import {
  ACCELERATOR_FORMAT,
  type Accelerator,
  TILES,
  type TiledAccelerator,
} from './accelerator.ts';
import type { KindName } from './kind.ts';
import { MEMORY_NAMES, type MemoryName } from './modules.ts';

const SPACE_FORMAT = 'sentigon-accelerator-space/1';

const listOf = <T extends z.ZodType<string | number>>(value: T) =>
  z
    .array(value)
    .min(1)
    .refine((values) => new Set(values).size === values.length, { message: 'names a value twice' });
const counts = listOf(z.int().positive());
const megabytes = listOf(z.number().positive());

const common = {
  multipliers: listOf(z.literal([1, 16])),
  nonLinearity: listOf(z.enum(['relu', 'gelu'])),
  batch: counts.describe('Windows that are computed together'),
  activationMb: megabytes,
  weightMb: megabytes,
  maskMb: megabytes.optional().describe('Absent = an eighth of the other buffers'),
  memory: listOf(z.enum(MEMORY_NAMES as [MemoryName, ...MemoryName[]])),
};

const tiledChoices = z.strictObject({
  tileBatch: counts.default([1]).describe('Windows of a tile'),
  tile: listOf(z.literal(TILES)).describe('Rows and columns of a tile'),
  elements: counts,
  lanes: counts,
  softmaxUnits: counts,
  ...common,
});

/** Steps of the loops that are made at once: AccelBench's Pib, Pix, Pof and Pk. Pif is the number of multipliers. */
const unrolledChoices = z.strictObject({
  unrolledWindows: counts,
  unrolledRows: counts,
  unrolledColumns: counts,
  unrolledTaps: counts,
  ...common,
});

const name = z.string().min(1).max(40);
const fileOf = <T extends z.ZodRawShape>(choices: z.ZodObject<T>) =>
  z.strictObject({ format: z.literal(SPACE_FORMAT), name, ...choices.shape });
const files = { tiled: fileOf(tiledChoices), unrolled: fileOf(unrolledChoices) };

/** As it is kept with a search. */
export const acceleratorSpaceSchema = z.union([
  z.strictObject({ name: z.string(), choices: tiledChoices }),
  z.strictObject({ name: z.string(), choices: unrolledChoices }),
]);

export interface TiledSpace {
  readonly name: string;
  readonly choices: z.infer<typeof tiledChoices>;
}

export interface UnrolledSpace {
  readonly name: string;
  readonly choices: z.infer<typeof unrolledChoices>;
}

export type AcceleratorSpace = TiledSpace | UnrolledSpace;

/** Of the choices of a space, or of what a file has for them: which of the two is meant. */
function areUnrolled(choices: object): choices is UnrolledSpace['choices'] {
  return 'unrolledTaps' in choices;
}

/** That all accelerators of a space are of. */
export function kindNameOf({ choices }: AcceleratorSpace): KindName {
  return areUnrolled(choices) ? 'unrolled' : 'tiled';
}

/** A place of a space: its values in order, and whether a step leads to the next one only. */
interface Place {
  readonly name: string;
  readonly values: readonly (string | number | undefined)[];
  readonly isOrdered: boolean;
}

const COMMON = ['nonLinearity', 'batch', 'activationMb', 'weightMb', 'maskMb', 'memory'] as const;
/** In the order of the numbers of accelerators, mixed radix, the last one first. */
const TILED = [
  ...(['tileBatch', 'tile', 'elements', 'lanes', 'multipliers', 'softmaxUnits'] as const),
  ...COMMON,
];
const UNROLLED = [
  ...(['unrolledWindows', 'unrolledRows', 'unrolledColumns', 'unrolledTaps'] as const),
  ...(['multipliers'] as const),
  ...COMMON,
];

export function placesOf(space: AcceleratorSpace): readonly Place[] {
  const names: readonly string[] = areUnrolled(space.choices) ? UNROLLED : TILED;
  const choices: Readonly<Record<string, Place['values'] | undefined>> = space.choices;
  return names.map((one) => ({
    name: one,
    values: choices[one] ?? [undefined],
    isOrdered: one !== 'memory' && one !== 'nonLinearity',
  }));
}

export function spaceSize(space: AcceleratorSpace): number {
  return placesOf(space).reduce((product, { values }) => product * values.length, 1);
}

/** Throws `ConfigError`, in one line, for what is no space; `path` is for it. */
export function parseSpace(text: string, path: string): AcceleratorSpace {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(
      `${path} is no space of accelerators: found no JSON, expected the format ${SPACE_FORMAT}`,
      { code: 'SEN_CFG_ACCELERATOR', cause },
    );
  }
  // Of the two, the one that is meant, so that a fault is named with its place.
  const isOfUnrolled = typeof json === 'object' && json !== null && areUnrolled(json);
  const parsed = (isOfUnrolled ? files.unrolled : files.tiled).safeParse(json);
  if (parsed.success) {
    const { format: _, name: own, ...choices } = parsed.data;
    return { name: own, choices: ascending(choices) } as AcceleratorSpace; // of the same schema
  }
  const faults = parsed.error.issues.map(({ path: place, message }) =>
    [place.join('.'), message].filter(Boolean).join(': '),
  );
  throw new ConfigError(
    `${path} is no space of accelerators of the format ${SPACE_FORMAT} (${faults.join('; ')}): correct it; docs/accelerate.md has an example`,
    { code: 'SEN_CFG_ACCELERATOR' },
  );
}

/** A step of a search leads to the next value of a number, so that the lists of a file are put in order. */
function ascending(
  choices: Readonly<Record<string, readonly (string | number)[] | undefined>>,
): Record<string, readonly (string | number)[]> {
  const entries = Object.entries(choices).map(([place, values = []]) => {
    const areNumbers = values.every((value) => typeof value === 'number');
    return [place, areNumbers ? values.toSorted((a, b) => Number(a) - Number(b)) : values] as const;
  });
  return Object.fromEntries(entries);
}

/** Which value each place has in the accelerator of a number. */
export function choicesAt(space: AcceleratorSpace, number: number): number[] {
  const found: number[] = [];
  let rest = number;
  for (const { values } of placesOf(space).toReversed()) {
    found.push(rest % values.length);
    rest = Math.floor(rest / values.length);
  }
  return found.reverse();
}

export function numberAt(space: AcceleratorSpace, choices: readonly number[]): number {
  return placesOf(space).reduce(
    (number, { values }, place) => number * values.length + (choices[place] as number),
    0,
  );
}

/** By the number of a space, from 0 on. */
export function acceleratorAt(space: TiledSpace, number: number): TiledAccelerator;
export function acceleratorAt(space: AcceleratorSpace, number: number): Accelerator;
export function acceleratorAt(space: AcceleratorSpace, number: number): Accelerator {
  const chosen = choicesAt(space, number);
  const places = placesOf(space).map((place) => place.name);
  const pick = <T>(place: string, values: readonly T[]): T =>
    values[chosen[places.indexOf(place)] as number] as T;
  const { choices } = space;
  const activation = pick('activationMb', choices.activationMb);
  const weight = pick('weightMb', choices.weightMb);
  const mask = choices.maskMb ? pick('maskMb', choices.maskMb) : (activation + weight) / 8;
  const shared = {
    format: ACCELERATOR_FORMAT,
    name: `${space.name}:${number}`,
    multipliers: pick('multipliers', choices.multipliers),
    nonLinearity: pick('nonLinearity', choices.nonLinearity),
    batch: pick('batch', choices.batch),
    bufferMb: { activation, weight, mask },
    memory: pick('memory', choices.memory),
    powerGating: true,
  } as const;
  if (areUnrolled(choices)) {
    const windows = pick('unrolledWindows', choices.unrolledWindows);
    const rows = pick('unrolledRows', choices.unrolledRows);
    const columns = pick('unrolledColumns', choices.unrolledColumns);
    return {
      ...shared,
      unrolled: { windows, rows, columns, taps: pick('unrolledTaps', choices.unrolledTaps) },
    };
  }
  const tile = pick('tile', choices.tile);
  return {
    ...shared,
    tile: { batch: pick('tileBatch', choices.tileBatch), rows: tile, columns: tile },
    elements: pick('elements', choices.elements),
    lanes: pick('lanes', choices.lanes),
    softmaxUnits: pick('softmaxUnits', choices.softmaxUnits),
    doubleBuffered: true,
  };
}

/** By the number of a space as it was typed. Throws `ConfigError` for what is none, and beyond the space. */
export function acceleratorNumbered(space: AcceleratorSpace, typed: string): Accelerator {
  const size = spaceSize(space);
  const isNumber = /^\s*\d+\s*$/.test(typed);
  if (isNumber && Number(typed) < size) return acceleratorAt(space, Number(typed));
  throw new ConfigError(
    `${space.name}:${typed} is outside of the space: expected a number from 0 to ${size - 1}`,
    { code: 'SEN_CFG_ACCELERATOR' },
  );
}
