/**
 * Draws a frame with WebGL2, one call for all points.
 *
 * Positions of every probe stay on the graphics card in one buffer that is bound at two offsets, so
 * another probe costs two pointers and a uniform. The drawing order is the index buffer. Only
 * arrays whose revision has changed are uploaded. A painter dies with its context: make a new one
 * when the context comes back.
 */

import type { Rgb } from "./color";
import { type Frame, type Painter, resizeTo } from "./frame";
import { HIGHLIGHTED, type Part, type Points, SELECTED, SHOWN } from "./points";
import { SHAPES_GLSL } from "./shapes";

const LOCATION = { from: 0, to: 1, color: 2, shape: 3, state: 4 } as const;

const VERTEX = `#version 300 es
precision highp float;
layout(location = ${LOCATION.from}) in vec2 from;
layout(location = ${LOCATION.to}) in vec2 to;
layout(location = ${LOCATION.color}) in vec3 color;
layout(location = ${LOCATION.shape}) in uint shape;
layout(location = ${LOCATION.state}) in uint state;
uniform float share;
uniform vec2 canvas;
uniform vec3 place; // left, bottom, scale
uniform vec4 marks[8]; // radius, outline, selection, ink
uniform vec3 dimmed;
flat out vec4 fill; // color, side of the square
flat out vec4 mark;
flat out int kind;
${SHAPES_GLSL}
vec4 markOf(uint state) {
  bool selected = (state & ${SELECTED}u) != 0u;
  if ((state & ${HIGHLIGHTED}u) != 0u) return selected ? marks[6] : marks[4];
  if ((state & ${SHOWN}u) == 0u) return marks[0];
  return selected ? marks[3] : marks[1];
}

void main() {
  vec2 unit = mix(from, to, share);
  vec2 pixel = vec2(place.x + unit.x * place.z, canvas.y - place.y + unit.y * place.z);
  gl_Position = vec4(2.0 * pixel / canvas - 1.0, 0.0, 1.0);
  kind = int(shape & 7u);
  mark = markOf(state);
  float side = 2.0 * (mark.x * extentOf(kind) + mark.w) + 1.0;
  fill = vec4((state & ${SHOWN | HIGHLIGHTED}u) == 0u ? dimmed : color, side);
  gl_PointSize = side;
}
`;

const FRAGMENT = `#version 300 es
precision highp float;
uniform vec3 background;
uniform vec3 selection;
uniform vec3 ink;
flat in vec4 fill;
flat in vec4 mark;
flat in int kind;
out vec4 pixel;
${SHAPES_GLSL}
void main() {
  float edge = distanceTo(kind, (gl_PointCoord - 0.5) * fill.w / mark.x) * mark.x;
  vec4 cover = clamp(0.5 - edge + vec4(0.0, mark.yzw), 0.0, 1.0);
  pixel = vec4(
    fill.rgb * cover.x + background * (cover.y - cover.x) +
      selection * (cover.z - cover.y) + ink * (cover.w - cover.z),
    cover.w
  );
}
`;

const UNIFORMS = [
  "share",
  "canvas",
  "place",
  "marks",
  "dimmed",
  "background",
  "selection",
  "ink",
] as const;

type Gl = WebGL2RenderingContext;
type Uniforms = Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>;
type Buffers = Record<Part | "order", WebGLBuffer>;

/** Makes a painter on a context that is not lost. */
export function createWebgl2Painter(gl: Gl): Painter {
  const program = link(gl);
  const uniforms = locate(gl, program);
  const buffers = createBuffers(gl);
  let seen: Record<Part, number> = { positions: -1, colors: -1, shapes: -1, states: -1 };
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  for (const location of Object.values(LOCATION)) gl.enableVertexAttribArray(location);
  return {
    paint(frame) {
      upload(gl, buffers, frame.points, seen);
      seen = frame.points.revision;
      resizeTo(gl.canvas as HTMLCanvasElement, frame);
      gl.viewport(0, 0, frame.width, frame.height);
      clear(gl, frame.palette.background);
      setUniforms(gl, uniforms, frame);
      pointAttributes(gl, buffers, frame);
      gl.drawElements(gl.POINTS, frame.points.order.length, gl.UNSIGNED_INT, 0);
    },
  };
}

function link(gl: Gl): WebGLProgram {
  const program = gl.createProgram();
  gl.attachShader(program, compile(gl, gl.VERTEX_SHADER, VERTEX));
  gl.attachShader(program, compile(gl, gl.FRAGMENT_SHADER, FRAGMENT));
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS)) return program;
  throw new Error(`The point program does not link: ${gl.getProgramInfoLog(program)}`);
}

function compile(gl: Gl, type: GLenum, source: string): WebGLShader {
  const shader = gl.createShader(type);
  if (!shader) throw new Error("The GL context makes no shaders; it is lost.");
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (gl.getShaderParameter(shader, gl.COMPILE_STATUS)) return shader;
  throw new Error(`A shader does not compile: ${gl.getShaderInfoLog(shader)}`);
}

function locate(gl: Gl, program: WebGLProgram): Uniforms {
  const pairs = UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)]);
  return Object.fromEntries(pairs) as Uniforms;
}

function createBuffers(gl: Gl): Buffers {
  const parts = ["positions", "colors", "shapes", "states", "order"];
  return Object.fromEntries(parts.map((part) => [part, gl.createBuffer()])) as Buffers;
}

function upload(gl: Gl, buffers: Buffers, points: Points, seen: Record<Part, number>): void {
  for (const part of ["positions", "colors", "shapes", "states"] as const) {
    if (seen[part] === points.revision[part]) continue;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[part]);
    gl.bufferData(gl.ARRAY_BUFFER, points[part], gl.STATIC_DRAW);
  }
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers.order);
  if (seen.states === points.revision.states) return;
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, points.order, gl.DYNAMIC_DRAW);
}

function clear(gl: Gl, background: Rgb): void {
  const [red, green, blue] = fractions(background);
  gl.clearColor(red, green, blue, 1);
  gl.clear(gl.COLOR_BUFFER_BIT);
}

function setUniforms(gl: Gl, uniforms: Uniforms, frame: Frame): void {
  gl.uniform1f(uniforms.share, frame.blend.share);
  gl.uniform2f(uniforms.canvas, frame.width, frame.height);
  gl.uniform3f(uniforms.place, frame.left, frame.bottom, frame.scale);
  const marks = frame.marks.flatMap(({ radius, outline, selection, ink }) => [
    radius,
    outline,
    selection,
    ink,
  ]);
  gl.uniform4fv(uniforms.marks, marks);
  for (const name of ["dimmed", "background", "selection"] as const) {
    gl.uniform3fv(uniforms[name], fractions(frame.palette[name]));
  }
  gl.uniform3fv(uniforms.ink, fractions(frame.ink));
}

function pointAttributes(gl: Gl, buffers: Buffers, { blend }: Frame): void {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffers.positions);
  const bytes = Uint16Array.BYTES_PER_ELEMENT;
  gl.vertexAttribPointer(LOCATION.from, 2, gl.UNSIGNED_SHORT, true, 0, blend.from * bytes);
  gl.vertexAttribPointer(LOCATION.to, 2, gl.UNSIGNED_SHORT, true, 0, blend.to * bytes);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffers.colors);
  gl.vertexAttribPointer(LOCATION.color, 3, gl.UNSIGNED_BYTE, true, 0, 0);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffers.shapes);
  gl.vertexAttribIPointer(LOCATION.shape, 1, gl.UNSIGNED_BYTE, 0, 0);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffers.states);
  gl.vertexAttribIPointer(LOCATION.state, 1, gl.UNSIGNED_BYTE, 0, 0);
}

function fractions(color: Rgb): [number, number, number] {
  return [color[0] / 255, color[1] / 255, color[2] / 255];
}
