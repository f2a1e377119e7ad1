// The keys of MQTT discovery.

/**
 * What Home Assistant accepts, from home-assistant/core, homeassistant/components/mqtt: schemas.py for root, device,
 * origin, availability and what all entities share, config.py for the topics of an entity, and the PLATFORM_SCHEMA of
 * sensor.py, binary_sensor.py, event.py, switch.py, update.py and button.py, as of the year 2026. `object_id` is left out:
 * it was removed for `default_entity_id`.
 */
export const ACCEPTED = {
  root: words(`device origin components availability availability_mode availability_topic availability_template
    payload_available payload_not_available state_topic command_topic qos encoding`),
  device:
    words(`identifiers connections manufacturer model model_id name hw_version serial_number sw_version
    via_device suggested_area configuration_url`),
  origin: words('name sw_version support_url'),
  availability: words('topic payload_available payload_not_available value_template'),
  entity:
    words(`platform unique_id default_entity_id name device origin enabled_by_default entity_category entity_picture
    icon json_attributes_topic json_attributes_template availability availability_mode availability_topic
    availability_template payload_available payload_not_available qos encoding`),
  sensor:
    words(`state_topic value_template device_class expire_after force_update last_reset_value_template options
    suggested_display_precision state_class unit_of_measurement`),
  binary_sensor:
    words(`state_topic value_template device_class expire_after force_update off_delay payload_on
    payload_off`),
  event: words('state_topic value_template device_class event_types'),
  switch:
    words(`state_topic value_template command_topic command_template device_class optimistic payload_on
    payload_off state_on state_off retain`),
  update:
    words(`state_topic value_template latest_version_topic latest_version_template device_class title release_summary
    release_url command_topic payload_install retain display_precision`),
  button: words('command_topic command_template device_class payload_press retain'),
} as const;

/** Keys without which a platform refuses a component. */
export const NEEDED = {
  sensor: ['state_topic'],
  binary_sensor: ['state_topic'],
  event: ['state_topic', 'event_types'],
  switch: ['command_topic'],
  update: ['state_topic'],
  button: ['command_topic'],
} as const;

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
