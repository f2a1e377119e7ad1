// Commands of the program in this process, for tests that need no process of its own: each costs half a second of processor.
import { vi } from 'vitest';
import { runCommand } from '../../src/app/cli/program.ts';
import { endingOf } from '../../src/app/process/exit-codes.ts';
import type { Ended } from './sentigon.ts';

/** As `sentigon()`, one at a time. Not for `run` and `replay`, which limit the time that their process takes to end. */
export async function sentigonHere(
  args: readonly string[],
  { cwd }: { readonly cwd: string },
): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += text.toString();
      return true;
    }),
  );
  const before = process.cwd();
  process.chdir(cwd);
  try {
    return { code: await runCommand(['node', 'sentigon', ...args]), ...written };
  } catch (error) {
    const { exitCode, text } = endingOf(error);
    return { code: exitCode, stdout: written.stdout, stderr: written.stderr + text };
  } finally {
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
}
