import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../src/core/errors.ts';
import { loadOptional, requireOptional } from '../../src/core/optional-package.ts';

/** A name that no tool looks up. */
const name: string = 'no-such-package';
const absent = { name, install: `npm install ${name}` };

describe('optional package', () => {
  it('is what it loads', async () => {
    const zod = { name: 'zod', install: 'npm install zod', load: () => import('zod') };
    expect(await loadOptional(zod, 'source x')).toHaveProperty('z');
  });

  it('tells the command that brings it, whether it is imported or required', async () => {
    const imported = loadOptional({ ...absent, load: () => import(name) }, 'source x');
    const message =
      'source x needs the package no-such-package, which is not installed: npm install no-such-package';
    await expect(imported).rejects.toThrow(DeviceError);
    await expect(imported).rejects.toThrow(message);
    const require = createRequire(import.meta.url);
    const required = () => requireOptional({ ...absent, load: () => require(name) }, 'source x');
    expect(required).toThrow(DeviceError);
    expect(required).toThrow(message);
  });
});
