import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { vendored } from '../../../scripts/vendor-uplot.mjs';

const FOLDER = new URL('../../../src/app/web/page/', import.meta.url);
const names = readdirSync(FOLDER);
const textOf = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

describe('the files of the page', () => {
  it('are less than 200 kB in all', () => {
    const bytes = names.map((name) => readFileSync(new URL(name, FOLDER)).length);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(200_000);
  });

  it('have the chart library as its package has it, with its licence', () => {
    for (const [name, text] of Object.entries(vendored())) {
      expect(textOf(name)).toBe(text);
      expect(text).toMatch(/MIT License[\s\S]*Leon Sorokin/);
    }
  });

  it.each(names)('%s takes nothing from elsewhere', (name) => {
    const addresses = textOf(name).match(/(?:https?:)?\/\/[\w.-]+\.\w[^\s'"]*/g) ?? [];
    expect(addresses.filter((address) => address !== 'http://www.w3.org/2000/svg')).toEqual([]);
  });

  it.each(names.filter((name) => name.endsWith('.html')))(
    '%s keeps to the policy: no script and no style of its own',
    (name) => {
      expect(textOf(name)).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    },
  );

  it('name each other, and none is left over', () => {
    const named = names.flatMap((name) =>
      [...textOf(name).matchAll(/(?:href|src)="([\w.-]+\.\w+)"|from '\.\/([\w.-]+)'/g)].map(
        ([, address, module]) => address ?? module,
      ),
    );
    const entries = ['index.html', 'login.html'];
    expect(new Set([...named, ...entries])).toEqual(new Set(names));
  });

  it('never read a text as HTML', () => {
    for (const name of names.filter((one) => one.endsWith('.js'))) {
      expect(textOf(name)).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/,
      );
    }
  });
});
