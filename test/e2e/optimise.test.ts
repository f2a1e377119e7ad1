// The command that optimises any program, with real programs. In this process as `main.ts` runs it, unless it is killed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../src/app/cli/program.ts';
import { ConfigError, SourceError } from '../../src/core/errors.ts';
import {
  gone,
  journalOf,
  optimiseBench,
  refused,
  resultsOf,
  SOUND,
  tableOf,
} from './optimise-bench.ts';
import { sentigon, startSentigon } from './sentigon.ts';

const run = (args: readonly string[]) => runCommand(['node', 'sentigon', ...args]);

describe('sentigon optimise', () => {
  it('prints the front as a table, and keeps all evaluations', async () => {
    const bench = optimiseBench();
    const { code, stdout, stderr } = await sentigon(bench.args);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^6 evaluations, 0 failed, \d broke a constraint\n\d points? on the front, hypervolume/,
    );
    expect(stdout).toContain(`Next: sentigon report ${bench.out}`);
    const [head, ...rows] = tableOf(bench);
    expect(head).toBe(
      'evaluation,reason,x,n,kind,cost,worth,size,feasible,front,hypervolume,seconds,failure',
    );
    expect(rows).toHaveLength(6);
    expect(stderr.split('\n').filter((line) => /^ +\d/.test(line))).toHaveLength(6);

    expect((await sentigon(['report', bench.out])).code).toBe(0);
    const page = readFileSync(join(bench.out, 'report.html'), 'utf8');
    expect(page).toContain('<h2>worth and cost</h2>');
    expect(page).toContain('hypervolume');
  });

  it('says each evaluation and the end in lines of JSON, in the units of the program', async () => {
    const bench = optimiseBench();
    const { stdout } = await sentigon([...bench.args, '--json', '--budget', '4']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const rows = lines.filter((line) => 'evaluation' in line);
    expect(rows.map(({ evaluation }) => evaluation)).toEqual([1, 2, 3, 4]);
    for (const { settings, metrics, feasible, hypervolume, leftS } of rows) {
      expect(metrics.size).toBe(settings.n);
      expect(metrics.cost).toBeCloseTo(settings.x + settings.n / 8, 12);
      expect(metrics.worth).toBeGreaterThan(0);
      expect(feasible).toBe(settings.n <= 6);
      expect(hypervolume).toBeGreaterThanOrEqual(0);
      expect(leftS).toBeGreaterThanOrEqual(0);
    }
    expect(rows.map(({ hypervolume }) => hypervolume)).toEqual(
      rows.map(({ hypervolume }) => hypervolume).toSorted((a, b) => a - b),
    );
    expect(rows.at(-1)).toMatchObject({ hypervolume: expect.toSatisfy((v) => v > 0), leftS: 0 });
    const { front, evaluated, failed } = lines.at(-1);
    expect({ evaluated, failed }).toEqual({ evaluated: 4, failed: 0 });
    expect(front.length).toBeGreaterThan(0);
    for (const row of front) expect(row.feasible).toBe(true);
  });

  it('hands arguments over as they are, without a shell', async () => {
    const bench = optimiseBench(
      `console.log(JSON.stringify({ cost: process.argv.slice(2).join('|') === '$HOME; echo *|odd one' ? 1 : 2 }))`,
      {
        variables: { kind: { kind: 'choice', options: ['odd one', "it's"] } },
        ...{ objectives: { cost: { path: 'cost' } }, constraints: {}, reference: undefined },
        budget: 2,
      },
    );
    bench.change({
      command: [process.execPath, join(bench.folder, 'program.mjs'), '$HOME; echo *', '{kind}'],
    });
    expect(await run([...bench.args, '--json'])).toBe(0);
    expect(
      resultsOf(bench)
        .map(({ runs }) => runs[0].cost)
        .sort(),
    ).toEqual([1, 2]);
  });

  it('goes on where a killed one ended, as if there had been no stop', async () => {
    const slow = `${SOUND}\nawait new Promise((resolve) => setTimeout(resolve, 300));`;
    const parts = { method: 'nsga2', methodOptions: { population: 4 }, budget: 9, parallel: 2 };
    const [whole, killed] = [optimiseBench(slow, parts), optimiseBench(slow, parts)];
    const { code, stderr } = await sentigon(whole.args);
    expect(code, stderr).toBe(0);

    const running = startSentigon([...killed.args, '--json']);
    await running.until('"evaluation":3');
    running.child.kill('SIGKILL');
    await running.ended;
    expect(resultsOf(killed).length).toBeLessThan(9);
    const resumed = await sentigon([...killed.args, '--resume']);
    expect(resumed.code, resumed.stderr).toBe(0);
    // the programs are in different folders, which nothing else shows
    expect(resultsOf(killed)).toEqual(resultsOf(whole));
  });

  it('ends its programs when it is stopped, and keeps what was done', async () => {
    const bench = optimiseBench(
      `import { writeFileSync } from 'node:fs';\n${SOUND}\nwriteFileSync(process.argv[5], String(process.pid));\nsetTimeout(() => {}, 600_000);`,
      { timeoutS: 900 },
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
    const running = startSentigon(bench.args);
    await vi.waitFor(() => expect(existsSync(pidFile)).toBe(true), { timeout: 60_000 });
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(143);
    await gone(Number(readFileSync(pidFile, 'utf8')));
    expect(journalOf(bench)).toHaveLength(2); // the header, and what was asked
  });

  it('stops as with a signal when its output is no longer read', async () => {
    const slow = `${SOUND}\nawait new Promise((resolve) => setTimeout(resolve, 300));`;
    const bench = optimiseBench(slow, { budget: 40 });
    const { code } = await sentigon([...bench.args, '--json'], {
      through: ['bash', '-c', 'set -o pipefail; "$@" | head -1 >/dev/null', 'bash'],
    });
    expect(code).toBe(143);
    const ended = resultsOf(bench).length;
    expect(ended).toBeLessThan(40);
    expect(tableOf(bench)).toHaveLength(1 + ended);
  });

  it('leaves no program behind that does not heed the end of all', async () => {
    const bench = optimiseBench(
      `import { writeFileSync } from 'node:fs';
       process.on('SIGTERM', () => undefined);
       writeFileSync(process.argv[5], String(process.pid));
       setTimeout(() => {}, 600_000);`,
      { timeoutS: 900 },
    );
    const pidFile = join(bench.folder, 'pid');
    const program = [process.execPath, join(bench.folder, 'program.mjs')];
    bench.change({ command: [...program, '{x}', '{n}', '{kind}', pidFile] });
    const running = startSentigon(bench.args);
    await vi.waitFor(() => expect(existsSync(pidFile)).toBe(true), { timeout: 60_000 });
    running.child.kill('SIGINT');
    await new Promise((done) => setTimeout(done, 100)); // two at once may count as one
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    await gone(Number(readFileSync(pidFile, 'utf8')));
  });

  it('has many evaluations at once, and no warnings of them', async () => {
    const bench = optimiseBench(SOUND, { budget: 12, parallel: 12 });
    const { code, stderr } = await sentigon(bench.args);
    expect(code, stderr).toBe(0);
    expect(stderr).not.toMatch(/warning/i);
    expect(resultsOf(bench)).toHaveLength(12);
  });

  it('warns once of a metric that some lines lack', async () => {
    const bench = optimiseBench(`${SOUND}\nconsole.log('{"found": {"cost": 3}}');`, { budget: 2 });
    const { code, stderr } = await sentigon(bench.args);
    expect(code, stderr).toBe(0);
    const warnings = stderr.split('\n').filter((line) => line.includes('lines of JSON'));
    expect(warnings).toEqual([
      'run 1: found.worth is in 1 of 2 lines of JSON: worth is the mean of these',
      'run 1: size is in 1 of 2 lines of JSON: size is the mean of these',
    ]);
  });

  it('says how far the nearest is from being feasible', async () => {
    const bench = optimiseBench(SOUND, {
      constraints: {
        size: { path: 'size', most: 0.5 },
        worth2: { path: 'found.worth', least: -5 },
      },
    });
    const { code, stdout } = await sentigon(bench.args);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /nothing feasible was found: evaluation \d is nearest and misses size by [\d.]+ \(at most 0.5\)\n/,
    );
  });

  it('takes at most as many evaluations as a problem file may have', async () => {
    const bench = optimiseBench();
    const { code, stderr } = await sentigon([...bench.args, '--budget', '100001']);
    expect(code).toBe(78);
    expect(stderr).toContain("'100001' is invalid. Expected at most 100000.");
    expect(existsSync(bench.out)).toBe(false);
  });

  it('refuses a folder that is taken, one of another problem, and one without a journal', async () => {
    const bench = optimiseBench(SOUND, { budget: 2 });
    await refused(
      run([...bench.args, '--resume']),
      'cannot be read: name the --out folder',
      SourceError,
    );
    expect(await run([...bench.args, '--json'])).toBe(0);
    await refused(
      run(bench.args),
      'already holds an optimisation: continue it with --resume',
      ConfigError,
    );
    bench.change({ legal: ['n < 8'], seed: 4 });
    await refused(
      run([...bench.args, '--resume']),
      'holds the journal of another problem: legal, seed differ from this file',
      ConfigError,
    );
    bench.change({ budget: 3, timeoutS: 5 });
    expect(await run([...bench.args, '--resume', '--json'])).toBe(0);
    expect(resultsOf(bench)).toHaveLength(3);

    writeFileSync(join(bench.out, 'optimise.jsonl'), '{"format":"sentigon-optimise/9"}\n');
    await refused(
      run([...bench.args, '--resume']),
      'line 1 is no line of an optimisation',
      SourceError,
    );
  });
});
