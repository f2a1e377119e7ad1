// Packages of a real dpkg, in a throw-away copy of this system.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { exampleConfig } from '../../../src/app/config/example.ts';
import { PROGRAM } from '../../e2e/program.ts';
import { inDebianRoot, mayInstall } from '../../scripts/debian-root.ts';
import { folderWith } from '../plugins/plugin-folder.ts';

function packageOf(version: string): string {
  const arch = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();
  const folder = folderWith({
    'usr/lib/sentigon/dist/main.js': `console.log('${version}');`,
    'etc/sentigon/config.yaml': exampleConfig,
    'DEBIAN/conffiles': '/etc/sentigon/config.yaml\n',
    'DEBIAN/control': `Package: sentigon\nVersion: ${version}\nArchitecture: ${arch}\nMaintainer: x <x@localhost>\nDescription: test\n`,
    'DEBIAN/postinst': '#!/bin/sh\n',
  });
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', folder]);
  execFileSync('chmod', ['755', join(folder, 'DEBIAN/postinst')]);
  const path = `${folder}/${version}.deb`;
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', folder, path]);
  return path;
}

it.skipIf(!mayInstall)(
  'a package is exchanged, packed again and put back, and the owner’s configuration stays',
  () => {
    const next = packageOf('9.9.9');
    const module = join(dirname(PROGRAM), 'app/update/replace-package.js');
    const printed = inDebianRoot(
      packageOf('1.0.0'),
      `exec 2>&1
      dpkg -i /package.deb > /dev/null; echo '# mine' >> /etc/sentigon/config.yaml
      mkdir -p /var/cache/sentigon
      cat > /try.mjs <<'E'
import { execSync } from 'node:child_process';
import { replacePackage } from '${module}';
const exchange = replacePackage('${next}', '/var/cache/sentigon', '9.9.9');
const show = (step) => console.log(step, execSync(
  'dpkg-query -W sentigon; node /usr/lib/sentigon/dist/main.js; tail -n 1 /etc/sentigon/config.yaml')
  .toString().replaceAll(/\\s+/g, ' '));
exchange.prepare();
exchange.put(); show('put');
exchange.back(); show('back');
exchange.put(); show('again');
const older = replacePackage('/package.deb', '/var/cache/sentigon', '1.0.0');
older.prepare();
execSync('mkfifo /held; python3 /hold.py > /dev/null 2>&1 & read held < /held');
try { older.put(); } catch (error) { console.log(error.message); }
show('locked');
E
      cat > /hold.py <<'E'
import fcntl, time
held = [open('/var/lib/dpkg/' + name, 'w') for name in ('lock-frontend', 'lock')]
for file in held: fcntl.lockf(file, fcntl.LOCK_EX)
with open('/held', 'w') as told: told.write('held\\n')
time.sleep(30)
E
      umask 077; node /try.mjs; dpkg-deb --info /var/cache/sentigon/previous.deb conffiles; dpkg --verify sentigon`,
    );
    expect(printed).toContain('put sentigon 9.9.9 9.9.9 # mine');
    expect(printed).toContain('back sentigon 1.0.0 1.0.0 # mine');
    expect(printed).toContain('again sentigon 9.9.9 9.9.9 # mine');
    expect(printed).toMatch(/^nothing was changed: dpkg --install .* lock was locked by/m);
    expect(printed).toContain('locked sentigon 9.9.9 9.9.9 # mine');
    expect(printed).toMatch(/^\/etc\/sentigon\/config\.yaml$/m);
    // changed, and dpkg knows it for the owner's
    expect(printed).toMatch(/\?\?5\?+ c \/etc\/sentigon\/config\.yaml\s*$/);
  },
  120_000,
);
