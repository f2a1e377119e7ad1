// The scores that charts show: the last minutes as they come, or longer stretches from the history.
import { ask } from './ask.js';
import { notice } from './notices.js';

/** What the daemon keeps for those who come later. */
export const RECENT_MS = 300_000;
const HOUR_MS = 3_600_000;
/** How often a plot is looked at: it is read anew when it has moved by one of its points. */
const RELOAD_MS = 60_000;
const POINTS = 300;

export function createScorePlots(redraw) {
  const recent = new Map();
  const history = new Map();
  let hours = 0;
  let loadedMs = 0;

  const load = async (id) => {
    try {
      const { points, hours: loaded } = await ask(
        `history?stream=${encodeURIComponent(id)}&hours=${hours}`,
      );
      if (loaded !== hours) return; // another stretch was chosen meanwhile
      history.set(id, points);
      redraw(id);
    } catch (error) {
      loadedMs = 0; // the next minute tries again
      notice(error.message, true);
    }
  };
  const reload = () => {
    loadedMs = Date.now();
    if (hours > 0) for (const id of recent.keys()) void load(id);
  };
  setInterval(() => {
    if (Date.now() - loadedMs >= (hours * HOUR_MS) / POINTS) reload();
  }, RELOAD_MS);
  return {
    hours: () => hours,
    know(id) {
      if (recent.has(id)) return;
      recent.set(id, []);
      if (hours > 0) void load(id);
    },
    replace(streams) {
      for (const [id, points] of Object.entries(streams)) recent.set(id, points);
    },
    append(streams) {
      for (const [id, points] of Object.entries(streams)) {
        const joined = [...(recent.get(id) ?? []), ...points];
        const lastMs = joined.at(-1)[0];
        recent.set(
          id,
          joined.filter(([timeMs]) => timeMs > lastMs - RECENT_MS && timeMs <= lastMs),
        );
        redraw(id);
      }
    },
    show(chosen) {
      hours = chosen;
      history.clear();
      for (const id of recent.keys()) redraw(id);
      reload();
    },
    /** Points of a stream, and the time from and to which they are to be drawn. */
    of(id) {
      const newest = recent.get(id) ?? [];
      const points = hours === 0 ? newest : (history.get(id) ?? []);
      const toMs = (newest.at(-1) ?? points.at(-1) ?? [Date.now()])[0];
      return { points, fromMs: toMs - (hours === 0 ? RECENT_MS : hours * HOUR_MS), toMs };
    },
  };
}
