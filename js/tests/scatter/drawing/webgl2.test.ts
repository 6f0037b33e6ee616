import { expect, test } from "vitest";
import { frameOf, NO_PALETTE } from "../../../src/scatter/drawing/frame";
import {
  NO_POINTS,
  type Points,
  SELECTED,
  SHOWN,
  withPositions,
  withStates,
} from "../../../src/scatter/drawing/points";
import { createWebgl2Painter } from "../../../src/scatter/drawing/webgl2";
import { HOME } from "../../../src/scatter/view";
import { SIZE } from "../fakes";

type Call = [name: string, ...values: unknown[]];

/** A context on which everything succeeds: constants are their names, methods are written down. */
function recordingGl(): { gl: WebGL2RenderingContext; take(name: string): Call[] } {
  let calls: Call[] = [];
  const canvas = { width: 0, height: 0 };
  const gl = new Proxy({} as WebGL2RenderingContext, {
    get(_, name: string) {
      if (name === "canvas") return canvas;
      if (name === name.toUpperCase()) return name;
      return (...values: unknown[]) => {
        calls.push([name, ...values]);
        return name === "getUniformLocation" ? values[1] : {};
      };
    },
  });
  return {
    gl,
    take(name) {
      const taken = calls.filter(([called]) => called === name);
      calls = calls.filter(([called]) => called !== name);
      return taken;
    },
  };
}

const POINTS = withPositions(NO_POINTS, new Uint16Array(3 * 5 * 2), 3, 5);

function frame(points: Points, probe: number) {
  return frameOf({ points, probe, view: HOME, palette: NO_PALETTE }, SIZE, 1);
}

test("another probe costs two pointers and a uniform, no upload", () => {
  const { gl, take } = recordingGl();
  const painter = createWebgl2Painter(gl);
  painter.paint(frame(POINTS, 0));
  expect(take("bufferData")).toHaveLength(5);
  take("uniform1f");
  take("vertexAttribPointer");
  painter.paint(frame(POINTS, 1.25));
  expect(take("bufferData")).toEqual([]);
  expect(take("uniform1f")).toEqual([["uniform1f", "share", 0.25]]);
  const offsets = take("vertexAttribPointer").map((call) => call.at(-1));
  expect(offsets).toEqual([20, 40, 0]);
});

test("new states upload the states and the drawing order, nothing else", () => {
  const { gl, take } = recordingGl();
  const painter = createWebgl2Painter(gl);
  painter.paint(frame(POINTS, 0));
  take("bufferData");
  const states = Uint8Array.of(SHOWN | SELECTED, SHOWN, 0, SHOWN, SHOWN);
  painter.paint(frame(withStates(POINTS, states), 0));
  const uploads = take("bufferData").map(([, , data]) => data);
  expect(uploads).toEqual([states, Uint32Array.of(2, 1, 3, 4, 0)]);
});

test("a new painter uploads everything, as after a lost context", () => {
  const first = recordingGl();
  const second = recordingGl();
  createWebgl2Painter(first.gl).paint(frame(POINTS, 0));
  createWebgl2Painter(second.gl).paint(frame(POINTS, 0));
  expect(second.take("bufferData")).toEqual(first.take("bufferData"));
});

test("all points are drawn by one call", () => {
  const { gl, take } = recordingGl();
  createWebgl2Painter(gl).paint(frame(POINTS, 0));
  expect(take("drawElements")).toEqual([["drawElements", "POINTS", 5, "UNSIGNED_INT", 0]]);
});
