// What `sentigon optimise` says of problem files that cannot be used.
import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../src/app/cli/program.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { optimiseBench, PROBLEM, refused, SOUND } from './optimise-bench.ts';

const run = (args: readonly string[]) => runCommand(['node', 'sentigon', ...args]);

describe('a problem file', () => {
  const { x, n } = PROBLEM.variables;
  it.each([
    ['no variables', { variables: {}, command: ['a'] }, 'found none, expected at least one'],
    [
      'a range without width',
      { variables: { ...PROBLEM.variables, x: { ...x, most: 0 } } },
      'found 0 as least and most, expected a range',
    ],
    [
      'a reversed range',
      { variables: { ...PROBLEM.variables, n: { ...n, least: 9 } } },
      'found least 9 above most 8',
    ],
    [
      'the logarithm of 0',
      { variables: { ...PROBLEM.variables, x: { ...x, log: true } } },
      'found the logarithm of a range from 0 on, expected least above 0',
    ],
    [
      'the logarithm of a range that is too wide',
      { variables: { ...PROBLEM.variables, x: { ...x, least: 1e-200, most: 1e200, log: true } } },
      'found the logarithm of a range from 1e-200 to 1e+200, expected ends of which one is less than 1e308 times the other',
    ],
    [
      'a name of other letters',
      { variables: { ...PROBLEM.variables, größe: x } },
      'variables: found a name that cannot be used, expected letters, digits and _, and no digit first',
    ],
    [
      'a NUL character in an option',
      { variables: { ...PROBLEM.variables, kind: { kind: 'choice', options: ['a', 'b\0'] } } },
      'variables: found a text, expected no NUL character',
    ],
    [
      'a NUL character in an argument',
      { command: ['a', '{x}{n}{kind}', '\0'] },
      'command[2]: found a text, expected no NUL character',
    ],
    [
      'a limit whose square is infinite',
      { constraints: { size: { path: 'size', most: 1e200 } } },
      'found a number, expected at most',
    ],
    ['a rule without end', { legal: [`${'n + '.repeat(300)}n < 9`] }, 'at most 1000 characters'],
    [
      'more points than fit into memory',
      { method: 'parego', methodOptions: { pool: 1e10 } },
      'expected at most 100000',
    ],
    [
      'a reference beyond which hypervolumes are infinite',
      { reference: { cost: 3, worth: 1e101 } },
      'reference.worth: found 1e+101, expected at most 1e+100',
    ],
    [
      'such a reference of four objectives',
      {
        objectives: Object.fromEntries([...'abcd'].map((name) => [name, { path: name }])),
        reference: { a: 1, b: -1e68, c: 1e67, d: 1 },
      },
      'reference.b: found -1e+68, expected at most 1e+67',
    ],
    [
      'an option twice',
      { variables: { ...PROBLEM.variables, kind: { kind: 'choice', options: ['a', 'a'] } } },
      "found the option 'a' twice",
    ],
    [
      'a name twice',
      { constraints: { x: { path: 'x', most: 1 } } },
      "found 'x' again, which variables has",
    ],
    [
      'a name that is given',
      { variables: { ...PROBLEM.variables, folder: x } },
      "found 'folder', which every program is given",
    ],
    [
      '{name} of no variable',
      { command: ['a', '{x}{n}', '{kind}', '{m}'] },
      'found {m}, expected one of {x}, {n}, {kind}, {run}, {folder}',
    ],
    [
      'a variable that no argument uses',
      { command: ['a', '{x}', '{n}'] },
      'no argument of the command has {kind}',
    ],
    ['a rule with an unknown name', { legal: ['m <= 1'] }, "found 'm', expected one of x, n"],
    ['a rule about a text', { legal: ['kind <= 1'] }, "found 'kind', expected one of x, n"],
    [
      'two limits',
      { constraints: { size: { path: 'size', least: 1, most: 6 } } },
      'expected either least or most',
    ],
    [
      'half a reference',
      { reference: { cost: 1 } },
      'found cost, expected a value for each of cost, worth',
    ],
    [
      'an unknown method',
      { method: 'luck' },
      'found an unknown method, expected one of breathe, sobol, nsga2, moead, mobopt, ehvi, parego',
    ],
    [
      'a method for one objective with two',
      { method: 'tpe' },
      'found tpe, which takes 1 at most, and 2 objectives, expected one of breathe, sobol, nsga2',
    ],
    [
      'a method for four objectives with five',
      {
        method: 'ehvi',
        objectives: Object.fromEntries([...'abcde'].map((name) => [name, { path: name }])),
        reference: Object.fromEntries([...'abcde'].map((name) => [name, 1])),
      },
      'found ehvi, which takes 4 at most, and 5 objectives, expected one of breathe, sobol, nsga2, moead, mobopt, parego',
    ],
    ['an unknown option', { methodOptions: { luck: 1 } }, 'luck'],
    ['an unknown key', { budgets: 3 }, "found an unknown key; did you mean 'budget'?"],
    [
      'nothing legal',
      { legal: ['n * 2 <= x'] },
      /none of \d+ points that were drawn is legal: the nearest misses 'n \* 2 <= x' by 1/,
    ],
  ])('says in one line that there is %s', async (_, parts, message) => {
    const bench = optimiseBench(SOUND, parts);
    await refused(run(bench.args), message, ConfigError);
    expect(existsSync(bench.out)).toBe(false);
  });

  it.each([
    ['__proto__', '2:3 found the key __proto__, expected another name'],
    ['x', '3:3 found the same key twice in one mapping'],
  ])('says in one line what is wrong with the key %s', async (key, message) => {
    const bench = optimiseBench();
    const range = '{ kind: real, least: 0, most: 1 }';
    writeFileSync(bench.problem, `variables:\n  ${key}: ${range}\n  x: ${range}\n`);
    await refused(run(bench.args), `problem.yaml:${message}`, ConfigError);
  });

  it('says in one line that a file is not there, and that no folder is named', async () => {
    const bench = optimiseBench();
    await refused(
      run(['optimise', '/no.yaml', '--out', 'x']),
      '/no.yaml: does not exist: name a problem file',
      ConfigError,
    );
    await refused(
      run(['optimise', bench.problem]),
      'name a folder for the results with --out',
      ConfigError,
    );
  });
});
