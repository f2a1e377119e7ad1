// Programs that fail under `sentigon optimise`, each a real process.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../src/app/cli/program.ts';
import { DeviceError, SourceError } from '../../src/core/errors.ts';
import {
  gone,
  optimiseBench,
  PROBLEM,
  refused,
  resultsOf,
  SOUND,
  tableOf,
} from './optimise-bench.ts';

const run = (args: readonly string[]) => runCommand(['node', 'sentigon', ...args]);

describe('a program that fails', () => {
  it('counts a failed run as an evaluation and goes on', async () => {
    const bench = optimiseBench(
      `if (process.argv[4] !== 'plain') { console.error('no such kind'); process.exit(3); }\n${SOUND}`,
    );
    expect(await run([...bench.args, '--json'])).toBe(0);
    const results = resultsOf(bench);
    const failures = results.flatMap(({ failure }) => failure ?? []);
    expect(results).toHaveLength(6);
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.length).toBeLessThan(6);
    for (const failure of failures) expect(failure).toMatch(/ended with exit code 3: no such kind/);
  });

  it('is told in one line, whatever its script and its last words are', async () => {
    const bench = optimiseBench(SOUND, { budget: 1 });
    const script = "set -e\nprintf 'bad\\033[31m\\a red' >&2\nexit 3";
    bench.change({ command: ['sh', '-c', script, '{x}{n}{kind}'] });
    await refused(
      run([...bench.args, '--json']),
      /'sh -c set -e printf .+ exit 3 [\d.]+\w+( one)?' ended with exit code 3: bad \[31m +red/,
      SourceError,
    );
  });

  it('ends the whole process group of a program that hangs', async () => {
    // its child ignores SIGTERM, and has no pipe to it
    const bench = optimiseBench(
      `import { spawn } from 'node:child_process';
       import { writeFileSync } from 'node:fs';
       const child = spawn('sh', ['-c', 'trap "" TERM; echo ready > "$0"; sleep 600', process.argv[5] + '.ready'], { stdio: 'ignore' });
       writeFileSync(process.argv[5], String(child.pid));
       setTimeout(() => {}, 600_000);`,
      { budget: 1, timeoutS: 8 },
    );
    const pidFile = join(bench.folder, 'pid');
    bench.change({
      command: [
        process.execPath,
        join(bench.folder, 'program.mjs'),
        '{x}',
        '{n}',
        '{kind}',
        pidFile,
      ],
    });
    await refused(
      run([...bench.args, '--json']),
      /was not done after 8000 ms and was killed/,
      SourceError,
    );
    expect(existsSync(`${pidFile}.ready`)).toBe(true);
    await gone(Number(readFileSync(pidFile, 'utf8')));
  });

  it.each([
    ['prints no JSON', `console.log('done {')`, 'printed no line of JSON'],
    [
      'lacks the path',
      `console.log('{"found": {"price": 1}}')`,
      'no line has found.cost for cost: the first has found',
    ],
    [
      'prints NaN',
      `console.log('{"found": {"cost": NaN, "worth": 1}, "size": 1}')`,
      'found.cost is "NaN", expected a finite number',
    ],
    [
      'prints text for a number',
      `console.log('{"found": {"cost": "1", "worth": 1}, "size": 1}')`,
      'found.cost is "1", expected',
    ],
    [
      'prints gigabytes',
      `const some = Buffer.alloc(1 << 20, 'x'); const more = () => { while (process.stdout.write(some)); process.stdout.once('drain', more); }; more();`,
      /longer than|printed more than/,
    ],
    [
      'prints gigabytes in lines',
      `const some = Buffer.from('{"a":1}\\n'.repeat(1 << 17)); const more = () => { while (process.stdout.write(some)); process.stdout.once('drain', more); }; more();`,
      'printed more than',
    ],
    ['fails', `process.exit(7)`, 'ended with exit code 7'],
    ['kills itself', `process.kill(process.pid, 'SIGKILL')`, 'was ended by SIGKILL'],
  ])('says in one line that the program %s, and keeps its journal', async (_, program, message) => {
    const bench = optimiseBench(program, { budget: 2, timeoutS: 60 });
    const failing = run([...bench.args, '--json']);
    await refused(failing, message, SourceError);
    await refused(failing, 'the first 2 evaluations failed', SourceError);
    const results = resultsOf(bench);
    expect(results).toHaveLength(2);
    for (const { failure } of results) expect(failure).toMatch(message);
    expect(tableOf(bench)).toHaveLength(3);
  });

  it('counts a point that cannot be handed over as a failed evaluation', async () => {
    const bench = optimiseBench(SOUND, { budget: 20 });
    const long = 'a'.repeat(200_000);
    const kind = { kind: 'choice', options: ['plain', long] };
    bench.change({ variables: { ...PROBLEM.variables, kind } });
    expect(await run([...bench.args, '--json'])).toBe(0);
    const failures = resultsOf(bench).flatMap(({ failure }) => failure ?? []);
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.length).toBeLessThan(20);
    for (const failure of failures) expect(failure).toMatch(/^run .{1,600}arguments are longer/);
  });

  it('does not end a search that has succeeded once, however it goes on after a resume', async () => {
    const bench = optimiseBench(
      `import { existsSync } from 'node:fs';
       if (existsSync(process.argv[1] + '.broken')) process.exit(4);\n${SOUND}`,
      { budget: 2 },
    );
    expect(await run([...bench.args, '--json'])).toBe(0);
    writeFileSync(join(bench.folder, 'program.mjs.broken'), '');
    expect(await run([...bench.args, '--resume', '--budget', '9', '--json'])).toBe(0);
    expect(resultsOf(bench).map(({ failure }) => failure !== undefined)).toEqual([
      ...[false, false],
      ...Array.from({ length: 7 }, () => true),
    ]);
  });

  it.each([
    ['in the end', 7, 7],
    ['after five more', 20, 10],
  ])('fails, also after a resume, where none has succeeded %s', async (_, budget, ended) => {
    const bench = optimiseBench('process.exit(4)', { budget });
    await refused(run([...bench.args, '--json']), 'the first 5 evaluations failed', SourceError);
    const resumed = run([...bench.args, '--resume', '--json']);
    await refused(resumed, `the first ${ended} evaluations failed`, SourceError);
    expect(resultsOf(bench)).toHaveLength(ended);
    expect(tableOf(bench)).toHaveLength(ended + 1);
  });

  it('says in one line that there is no such program, and keeps its place', async () => {
    const bench = optimiseBench(SOUND, {
      command: ['no-such-program-here', '{x}', '{n}', '{kind}'],
    });
    await refused(run(bench.args), "there is no program 'no-such-program-here'", DeviceError);
    expect(resultsOf(bench)).toEqual([]);
  });
});
