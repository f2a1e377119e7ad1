// Tries the Debian package on a 64-bit Pi's kind of processor, emulated: right or wrong, never fast.
//   node scripts/test-arm64.mjs [--level program|system] [sentigon_*_arm64.deb]
// program (default): the numbers and the program alone, also a daemon that learns; system: a whole Debian
// with systemd, GPIO and a power cut.
// Without a package it is cross-built first. Both need npm's registry, and
//   program: apt install qemu-user libc6-arm64-cross libstdc++6-arm64-cross (and the cross compiler)
//   system:  apt install mmdebstrap arch-test qemu-system-arm qemu-user-binfmt cpio e2fsprogs (and the cross compiler)
// --cache DIR keeps the image of system, default ~/.cache/sentigon-arm64; --mirror URL is Debian's, default apt's.
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildDeb } from './build-deb.mjs';
import { commandLine, refuse } from './command-line.mjs';
import { tryProgram } from './test-arm64/program.mjs';
import { trySystem } from './test-arm64/system.mjs';

const LEVELS = { program: tryProgram, system: trySystem };

const { values, positionals } = commandLine({
  allowPositionals: true,
  options: {
    level: { type: 'string', default: 'program' },
    cache: { type: 'string', default: join(homedir(), '.cache/sentigon-arm64') },
    mirror: { type: 'string' },
  },
});
const level = LEVELS[values.level];
if (!level) {
  refuse(`--level: found '${values.level}', expected ${Object.keys(LEVELS).join(' or ')}`);
}

const work = mkdtempSync(join(tmpdir(), 'sentigon-arm64-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const deb = resolve(positionals[0] ?? (await buildDeb('arm64', work)).path);
const { mirror } = values;
const good = await level(deb, { work, mirror, cache: resolve(values.cache), print: console.log });
if (!good) process.exitCode = 1;
