// Temperature and clock of the processor, from /sys; hosts without the sensor do not have the channel.
import type { Probe, ReadText } from './probe.ts';

const TEMPERATURE = 'sys/class/thermal/thermal_zone0/temp';
const FREQUENCY = 'sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq';

/** Degrees of the first thermal zone and current frequency of the first core, where the host has them. */
export function thermalProbe(readText: ReadText): Probe {
  const sensors = [
    { path: TEMPERATURE, id: 'cpu.temperature', unit: '°C', divisor: 1000 },
    { path: FREQUENCY, id: 'cpu.frequency', unit: 'MHz', divisor: 1000 },
  ].filter((sensor) => readText(sensor.path) !== undefined);
  return {
    channels: sensors.map(({ id, unit }) => ({ id, unit })),
    read(_elapsedS, into, offset) {
      sensors.forEach((sensor, index) => {
        into[offset + index] = Number.parseFloat(readText(sensor.path) ?? '') / sensor.divisor;
      });
    },
  };
}
