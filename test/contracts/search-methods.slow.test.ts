import { expect, it } from 'vitest';
import type { SearchMethod } from '../../src/lab/search/contract.ts';
import { rivals } from '../../src/lab/search/rivals/index.ts';
import { evaluationsUntilBest, networkMethods } from './search-speed.ts';

it.each(networkMethods.map((method) => [method.kind, method] as const))(
  '%s finds the best of 200 sooner than random search',
  (_, method) => {
    const random = rivals.get('random') as SearchMethod;
    expect(evaluationsUntilBest(method, 3)).toBeLessThan(evaluationsUntilBest(random, 9) / 1.5);
  },
);
