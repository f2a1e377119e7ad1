// Scripts as users start them.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const SCRIPTS = fileURLToPath(new URL('../../scripts/', import.meta.url));
const LOADER = import.meta.resolve('tsx');

function run(script: string, ...args: string[]) {
  const loader = script.endsWith('.ts') ? ['--import', LOADER] : [];
  return spawnSync(process.execPath, [...loader, `${SCRIPTS}${script}`, ...args], {
    encoding: 'utf8',
  });
}

/** Its head is the comment at the top of the file. */
export function expectHelp(script: string): void {
  const { status, stdout, stderr } = run(script, '--help');
  const head = readFileSync(`${SCRIPTS}${script}`, 'utf8').split('\nimport')[0] ?? '';
  expect(stderr).toBe('');
  expect(stdout).toBe(`${head.replaceAll(/^\/\/ ?/gm, '')}\n`);
  expect(status).toBe(0);
}

export function expectRefusal(line: string, message: string): void {
  const [script = '', ...args] = line.split(' ');
  const { status, stderr } = run(script, ...args);
  expect(stderr).toBe(`${script.split('/').at(-1)}: ${message}; --help tells more\n`);
  expect(status).toBe(64);
}
