import { expect, test } from "vitest";
import { shortProbeNames } from "../../../src/store/probes/probe_names";

test.each([
  [
    ["input", "block1", "softmax"],
    ["input", "block1", "softmax"],
  ],
  [
    ["m.bert.encoder.layer.0", "m.bert.encoder.layer.1", "m.bert.pooler"],
    ["layer.0", "layer.1", "pooler"],
  ],
  [
    ["layer1.0", "layer1.1", "layer2.0"],
    ["layer1.0", "layer1.1", "layer2"],
  ],
  [
    ["a.b", "a.b"],
    ["a.b", "a.b"],
  ],
])("%j are told apart as %j", (probes, names) => {
  expect(shortProbeNames(probes)).toEqual(names);
});
