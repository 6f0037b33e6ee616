// Runs before any script of the page and measures from inside it: what was drawn, when, and how long it took.
(() => {
  const seen = { draws: 0, firstDraw: null, contexts: [], context: null, ready: null, appeared: null };
  const drew = (context) => {
    seen.draws++;
    seen.context = context;
    if (seen.firstDraw !== null) return;
    seen.firstDraw = Number.NaN;
    requestAnimationFrame(() => { seen.firstDraw = performance.now(); });
  };
  const watch = (proto, name, isPicture) => {
    const draw = proto[name];
    proto[name] = function (...given) {
      if (isPicture(this, given)) drew(this);
      return draw.apply(this, given);
    };
  };
  for (const kind of [WebGLRenderingContext, WebGL2RenderingContext]) {
    watch(kind.prototype, "drawElements", (_, given) => given[1] > 100);
    watch(kind.prototype, "drawArrays", (_, given) => given[2] > 100);
  }
  watch(CanvasRenderingContext2D.prototype, "putImageData", ({ canvas }) =>
    canvas.hasAttribute?.("data-depthviz-canvas"));

  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const context = getContext.call(this, kind, ...rest);
    const known = seen.contexts.some((held) => held.deref() === context);
    if (context && String(kind).startsWith("webgl") && !known) seen.contexts.push(new WeakRef(context));
    return context;
  };
  new MutationObserver(() => {
    if (seen.appeared === null && document.querySelector("[data-depthviz]")) seen.appeared = performance.now();
    if (seen.ready === null && document.querySelector("[data-depthviz-ready=true]")) {
      requestAnimationFrame(() => { seen.ready ??= performance.now(); });
    }
  }).observe(document, { attributes: true, attributeFilter: ["data-depthviz-ready"], childList: true, subtree: true });

  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  /** Wait until everything that was asked for is drawn. */
  const finish = () => {
    const gl = seen.context;
    if (gl?.readPixels) gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  };
  const painted = async () => { await frame(); await frame(); await frame(); finish(); };

  /** Do something in every frame for a while; rates count what the work brought about, to its end. */
  async function run(seconds, step) {
    await painted();
    const [start, before, gaps] = [performance.now(), seen.draws, []];
    let last = start;
    for (let n = 0; last - start < seconds * 1000; n++) {
      step(n, (last - start) / (seconds * 1000));
      await frame();
      gaps.push(performance.now() - last);
      last = performance.now();
    }
    finish();
    const took = (performance.now() - start) / 1000;
    return { frames: gaps.length / took, draws: (seen.draws - before) / took,
      long: gaps.filter((gap) => gap > 50).length, longest: Math.max(...gaps) };
  }

  const input = (slider, value) => {
    slider.value = String(value);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  };

  window.depthvizProbe = {
    seen,
    run,
    forget() { Object.assign(seen, { draws: 0, firstDraw: null, ready: null, appeared: null }); },
    live: () => seen.contexts.filter((held) => held.deref() && !held.deref().isContextLost()).length,
    async morph(root, seconds) {
      const slider = root.querySelector("[data-depthviz-control=probe]");
      const last = Number(slider.max);
      return run(seconds, (n, share) => input(slider, last * (1 - Math.abs(1 - 2 * share)) + 1e-6 * n));
    },
    async scroll(root, seconds) {
      const grid = root.querySelector("[data-depthviz-view=grid] [role=grid]");
      grid.scrollTop = 0;
      return run(seconds, () => { grid.scrollTop += 60; });
    },
    /** Trace a circle and let go: the letting go is timed, alone and until it is on the screen. */
    async lasso(canvas, share) {
      canvas.setPointerCapture = () => {};
      const box = canvas.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const reach = share * Math.min(box.width, box.height);
      const fire = (type, turn, buttons) => canvas.dispatchEvent(new PointerEvent(type, {
        bubbles: true, cancelable: true, pointerId: 1, isPrimary: true, pointerType: "mouse", button: 0, buttons,
        clientX: x + reach * Math.cos(turn), clientY: y + reach * Math.sin(turn),
      }));
      fire("pointerdown", 0, 1);
      for (let i = 0; i <= 120; i++) fire("pointermove", (i / 120) * 2 * Math.PI, 1);
      await painted();
      const start = performance.now();
      fire("pointerup", 0, 0);
      const alone = performance.now() - start;
      await Promise.resolve();
      const drawn = performance.now() - start;
      await painted();
      return { alone, drawn, painted: performance.now() - start };
    },
    /** Click: the listener alone, until every view is redrawn, until that is on the screen. */
    async click(element) {
      await painted();
      const start = performance.now();
      element.click();
      const alone = performance.now() - start;
      await Promise.resolve();
      const drawn = performance.now() - start;
      await painted();
      return { alone, drawn, painted: performance.now() - start };
    },
  };
})();
