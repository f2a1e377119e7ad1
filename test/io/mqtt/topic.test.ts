import { describe, expect, it } from 'vitest';
import { checkTopic, matchesFilter } from '../../../src/io/mqtt/topic.ts';

describe('mqtt topic', () => {
  it.each([
    ['a/b', 'a/b', true],
    ['a/b', 'a/c', false],
    ['a/+', 'a/b', true],
    ['a/+', 'a', false],
    ['a/+', 'a/b/c', false],
    ['+/+', '/b', true],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['#', 'a/b', true],
    ['#', '$SYS/uptime', false],
    ['+/uptime', '$SYS/uptime', false],
    ['$SYS/#', '$SYS/uptime', true],
  ])('%s receives %s: %s', (filter, topic, expected) => {
    expect(matchesFilter(filter, topic)).toBe(expected);
  });

  it('refuses to publish where no subscriber could look', () => {
    for (const topic of ['', 'a/+', '#', 'a//b', '/a', 'a/']) {
      expect(() => checkTopic(topic, 'here')).toThrow('here: ');
    }
    checkTopic('sentigon/pump 1', 'here');
  });
});
