#!/bin/bash
# Runs inside the emulated machine, as root: `guest.sh first` after the first boot, `guest.sh second` after the power was
# cut. Each step is one function and prints one verdict. Pins 5 and 6 of the board are joined by a wire.
set -eu
export SYSTEMD_COLORS=0

CHIP=9030000.pl061
DEVICE=gpiochip0
WRITTEN=6
READ=5
HERE=/opt/trial
PROGRAM=/usr/lib/sentigon/dist/main.js
STATE=/var/lib/private/sentigon
HEARD=/run/heard
# far more than anything takes, for the machine around this one may do other things too
PATIENCE_S=300

first() {
  step "Debian boots with systemd on arm64, a GPIO chip and a disk" boots
  step "the package installs, with all it depends on" installs
  step "the unit is enabled and active, and has told systemd that it is ready" starts
  step "the gpio source counts the 20 pulses that another pin writes" counts_pulses
  step "the service learns the pulses on that pin, inside its sandbox, and watches" learns
  step "killed with SIGKILL it is restarted once, and watches again without learning" survives_kill
  step "pulses at another rate are an alert, and a subscriber of Mosquitto has it" alerts
  step "it stops cleanly" stops
  step "an alert is open when the power is cut" alerts_again
  verdict "power $(newest_alert)"
  sleep infinity
}

second() {
  step "the alert and the history survive the power cut" history_survives
  step "the service goes on with its model, and closes the alert that was open" goes_on
  verdict 'done'
}

boots() {
  [ "$(uname -m)" = aarch64 ]
  [ "$(cat /proc/1/comm)" = systemd ]
  gpiodetect | grep -F "$DEVICE [$CHIP]"
  mountpoint /var/lib/private
  chmod 700 /var/lib/private
}

installs() {
  dpkg -i $HERE/sentigon.deb
  [ "$(dpkg-query -W -f '${db:Status-Status}' sentigon)" = installed ]
  [ -z "$(dpkg --audit)" ]
}

starts() {
  systemctl is-enabled sentigon
  eventually is Type notify-reload ActiveState active Result success NRestarts 0
  # Type=notify-reload counts as active once READY=1 has come
  journalctl -u sentigon -o cat | grep '^Started'
}

counts_pulses() {
  systemctl stop sentigon
  gpioset -c $DEVICE -t 0 $WRITTEN=0
  node $PROGRAM record /run/pulses.csv --source gpio --seconds 60 \
    --set "chip=$CHIP" --set "lines=[{\"line\":$READ,\"channels\":[\"count\",\"level\"]}]" --set intervalMs=2000 &
  eventually line_is_watched
  eventually test -s /run/pulses.csv
  gpioset -c $DEVICE -t "$(printf '50ms,%.0s' {1..40})0" $WRITTEN=0
  sleep 5
  kill -INT %1
  wait %1
  cat /run/pulses.csv
  [ "$(awk -F, 'NR > 1 { sum += $2 } END { print sum }' /run/pulses.csv)" = 20 ]
}

learns() {
  write_configuration
  systemd-run --unit=subscriber sh -c "exec mosquitto_sub -h 127.0.0.1 -v -q 1 -t 'sentigon/#' >> $HEARD"
  pulse_every 200
  systemctl start sentigon
  eventually line_is_watched
  eventually watching 1
}

survives_kill() {
  systemctl kill --signal=KILL --kill-whom=main sentigon
  eventually is NRestarts 1 ActiveState active
  eventually watching 2
  [ "$(logged 'wheel.*no model yet')" = 1 ]
}

alerts() {
  await_scores
  pulse_every 50
  eventually heard '"event_type":"opened"'
  heard '"attribution":.*wheel\.'
  pulse_every 200
  eventually heard '"event_type":"closed"'
}

stops() {
  systemctl stop sentigon
  is ActiveState inactive Result success ExecMainStatus 0
}

alerts_again() {
  : > $HEARD
  systemctl start sentigon
  await_scores
  pulse_every 50
  eventually heard '"event_type":"opened"'
}

history_survives() {
  lost=$(argument trial.alert)
  cp -r $STATE /run/found
  [ "$(sqlite3 /run/found/history.db 'PRAGMA integrity_check')" = ok ]
  states=$(sqlite3 /run/found/history.db "SELECT state FROM alert WHERE id = '$lost'")
  echo "alert $lost: $states"
  grep opened <<< "$states"
  [ "$(sqlite3 /run/found/history.db "SELECT COUNT(DISTINCT id) FROM alert WHERE id LIKE 'anomaly-wheel-%'")" -ge 2 ]
  [ "$(sqlite3 /run/found/history.db 'SELECT COUNT(*) FROM score')" -gt 0 ]
}

goes_on() {
  lost=$(argument trial.alert)
  write_configuration
  systemd-run --unit=subscriber sh -c "exec mosquitto_sub -h 127.0.0.1 -v -q 1 -t 'sentigon/#' >> $HEARD"
  pulse_every 200
  dpkg -i --force-confold $HERE/sentigon.deb
  eventually watching 1
  [ "$(logged 'no model yet')" = 0 ]
  eventually heard "\"event_type\":\"closed\".*\"$lost\""
}

write_configuration() {
  mkdir -p /etc/sentigon
  cat > /etc/sentigon/config.yaml << YAML
node: pi
broker: { url: "mqtt://127.0.0.1:1883" }
streams:
  - id: wheel
    source:
      kind: gpio
      chip: $CHIP
      lines: [{ line: $READ, name: wheel, channels: [count, rate, duty] }]
    learn: { rows: 100, detector: pca }
    windows: { maxImputed: 0.9 } # emulated, many steps are stretched and left out
YAML
}

pulse_every() {
  systemctl stop pulses 2> /run/null || true
  systemd-run --collect --unit=pulses gpioset -c $DEVICE -t "$(($1 / 2))ms" $WRITTEN=0
}

line_is_watched() {
  gpioinfo -c $DEVICE $READ | grep gpiomon
}

await_scores() {
  : > $HEARD
  eventually heard 'sentigon/pi/wheel/score'
}

heard() {
  grep -E "$1" $HEARD
}

newest_alert() {
  grep -o 'anomaly-wheel-[0-9]*' $HEARD | tail -n 1
}

# of the kernel's command line
argument() {
  sed -n "s/.*$1=\([^ ]*\).*/\1/p" /proc/cmdline
}

# times the service has logged PATTERN
logged() {
  journalctl -u sentigon -o cat | grep -c "$1" || true
}

# at the COUNTth start, and no longer learning
watching() {
  [ "$(logged 'wheel.*"watching"')" = "$1" ]
}

# is PROPERTY VALUE ...: of the service
is() {
  while [ $# -gt 0 ]; do
    [ "$(systemctl show -P "$1" sentigon)" = "$2" ] || return 1
    shift 2
  done
}

eventually() {
  set +x
  local end=$((SECONDS + PATIENCE_S))
  until "$@"; do
    if [ $SECONDS -ge $end ]; then
      echo "not in time: $*"
      return 1
    fi
    sleep 1
  done
  set -x
}

# On a line of its own, whatever the console shows.
verdict() {
  printf '\n@%s\n' "$1"
}

# A process of its own for each, because `set -e` does not hold inside a condition.
step() {
  if bash -x "$0" "$2" > /run/step.log 2>&1; then
    verdict "ok $1"
  else
    verdict "failed $1"
    tail -n 40 /run/step.log
    journalctl -o cat -n 40 -u sentigon
    tail -n 20 $HEARD
    verdict 'done'
    exit 1
  fi
}

"${@:-$(argument trial.part)}"
