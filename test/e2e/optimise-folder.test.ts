// The folder of `sentigon optimise`: what else may be in it, who works in it, and a disk that refuses.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../src/app/cli/program.ts';
import { short } from '../../src/app/search/costs.ts';
import { ConfigError, SourceError, StoreError } from '../../src/core/errors.ts';
import { holdFolder } from '../../src/io/store/folder-lock.ts';
import { mayMount } from '../io/small-disk.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { journalOf, optimiseBench, refused, SOUND, tableOf } from './optimise-bench.ts';
import { sentigon } from './sentigon.ts';

const run = (args: readonly string[]) => runCommand(['node', 'sentigon', ...args, '--json']);
const few = { budget: 2 };
const LOCK = new URL('../../src/io/store/folder-lock.ts', import.meta.url).href;

/** Arguments that start a program where `folder` is a disk without room. */
const onFullDisk = (folder: string) => [
  ...['unshare', '-rm', 'sh', '-c'],
  `mkdir -p "$0" && mount -t tmpfs -o size=8k none "$0" && cat /dev/zero 2>/dev/null > "$0/fill"; exec "$@"`,
  folder,
];

describe('the folder of an optimisation', () => {
  it('is refused in one line where a file has its name', async () => {
    const bench = optimiseBench(SOUND, few);
    writeFileSync(bench.out, 'a file');
    await refused(run(bench.args), 'a file stands where a folder is needed', StoreError);
    expect(readFileSync(bench.out, 'utf8')).toBe('a file');
  });

  it.skipIf(!mayMount)('is refused in one line on a disk that is full', async () => {
    const bench = optimiseBench(SOUND, few);
    const { code, stdout, stderr } = await sentigon(bench.args, {
      cwd: bench.folder,
      through: onFullDisk(bench.out),
    });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^sentigon: STORE: .+: no space left on the disk.+DISK_FULL\]\n$/);
    expect(code).toBe(1);
  });

  it('is not the empty name', async () => {
    const bench = optimiseBench(SOUND, few);
    await refused(run(['optimise', bench.problem, '--out', '']), '--out is empty', ConfigError);
  });

  it('keeps what is not of an optimisation', async () => {
    const bench = optimiseBench(SOUND, few);
    const own = join(bench.out, 'runs', '1');
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'precious'), 'mine');
    await refused(run(bench.args), /holds runs, which is of no optimisation/, ConfigError);
    expect(readFileSync(join(own, 'precious'), 'utf8')).toBe('mine');
  });

  it('is not that of a search', async () => {
    const bench = optimiseBench(SOUND, few);
    mkdirSync(bench.out);
    writeFileSync(join(bench.out, 'journal.jsonl'), '{"format":"sentigon-search/2"}\n');
    await refused(run(bench.args), /holds journal\.jsonl, which is of no optimi/, ConfigError);
  });

  it('is begun anew where an end left not one line in it', async () => {
    const bench = optimiseBench(SOUND, few);
    mkdirSync(bench.out);
    writeFileSync(join(bench.out, 'optimise.jsonl'), '{"format":"sent');
    expect(await run(bench.args)).toBe(0);
    expect(journalOf(bench)[0].format).toBe('sentigon-optimise/1');
  });

  it('is left by a process that is killed', async () => {
    const folder = tempFolder();
    const holder = spawn(process.execPath, [
      ...['--import', 'tsx', '--input-type=module', '--eval'],
      `import { holdFolder } from ${JSON.stringify(LOCK)};
       holdFolder(${JSON.stringify(folder)});
       console.log('held');
       setInterval(() => undefined, 1_000);`,
    ]);
    await once(holder.stdout, 'data');
    expect(() => holdFolder(folder)).toThrow(/is in use by another process/);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const release = holdFolder(folder);
    expect(() => holdFolder(folder)).toThrow(/is in use by another process/);
    release();
    holdFolder(folder)();
  });

  it('belongs to one process at a time', async () => {
    const bench = optimiseBench(
      `import { existsSync } from 'node:fs';
       while (!existsSync(process.argv[1] + '.go')) await new Promise((done) => setTimeout(done, 50));
       ${SOUND}`,
      few,
    );
    const first = run(bench.args);
    await vi.waitUntil(() => existsSync(join(bench.out, 'optimise.jsonl')), { timeout: 60_000 });
    await refused(run([...bench.args, '--resume']), /is in use by another process/, StoreError);
    writeFileSync(join(bench.folder, 'program.mjs.go'), '');
    expect(await first).toBe(0);
    expect(await run([...bench.args, '--resume'])).toBe(0);
    expect(journalOf(bench)).toHaveLength(5);
  });

  it('keeps all results of a budget that a resume makes smaller', async () => {
    const bench = optimiseBench(SOUND, few);
    expect(await run(bench.args)).toBe(0);
    await refused(
      run([...bench.args, '--resume', '--budget', '1']),
      '2 evaluations were begun, more than the budget of 1',
      ConfigError,
    );
    expect(tableOf(bench)).toHaveLength(3);
  });

  it('has the reference that it last went on with, and is drawn with that', async () => {
    const bench = optimiseBench(SOUND, few);
    expect(await run(bench.args)).toBe(0);
    const references = () => journalOf(bench).flatMap(({ reference }) => reference ?? []);
    const volume = () => tableOf(bench).at(-1)?.split(',').at(-3);
    const before = volume();
    bench.change({ reference: { cost: 30, worth: -20 } });
    expect(await run([...bench.args, '--resume'])).toBe(0);
    expect(await run([...bench.args, '--resume'])).toBe(0);
    expect(references()).toEqual([{ cost: 30, worth: -20 }]);
    expect(volume()).not.toBe(before);
    expect(await runCommand(['node', 'sentigon', 'report', bench.out])).toBe(0);
    const page = () => readFileSync(join(bench.out, 'report.html'), 'utf8');
    expect(page()).toContain(`2: ${short(Number(volume()))}`);
    bench.change({ reference: undefined });
    expect(await run([...bench.args, '--resume'])).toBe(0);
    expect(await runCommand(['node', 'sentigon', 'report', bench.out])).toBe(0);
    expect(page()).not.toContain('hypervolume');
  });

  it.each([
    ['a run without a metric', { runs: [{ cost: 1, size: 2 }] }],
    ['no run', { runs: [] }],
    ['a point of other variables', { point: [0.5] }],
    ['a point that was not asked for', { point: [0.5, 3, 0] }],
    ['a number that was not asked for', { done: 99 }],
    ['a number below the first', { done: -4 }],
    ['a metric that no program may print', { runs: [{ cost: 1e200, worth: 1, size: 2 }] }],
  ])('is refused in one line where its journal has %s', async (_what, change) => {
    const bench = optimiseBench(SOUND, few);
    expect(await run(bench.args)).toBe(0);
    const lines = journalOf(bench).map((line) => ('done' in line ? { ...line, ...change } : line));
    writeFileSync(join(bench.out, 'optimise.jsonl'), '');
    for (const line of lines)
      appendFileSync(join(bench.out, 'optimise.jsonl'), `${JSON.stringify(line)}\n`);
    const args = [...bench.args, '--resume'];
    await refused(run(args), /optimise\.jsonl line 3 is no line of an optimisation/, SourceError);
    await refused(
      runCommand(['node', 'sentigon', 'report', bench.out]),
      'line 3 is no line',
      SourceError,
    );
  });
});

describe('standard streams that nobody takes', () => {
  const through = (to: string) => ['sh', '-c', `exec "$@" ${to}`, 'sh'];

  it('end the program in one line where the result cannot be said', async () => {
    const { code, stderr } = await sentigon(['config', 'example'], {
      through: through('>/dev/full'),
    });
    expect(stderr).toMatch(/^sentigon: STORE: standard output: no space left.+\n$/);
    expect(code).toBe(1);
  });

  it('do not end the work where only its progress cannot be said', async () => {
    const bench = optimiseBench(SOUND, few);
    const { code, stdout } = await sentigon(bench.args, { through: through('2>/dev/full') });
    expect(stdout).toMatch(/^2 evaluations, 0 failed/);
    expect(code).toBe(0);
  });
});
