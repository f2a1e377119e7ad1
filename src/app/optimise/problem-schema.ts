// The form of a problem file of `sentigon optimise`: what may be set, which program is run with it, and what of its output counts.
import { z } from 'zod';
import { lookUp } from '../../core/registry.ts';
import { pointMethods } from '../../lab/search/points/index.ts';

const NAME = /^[A-Za-z_]\w*$/;
const name = z.string().regex(NAME, 'expected letters, digits and _, and no digit first');
const finite = z.number();
/** Larger numbers have infinite squares. */
export const LARGEST = 1e100;
const limit = z.number().min(-LARGEST).max(LARGEST);
const argument = z.string().regex(/^[^\0]*$/, 'expected no NUL character');

const variableSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('real'),
    least: finite,
    most: finite,
    log: z.boolean().default(false).describe('Search over the logarithm; least is above 0'),
  }),
  z.strictObject({
    kind: z.literal('integer'),
    least: z.int(),
    most: z.int(),
    log: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('choice'),
    options: z.array(z.union([argument, finite, z.boolean()])).min(2),
  }),
]);

const over = z
  .enum(['mean', 'median', 'least', 'greatest'])
  .default('mean')
  .describe('How the numbers of all lines become one');

const path = z.string().min(1).describe('Where the number stands in a line, e.g. scores.vusPr');

const objectiveSchema = z.strictObject({
  path,
  over,
  better: z.enum(['lower', 'higher']).default('lower'),
});

const constraintSchema = z.strictObject({
  path,
  over,
  least: limit.optional(),
  most: limit.optional(),
});

export const MOST_EVALUATIONS = 100_000;

export const problemSchema = z.strictObject({
  variables: z.record(name, variableSchema),
  legal: z
    .array(z.string().max(1000))
    .default([])
    .describe('Rules between variables, e.g. a + b <= 1'),
  command: z.array(argument.min(1)).min(1).describe('Program and arguments, without a shell'),
  objectives: z.record(name, objectiveSchema),
  constraints: z.record(name, constraintSchema).default({}),
  reference: z
    .record(name, finite)
    .optional()
    .describe('Worst value of each objective that counts for the hypervolume'),
  timeoutS: z.number().positive().max(2_000_000).default(600).describe('Of one run'),
  repetitions: z.int().min(1).max(1000).default(1).describe('Runs of each evaluation'),
  budget: z.int().min(1).max(MOST_EVALUATIONS).default(60).describe('Evaluations'),
  parallel: z.int().min(1).max(64).default(1).describe('Evaluations at once'),
  method: z.string().default('breathe'),
  methodOptions: z.record(z.string(), z.unknown()).default({}),
  seed: z.int().nonnegative().default(1),
});

export type ProblemFile = z.infer<typeof problemSchema>;
export type VariableEntry = z.infer<typeof variableSchema>;
export type MetricEntry = Pick<z.infer<typeof objectiveSchema>, 'path' | 'over'>;

/** What the program gets beside the variables: a number of this run, from 1 on, and a folder of its own. */
export const GIVEN = ['run', 'folder'] as const;

/** `{name}` in an argument. */
export const PLACEHOLDER = /\{([A-Za-z_]\w*)\}/g;

/** Variables that a rule may use: those that are numbers. */
export function numbersIn(variables: ProblemFile['variables']): ReadonlySet<string> {
  const isNumber = (variable: VariableEntry) =>
    variable.kind !== 'choice' || variable.options.every((option) => typeof option === 'number');
  return new Set(Object.keys(variables).filter((own) => isNumber(variables[own] as VariableEntry)));
}

/** Products of one larger number for each objective would be infinite. */
export function largestNumber(objectives: ProblemFile['objectives']): number {
  return Math.min(LARGEST, 10 ** Math.floor(270 / Object.keys(objectives).length));
}

/** The method, which the file was checked for. */
export function methodOf({ method }: ProblemFile) {
  return lookUp(pointMethods, method, 'method');
}
