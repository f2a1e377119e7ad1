import { describe, expect, it, vi } from 'vitest';
import { commandTable } from '../../../src/app/cli/command-table.ts';
import { sentigonHere } from '../../e2e/in-process.ts';
import { tempFolder } from '../../io/temp-folder.ts';

const entries = Object.values(commandTable).flatMap((group) => Object.entries(group));

/** What the program answers, and the commands that it loaded to do so. */
async function answerTo(...args: string[]) {
  const loaded: string[] = [];
  const spies = entries.map(([name, entry]) => {
    const load = entry.load.bind(entry);
    return vi.spyOn(entry, 'load').mockImplementation(() => {
      loaded.push(name);
      return load();
    });
  });
  try {
    return { ...(await sentigonHere(args, { cwd: tempFolder() })), loaded };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('the commands', () => {
  it('are all in the help, with what they do, and none is loaded for it', async () => {
    const { code, stdout, loaded } = await answerTo('--help');
    expect(code).toBe(0);
    const oneLine = stdout.replaceAll(/\s+/g, ' ');
    for (const [name, { summary }] of entries) expect(oneLine).toContain(` ${name} ${summary}`);
    expect(loaded).toEqual([]);
  });

  it.each([
    [['config', 'example'], ['config']],
    [['--', 'config', 'example'], ['config']],
    [['help', 'export'], ['export']],
    [['replay', '--help'], ['replay']],
    [['help'], []],
    [['--version'], []],
  ])('load only what is asked for: %j', async (args, expected) => {
    const { code, loaded } = await answerTo(...args);
    expect(code).toBe(0);
    expect(loaded).toEqual(expected);
  });

  it('are proposed for a name that is nearly one', async () => {
    const { code, stderr, loaded } = await answerTo('evalute');
    expect(code).toBe(78);
    expect(stderr).toBe(
      "error: unknown command 'evalute'\n(Did you mean evaluate?)\n(see --help)\n",
    );
    expect(loaded).toEqual([]);
  });
});
