import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeStaging } from '../../../src/app/update/staging.ts';
import { DeviceError } from '../../../src/core/errors.ts';
import { tempFolder } from '../../io/temp-folder.ts';

describe('the folder where a release waits', () => {
  it('is its maker’s alone, and serves again', () => {
    const folder = join(tempFolder(), 'deep', 'staging');
    makeStaging(folder);
    makeStaging(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('is not used when others may write there, or have set a link in its place', () => {
    const open = join(tempFolder(), 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    const link = join(tempFolder(), 'link');
    symlinkSync(tempFolder(), link);
    for (const folder of [open, link]) {
      expect(() => makeStaging(folder)).toThrow(DeviceError);
      expect(() => makeStaging(folder)).toThrow(/is writable by other users.*: sudo rm -r/);
    }
  });

  it.skipIf(process.getuid?.() !== 0)('is not used when somebody else has made it', () => {
    const folder = join(tempFolder(), 'theirs');
    makeStaging(folder);
    chownSync(folder, 65534, 65534);
    expect(() => makeStaging(folder)).toThrow(/belongs to user 65534/);
  });

  it('is reported in a line when it cannot be made', () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    expect(() => makeStaging(join(file, 'staging'))).toThrow(DeviceError);
  });
});
