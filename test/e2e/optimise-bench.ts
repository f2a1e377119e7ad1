// Problems with programs of their own, for tests of `sentigon optimise`, and what it leaves.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { tempFolder } from '../io/temp-folder.ts';

export interface OptimiseBench {
  readonly folder: string;
  readonly out: string;
  readonly problem: string;
  /** Writes the problem file again, with these parts changed. */
  change(parts: object): void;
  /** Arguments of the command. */
  readonly args: readonly string[];
}

/** JSON is YAML, too. */
export const PROBLEM = {
  variables: {
    x: { kind: 'real', least: 0, most: 1 },
    n: { kind: 'integer', least: 1, most: 8 },
    kind: { kind: 'choice', options: ['plain', 'odd one'] },
  },
  objectives: { cost: { path: 'found.cost' }, worth: { path: 'found.worth', better: 'higher' } },
  constraints: { size: { path: 'size', most: 6 } },
  reference: { cost: 3, worth: 0 },
  method: 'sobol',
  budget: 6,
};

/** Prints what `PROBLEM` looks for. */
export const SOUND = `
const [x, n, kind] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
console.log('a line of a log');
console.log(JSON.stringify({ found: { cost: x + n / 8, worth: n * (kind === 'plain' ? 1 : 2) - x }, size: n }));
`;

/** `program` is a module of Node; its arguments are x, n and kind. */
export function optimiseBench(program: string = SOUND, parts: object = {}): OptimiseBench {
  const folder = tempFolder();
  const [path, problem, out] = ['program.mjs', 'problem.yaml', 'out'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  writeFileSync(path, program);
  const command = [process.execPath, path, '{x}', '{n}', '{kind}'];
  const change = (more: object) =>
    writeFileSync(problem, JSON.stringify({ ...PROBLEM, command, ...parts, ...more }));
  change({});
  return { folder, out, problem, change, args: ['optimise', problem, '--out', out] };
}

/** Lines of the CSV. */
export const tableOf = ({ out }: OptimiseBench) =>
  readFileSync(join(out, 'evaluations.csv'), 'utf8').trimEnd().split('\n');

export const journalOf = ({ out }: OptimiseBench) =>
  readFileSync(join(out, 'optimise.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Journal lines of results, without what the clock says. */
export const resultsOf = (bench: OptimiseBench) =>
  journalOf(bench)
    .filter((entry) => 'done' in entry)
    .map(({ seconds, ...rest }) => rest)
    .sort((a, b) => a.done - b.done);

/** Rejects with an error of this kind, whose message is one line. */
export async function refused(failing: Promise<unknown>, message: string | RegExp, kind: object) {
  await expect(failing).rejects.toThrow(message);
  await expect(failing).rejects.toBeInstanceOf(kind);
  await expect(failing).rejects.not.toThrow('\n');
}

/** Resolves when no such process is alive. A zombie has nobody to wait for it here, and counts as gone. */
export async function gone(pid: number): Promise<void> {
  await vi.waitFor(
    () => {
      const status = existsSync(`/proc/${pid}/stat`)
        ? readFileSync(`/proc/${pid}/stat`, 'utf8')
        : '';
      expect(status === '' || /\) Z /.test(status), `process ${pid} is alive`).toBe(true);
    },
    { timeout: 60_000 },
  );
}
