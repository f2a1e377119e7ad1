import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { pageUrlOf, webOptions } from '../../../src/app/config/web-options.ts';

it('the address of the page is one that others than this machine can open, or none (#21)', () => {
  const urlOf = (options: object) => pageUrlOf(webOptions.parse(options));
  expect([{}, { host: '::1' }, { host: '0.0.0.0', port: 0 }].map(urlOf)).toEqual([
    ...[undefined, undefined, undefined],
  ]);
  expect(urlOf({ origin: 'https://pi.example' })).toBe('https://pi.example/');
  expect(urlOf({ host: '192.168.1.5' })).toBe('http://192.168.1.5:8470/');
  expect(urlOf({ host: 'fd00::5', port: 80 })).toBe('http://[fd00::5]:80/');
  expect(urlOf({ host: '::' })).toBe(`http://${hostname().split('.')[0]}.local:8470/`);
});
