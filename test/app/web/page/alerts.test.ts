import { expect, it } from 'vitest';
import { newestOf } from '../../../../src/app/web/page/alerts.js';
import { alertView } from '../../../../src/app/web/view/alerts.ts';
import { alertOf } from '../../../io/alerts.ts';

it('the page shows a hundred alerts, open ones first, then the newest', () => {
  const closed = Array.from({ length: 150 }, (_, n) =>
    alertOf(`c${n}`, 'closed', { startMs: n * 1000 }),
  );
  const open = ['o1', 'o2'].map((id, n) => alertOf(id, 'updated', { startMs: n * 1000 }));
  const shown = newestOf([...closed, ...open].map(alertView));
  const ids = shown.map(({ id }: { id: string }) => id);
  expect([ids.length, ...ids.slice(0, 4), ids.at(-1)]).toEqual([
    100,
    ...['o2', 'o1', 'c149', 'c148', 'c52'],
  ]);
});
