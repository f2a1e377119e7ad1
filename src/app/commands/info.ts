import { z } from 'zod';
import type { Command } from './command.ts';

/** What runs here: version, streams with their channels and models, and what is open or decided about them. */
export const info: Command<object> = {
  verb: 'info',
  summary: 'version, streams, models, and what is silenced',
  request: z.strictObject({}),
  run(_, context) {
    const found = context.info();
    const streams = found.streams.map((stream) => {
      const open = context.store.openAlerts(stream.id).map(({ id }) => id);
      const standing = context.standing(stream.id);
      const acknowledged = standing.acknowledged.filter((id) => open.includes(id));
      return { ...stream, ...standing, acknowledged, open };
    });
    return { ...found, streams };
  },
};
