// Reading a problem file of `sentigon optimise`, with all that its schema cannot see.
import { faultTexts } from '../../core/issue-words.ts';
import type { PointMethod } from '../../lab/search/points/contract.ts';
import { pointMethods } from '../../lab/search/points/index.ts';
import type { ConfigDocument, Fault } from '../config/document.ts';
import { readYamlFile } from '../config/yaml-file.ts';
import {
  GIVEN,
  largestNumber,
  numbersIn,
  PLACEHOLDER,
  type ProblemFile,
  problemSchema,
  type VariableEntry,
} from './problem-schema.ts';
import { parseRule } from './rule.ts';

/** Throws `ConfigError`, one line per fault. */
export function readProblemFile(file: string): ProblemFile {
  return readYamlFile(file, problemSchema, {
    advice: 'name a problem file; docs/optimise.md has an example',
    faultsIn: (problem, document) => [
      ...emptyFaults(problem, document),
      ...variableFaults(problem, document),
      ...nameFaults(problem, document),
      ...commandFaults(problem, document),
      ...ruleFaults(problem, document),
      ...limitFaults(problem, document),
      ...referenceFaults(problem, document),
      ...methodFaults(problem, document),
    ],
  });
}

function emptyFaults(problem: ProblemFile, document: ConfigDocument): readonly Fault[] {
  return (['variables', 'objectives'] as const)
    .filter((part) => Object.keys(problem[part]).length === 0)
    .map((part) => document.at([part], 'found none, expected at least one'));
}

const isGiven = (name: string) => GIVEN.some((given) => given === name);

function variableFaults({ variables }: ProblemFile, document: ConfigDocument): readonly Fault[] {
  return Object.entries(variables).flatMap(([own, variable]) => {
    const fault = faultOf(variable);
    return fault === undefined ? [] : [document.at(['variables', own], fault)];
  });
}

function faultOf(variable: VariableEntry): string | undefined {
  if (variable.kind === 'choice') {
    const texts = variable.options.map(String);
    const twice = texts.find((text, i) => texts.indexOf(text) < i);
    return twice === undefined
      ? undefined
      : `found the option '${twice}' twice, expected each once`;
  }
  const { least, most, log } = variable;
  if (least === most)
    return `found ${least} as least and most, expected a range: write a constant into the command`;
  if (least > most) return `found least ${least} above most ${most}, expected the lower one first`;
  if (!Number.isFinite(most - least)) return 'found a range without a finite width';
  if (log && least <= 0)
    return `found the logarithm of a range from ${least} on, expected least above 0`;
  if (log && !Number.isFinite(most / least))
    return `found the logarithm of a range from ${least} to ${most}, expected ends of which one is less than 1e308 times the other`;
  return undefined;
}

/** Columns of the table are named after them. */
function nameFaults(
  { variables, objectives, constraints }: ProblemFile,
  document: ConfigDocument,
): readonly Fault[] {
  const parts = { variables, objectives, constraints };
  const named = Object.entries(parts).flatMap(([part, of]) =>
    Object.keys(of).map((own) => ({ part, own })),
  );
  return named.flatMap(({ part, own }, i) => {
    const before = named.slice(0, i).find((other) => other.own === own);
    if (before) {
      return [
        document.atKey(
          [part],
          own,
          `found '${own}' again, which ${before.part} has, expected another name`,
        ),
      ];
    }
    return part === 'variables' && isGiven(own)
      ? [
          document.atKey(
            [part],
            own,
            `found '${own}', which every program is given, expected another name`,
          ),
        ]
      : [];
  });
}

function commandFaults(
  { command, variables }: ProblemFile,
  document: ConfigDocument,
): readonly Fault[] {
  const known = [...Object.keys(variables), ...GIVEN];
  const used = new Set<string>();
  const faults: Fault[] = [];
  for (const [i, argument] of command.entries()) {
    for (const [shown, own = ''] of argument.matchAll(PLACEHOLDER)) {
      used.add(own);
      if (known.includes(own)) continue;
      faults.push(
        document.at(
          ['command', i],
          `found ${shown}, expected one of ${known.map((one) => `{${one}}`).join(', ')}`,
        ),
      );
    }
  }
  const idle = Object.keys(variables).filter((own) => !(used.has(own) || isGiven(own)));
  return [
    ...faults,
    ...idle.map((own) =>
      document.atKey(
        ['variables'],
        own,
        `no argument of the command has {${own}}: add it, or leave the variable out`,
      ),
    ),
  ];
}

function ruleFaults({ legal, variables }: ProblemFile, document: ConfigDocument): readonly Fault[] {
  return legal.flatMap((text, i) => {
    try {
      parseRule(text, numbersIn(variables));
      return [];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return [document.at(['legal', i], error.message)];
    }
  });
}

function limitFaults({ constraints }: ProblemFile, document: ConfigDocument): readonly Fault[] {
  return Object.entries(constraints)
    .filter(([, { least, most }]) => (least === undefined) === (most === undefined))
    .map(([own]) => document.at(['constraints', own], 'expected either least or most'));
}

function referenceFaults(
  { reference, objectives }: ProblemFile,
  document: ConfigDocument,
): readonly Fault[] {
  if (reference === undefined) return [];
  const [named, expected] = [Object.keys(reference), Object.keys(objectives)];
  const isSame = named.length === expected.length && expected.every((own) => named.includes(own));
  const largest = largestNumber(objectives);
  if (isSame) {
    return named
      .filter((own) => Math.abs(reference[own] as number) > largest)
      .map((own) =>
        document.at(['reference', own], `found ${reference[own]}, expected at most ${largest}`),
      );
  }
  return [
    document.at(
      ['reference'],
      `found ${named.join(', ') || 'nothing'}, expected a value for each of ${expected.join(', ')}`,
    ),
  ];
}

function methodFaults(
  { method, methodOptions, objectives }: ProblemFile,
  document: ConfigDocument,
): readonly Fault[] {
  const known = pointMethods.get(method);
  if (!known) {
    return [
      document.at(
        ['method'],
        `found an unknown method, expected one of ${[...pointMethods.keys()].join(', ')}`,
      ),
    ];
  }
  const count = Object.keys(objectives).length;
  const takes = ({ mostObjectives = count }: PointMethod) => count <= mostObjectives;
  if (!takes(known)) {
    const others = [...pointMethods.values()].filter(takes);
    return [
      document.at(
        ['method'],
        `found ${method}, which takes ${known.mostObjectives} at most, and ${count} objectives, expected one of ${others.map(({ kind }) => kind).join(', ')}`,
      ),
    ];
  }
  const { error } = known.options.safeParse(methodOptions);
  const faults = error ? faultTexts(error, methodOptions, { schema: known.options }) : [];
  return faults.map((text) => document.at(['methodOptions'], text));
}
