// Spaces of accelerators as lists of values, one for each choice: a small one for networks of some kilobytes, ELECTOR's own, and
// those of files.
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { ACCELERATOR_FORMAT, type Accelerator, TILES } from './accelerator.ts';
import { MEMORY_NAMES, type MemoryName } from './modules.ts';

const SPACE_FORMAT = 'sentigon-accelerator-space/1';

const listOf = <T extends z.ZodType<string | number>>(value: T) =>
  z
    .array(value)
    .min(1)
    .refine((values) => new Set(values).size === values.length, { message: 'names a value twice' });
const counts = listOf(z.int().positive());
const megabytes = listOf(z.number().positive());

const choicesSchema = z.strictObject({
  tileBatch: counts.default([1]).describe('Windows of a tile'),
  tile: listOf(z.literal(TILES)).describe('Rows and columns of a tile'),
  elements: counts,
  lanes: counts,
  multipliers: listOf(z.literal([1, 16])),
  softmaxUnits: counts,
  nonLinearity: listOf(z.enum(['relu', 'gelu'])),
  batch: counts.describe('Windows that are computed together'),
  activationMb: megabytes,
  weightMb: megabytes,
  maskMb: megabytes.optional().describe('Absent = an eighth of the other buffers'),
  memory: listOf(z.enum(MEMORY_NAMES as [MemoryName, ...MemoryName[]])),
});

type SpaceChoices = z.infer<typeof choicesSchema>;

const spaceFile = choicesSchema.extend({
  format: z.literal(SPACE_FORMAT),
  name: z.string().min(1).max(40),
});

/** As it is kept with a search. */
export const acceleratorSpaceSchema = z.strictObject({ name: z.string(), choices: choicesSchema });

export type AcceleratorSpace = z.infer<typeof acceleratorSpaceSchema>;

/** A place of a space: its values in order, and whether a step leads to the next one only. */
interface Place {
  readonly name: keyof SpaceChoices;
  readonly values: readonly (string | number | undefined)[];
  readonly isOrdered: boolean;
}

/** In the order of the numbers of accelerators, mixed radix, the last one first. */
const PLACES = [
  ...(['tileBatch', 'tile', 'elements', 'lanes', 'multipliers', 'softmaxUnits'] as const),
  ...(['nonLinearity', 'batch', 'activationMb', 'weightMb', 'maskMb', 'memory'] as const),
] as const;

export function placesOf({ choices }: AcceleratorSpace): readonly Place[] {
  return PLACES.map((name) => ({
    name,
    values: choices[name] ?? [undefined],
    isOrdered: name !== 'memory' && name !== 'nonLinearity',
  }));
}

export function spaceSize(space: AcceleratorSpace): number {
  return placesOf(space).reduce((product, { values }) => product * values.length, 1);
}

const KB = 1 / 1024;

/**
 * The published buffers of megabytes mean nothing to a network of 50 KB. Masks get an eighth of the other buffers, which is a
 * bit for each element if two fifths of the 20 bits of elements are kept.
 */
const small: AcceleratorSpace = {
  name: 'small',
  choices: {
    ...{ tileBatch: [1], tile: [8, 16, 32], elements: [1, 2, 4, 8, 16, 64], lanes: [1, 4, 16] },
    ...{ multipliers: [1, 16], softmaxUnits: [1, 4], nonLinearity: ['relu', 'gelu'] },
    ...{ batch: [1, 4], activationMb: [16 * KB, 128 * KB, 1, 4] },
    weightMb: [16 * KB, 128 * KB, 1, 4],
    memory: ['dram-32-2-1', 'rram-32-2-1', 'hbm-32-1-4'],
  },
};

/** jha-lab/transcode: the non-linearity lies beside its vectors. */
const elector: AcceleratorSpace = {
  name: 'elector',
  choices: {
    ...{ tileBatch: [1, 4], tile: [8, 16, 32], elements: [64, 128, 256, 512, 1024] },
    ...{ lanes: [8, 16, 32, 64, 128], multipliers: [1, 16], softmaxUnits: [2, 4, 8, 16, 32, 64] },
    ...{ nonLinearity: ['relu', 'gelu'], batch: [4, 16, 32], activationMb: [4, 8, 16, 32, 64] },
    ...{ weightMb: [8, 16, 32, 64, 128], maskMb: [1, 2, 4, 8, 16], memory: [...MEMORY_NAMES] },
  },
};

export const acceleratorSpaces: ReadonlyMap<string, AcceleratorSpace> = new Map([
  ['small', small],
  ['elector', elector],
]);

export const SMALL_SIZE = spaceSize(small);
/** Of its vectors. */
export const ELECTOR_SIZE = spaceSize(elector) / elector.choices.nonLinearity.length;

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
  const parsed = spaceFile.safeParse(json);
  if (parsed.success) {
    const { format: _, name, ...choices } = parsed.data;
    return { name, choices: ascending(choices) };
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
function ascending(choices: SpaceChoices): SpaceChoices {
  const entries = Object.entries(choices).map(([name, values = []]) => {
    const areNumbers = values.every((value) => typeof value === 'number');
    return [name, areNumbers ? [...values].sort((a, b) => Number(a) - Number(b)) : values];
  });
  return choicesSchema.parse(Object.fromEntries(entries));
}

/** Which value each place has in the accelerator of a number. */
export function choicesAt(space: AcceleratorSpace, number: number): number[] {
  const found: number[] = [];
  let rest = number;
  for (const name of PLACES.toReversed()) {
    const size = space.choices[name]?.length ?? 1;
    found.push(rest % size);
    rest = Math.floor(rest / size);
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
export function acceleratorAt(space: AcceleratorSpace, number: number): Accelerator {
  const chosen = choicesAt(space, number);
  const pick = <T>(name: keyof SpaceChoices, values: readonly T[]): T =>
    values[chosen[PLACES.indexOf(name)] as number] as T;
  const { choices } = space;
  const tile = pick('tile', choices.tile);
  const memory = pick('memory', choices.memory);
  const [activation, weight] = [
    pick('activationMb', choices.activationMb),
    pick('weightMb', choices.weightMb),
  ];
  const mask = choices.maskMb ? pick('maskMb', choices.maskMb) : (activation + weight) / 8;
  return {
    ...{ format: ACCELERATOR_FORMAT, name: `${space.name}:${number}` },
    tile: { batch: pick('tileBatch', choices.tileBatch), rows: tile, columns: tile },
    elements: pick('elements', choices.elements),
    lanes: pick('lanes', choices.lanes),
    multipliers: pick('multipliers', choices.multipliers),
    softmaxUnits: pick('softmaxUnits', choices.softmaxUnits),
    nonLinearity: pick('nonLinearity', choices.nonLinearity),
    batch: pick('batch', choices.batch),
    bufferMb: { activation, weight, mask },
    ...{ memory, doubleBuffered: true, powerGating: true },
  };
}

/** Throws `ConfigError` beyond the space. */
export function smallAccelerator(number: number): Accelerator {
  if (Number.isInteger(number) && number >= 0 && number < SMALL_SIZE) {
    return acceleratorAt(small, number);
  }
  throw new ConfigError(
    `small:${number} is outside of the space: expected a number from 0 to ${SMALL_SIZE - 1}`,
    { code: 'SEN_CFG_ACCELERATOR' },
  );
}

/** The 12 places of a vector of ELECTOR: the third is always the second; the last is a place among the memories. */
const VECTOR: readonly (readonly number[])[] = [
  ...[elector.choices.tileBatch, elector.choices.tile, elector.choices.tile],
  ...[elector.choices.elements, elector.choices.lanes, elector.choices.multipliers],
  ...[elector.choices.softmaxUnits, elector.choices.batch, elector.choices.activationMb],
  ...[elector.choices.weightMb, elector.choices.maskMb ?? [], [...MEMORY_NAMES.keys()]],
];

/** The nearest vector of ELECTOR's space, the lower of two that are as near. What lies in it stays as it is. */
export function snapped(vector: readonly number[]): readonly number[] {
  const near = VECTOR.map((allowed, place) => nearest(allowed, vector[place] ?? Number.NaN));
  return near.map((value, place) => (place === 2 ? (near[1] as number) : value));
}

function nearest(allowed: readonly number[], value: number): number {
  const apart = (other: number): number => Math.abs(other - value);
  return allowed.reduce((best, other) => (apart(other) < apart(best) ? other : best));
}

/** Throws `ConfigError` that names the first place outside of the space. */
export function electorAccelerator(
  vector: readonly number[],
  nonLinearity: Accelerator['nonLinearity'],
): Accelerator {
  const found = snapped(vector);
  const wrong = found.findIndex((value, place) => value !== vector[place]);
  if (wrong >= 0 || vector.length !== VECTOR.length) {
    const place = wrong >= 0 ? wrong : VECTOR.length;
    throw new ConfigError(
      `the vector ${vector.join(',')} is outside of ELECTOR's space: found ${vector[place]} at place ${place + 1}, expected ${place === 2 ? 'the value of place 2' : (VECTOR[place]?.join(', ') ?? 'no more than 12 numbers')}: correct it, or add --snap`,
      { code: 'SEN_CFG_ACCELERATOR' },
    );
  }
  const [tileBatch = 0, tile = 0, , ...rest] = found.map((value, place) =>
    (VECTOR[place] as readonly number[]).indexOf(value),
  );
  const before = [tileBatch, tile, ...rest.slice(0, 4)];
  const linearity = elector.choices.nonLinearity.indexOf(nonLinearity);
  const number = numberAt(elector, [...before, linearity, ...rest.slice(4)]);
  return { ...acceleratorAt(elector, number), name: `elector:${found.join(',')}` };
}
