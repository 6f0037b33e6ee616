import { expect, test } from "vitest";
import { newIdentifier } from "../../src/annotations/identifiers";
import { instantOf, timeOf } from "../../src/annotations/instants";

/** Later than in any other test, since the last identifier is remembered. */
const NOW = 2_100_000_000_000;

test("identifiers are UUIDs of version 7 that bear their time", () => {
  const id = newIdentifier(NOW);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(NOW);
});

test("each is larger than all before, many in one moment and where the clock goes back", () => {
  const times = [NOW + 1, ...new Array(10_000).fill(NOW + 1), NOW - 1e9, NOW + 1.5, NOW + 2];
  const made = times.map((time) => newIdentifier(time));
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});

test.each([
  ["2026-03-01T12:00:00.000001Z", "2026-03-01T12:00:00.000001Z"],
  ["2026-03-01T17:00:00.25+05:00", "2026-03-01T12:00:00.250000Z"],
  ["2026-10-25T02:30:00+0200", "2026-10-25T00:30:00.000000Z"],
  ["1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"],
])("%s is an instant to the microsecond", (time, same) => {
  expect(timeOf(instantOf(time))).toBe(same);
});

test.each(["", "yesterday", "2026-03-01T12:00:00", "2026-03-01T12:00:00.1"])(
  "%j is no instant",
  (time) => {
    expect(instantOf(time)).toBeNaN();
  },
);
