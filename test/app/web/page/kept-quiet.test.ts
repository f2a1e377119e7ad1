import { expect, it } from 'vitest';
import { quietOf } from '../../../../src/app/web/page/kept-quiet.js';

it('a card says what is kept quiet of its stream, each with what takes it back (#21)', () => {
  const normals = [
    { alert: 'a', stream: 'motor', quiet: 'Until 2026-12-30: power up to 9 W' },
    { alert: 'b', stream: 'pump', quiet: 'Until 2026-12-31: flow' },
  ];
  const routines = [{ id: 'r', stream: 'motor', quiet: 'Every day at about 06:00: power' }];
  expect(quietOf('motor', { normals, routines })).toEqual([
    {
      quiet: 'Until 2026-12-30: power up to 9 W',
      verb: 'normal',
      request: { alert: 'a', undo: true },
    },
    { quiet: 'Every day at about 06:00: power', verb: 'routines', request: { remove: 'r' } },
  ]);
  expect(quietOf('lathe', { normals, routines })).toEqual([]);
});
