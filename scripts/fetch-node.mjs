// Another Node than this one, from npm's registry.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Unpacks release `release` for `machine`, e.g. linux-arm64, to a new `folder`; returns what holds bin/node and its headers. */
export function fetchNode(machine, release, folder) {
  mkdirSync(folder);
  const pack = ['pack', '--silent', `node-${machine}@${release}`];
  const archive = execFileSync('npm', pack, { cwd: folder, encoding: 'utf8' });
  execFileSync('tar', ['-xzf', archive.trim()], { cwd: folder });
  return join(folder, 'package');
}
