// What `sentigon config example` prints: a configuration that runs unchanged, with the usual changes as comments.
import { NEWEST_VERSION } from './migrations.ts';

export const exampleConfig = `# Sentigon configuration. Check it with: sentigon config check sentigon.yaml
# Every option with its default: sentigon config schema
version: ${NEWEST_VERSION}

# node: cellar-pi              # name in topics; default: the host name
# state: /var/lib/sentigon     # history, unsent alerts, trained models

# Broker for alerts. Without this section it is the one on 127.0.0.1:1883: Mosquitto if that runs there, else an
# embedded one.
# broker:
#   url: mqtts://broker.local:8883
#   username: sentigon
#   passwordFile: sentigon.mqtt   # a path, or a credential: /etc/credstore/sentigon.mqtt for the service

# False alarms a day that you accept from all streams together; .14 is one a week.
# alerts:
#   falseAlarmsPerDay: 1

# A web page at http://127.0.0.1:8470/; the log names the file with its password.
# web: {}

streams:
  # This machine: load, memory, disks, network, temperature. Learns for half an hour, then watches.
  - id: host
    source:
      kind: host
      intervalMs: 1000
    learn:
      rows: 1800

  # A flow meter and a float switch on the header of a Pi, and the temperatures the kernel knows.
  # - id: well
  #   source:
  #     kind: gpio
  #     lines:
  #       - line: 17             # BCM number
  #         name: flow
  #         channels: [rate, width]
  #       - line: 27
  #         name: float
  #         channels: [level]
  #         activeLow: true
  #         bias: pull-up
  #         debounceMs: 20
  # - id: temperatures
  #   source:
  #     kind: file
  #     presets: [hwmon, one-wire]
  #     intervalMs: 10000
  #   learn:
  #     intervalMs: 10000

  # All devices of Zigbee2MQTT that have measurements.
  # - id: home
  #   source:
  #     kind: mqtt
  #     intervalMs: 60000
  #     devices:
  #       - preset: zigbee2mqtt
  #   learn:
  #     intervalMs: 60000

  # A recording, with a model from: sentigon train pump.csv --out pump.safetensors
  # - id: pump
  #   source:
  #     kind: csv
  #     path: pump.csv
  #   model: pump.safetensors

sinks:
  - kind: mqtt
    # homeAssistant: {}        # announces the daemon as a device
  - kind: log
`;
