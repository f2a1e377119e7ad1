/**
 * A threshold that promises and that is set by the false alarms asked for: its level is `scale` over their number a day, whatever
 * it has seen.
 */
export const COUNTING = `
export default {
  api: 1,
  name: 'counting',
  thresholds: [{ kind: 'counting', summary: 'a level that falls with the rate asked for',
    options: { '~standard': { version: 1, vendor: 'by hand', validate: (value) => ({ value }) } },
    create: ({ scale = 1 }, { falseAlarmsPerDay: asked }) => {
      let rows = 0;
      return { fit() {}, judge: (score) => ({ anomalous: score > scale / asked, level: scale / asked }),
        learn() { rows += 1; }, reject() {}, state: () => ({ rows }), restore: (state) => { rows = state.rows; },
        promise: () => ({ falseAlarmsPerDay: 3, asked, seenDays: 0.5 }) };
    } }],
};
`;
