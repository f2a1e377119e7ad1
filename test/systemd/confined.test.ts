// What single system calls come to under the rules of the units; unit-rules.slow.test.ts runs the whole daemon under them.
import { describe, expect, it } from 'vitest';
import type { UnitFile } from '../../src/app/service/unit-text.ts';
import { canConfine, confinedBy, runConfined } from './confined.ts';

const UNITS: readonly UnitFile[] = ['sentigon.service', 'sentigon@.service'];

describe.skipIf(!canConfine).each(UNITS)('under the rules of %s', (file) => {
  const run = (script: string) => runConfined(confinedBy(file), script);

  it('a training may lower its priority, and never raise it again (#18)', () => {
    const script = `
      const { getPriority, setPriority } = require('node:os');
      setPriority(10);
      try { setPriority(0); } catch (error) { console.log(getPriority(), error.info.code); }`;
    expect(run(script)).toEqual({ status: 0, stdout: '10 EACCES', stderr: '' });
  });

  it('nothing is written but in the state, for nobody else to read', () => {
    const script = `
      const { statSync, writeFileSync } = require('node:fs');
      const file = process.env.STATE_DIRECTORY + '/file';
      writeFileSync(file, '');
      try { writeFileSync('/etc/file', ''); } catch (error) {
        console.log((statSync(file).mode & 0o777).toString(8), error.code);
      }`;
    expect(run(script)).toEqual({ status: 0, stdout: '600 EROFS', stderr: '' });
  });

  it('threads, child processes and their output are there, other processes are not seen', () => {
    const script = `
      const { readdirSync } = require('node:fs');
      const { execFile } = require('node:child_process');
      const { Worker } = require('node:worker_threads');
      new Worker('', { eval: true }).once('exit', (code) =>
        execFile('sh', ['-c', 'echo child'], (error, text) => console.log(code, error, text.trim(), readdirSync('/proc').includes('1'))));`;
    expect(run(script)).toEqual({ status: 0, stdout: '0 null child false', stderr: '' });
  });
});
