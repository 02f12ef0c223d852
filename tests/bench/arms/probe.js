/* Watch one arm of the benchmark from inside its page, frame by frame (requestAnimationFrame of the top window).

   bench.expect({sites, not}) before a press; a trusted Enter, Space or Backspace, or a click, sets the start; the first
   frame that shows `sites` sites in a version other than `not` sets the end. For the opening, the start is the moment
   at which the navigation began. `benchArm` and `benchOpening` are put before this file. */
(() => {
  if (window !== window.top) return;

  /* deck.gl draws each site as one instance: what a canvas holds is the largest instance count since its last clear.
     Draws into other framebuffers (picking) are not on the screen and are left out. */
  const gl = window.WebGL2RenderingContext && WebGL2RenderingContext.prototype;
  const hooked = (name, seen) => {
    const original = gl[name];
    gl[name] = function (...given) { seen(this, given); return original.apply(this, given); };
  };
  if (gl && /^(simple_map|deck)$/.test(benchArm)) {
    const counts = (context, n) => {
      if (!context.benchOther) (context.canvas.benchCounts ||= new Set()).add(n);
    };
    hooked("bindFramebuffer", (context, [, buffer]) => { context.benchOther = buffer !== null; });
    hooked("clear", (context) => { if (!context.benchOther) context.canvas.benchCounts = new Set(); });
    hooked("drawArraysInstanced", (context, given) => counts(context, given[3]));
    hooked("drawElementsInstanced", (context, given) => counts(context, given[4]));
    hooked("drawArrays", (context, given) => counts(context, "plain " + given[2]));
    hooked("drawElements", (context, given) => counts(context, "plain " + given[1]));
  }

  const nothing = { sites: null, version: null, whole: false, blank: true };

  function frameOfMap() {
    const frame = document.querySelector("iframe[title*='folium']");
    return frame && frame.contentDocument && frame.contentWindow;
  }

  const LOOK = {
    empty: () => {
      const text = document.querySelector("[data-testid='stText']");
      const said = text && text.textContent.match(/^Nilai (\d)$/);
      return said && document.querySelector("[data-testid='stCheckbox']") ? { sites: Number(said[1]), version: said[1], whole: true, blank: false } : nothing;
    },
    ours: () => {
      const view = frameOfMap(), box = view && view.document.querySelector("[data-ready]");
      const current = box && view.programmeMap && view.programmeMap.current;
      if (!current) return nothing;
      const areas = view.document.querySelectorAll(".leaflet-areas-pane path").length;
      const symbols = current.placed.length + (current.groups || []).length;
      return {
        sites: Number(box.dataset.sites),
        version: box.dataset.drawn,
        whole: box.dataset.ready === box.dataset.drawn,
        blank: areas === 0 || symbols === 0,
      };
    },
    markers: () => {
      const view = frameOfMap(), pane = view && view.document.querySelector(".leaflet-marker-pane");
      if (!pane) return nothing;
      const areas = view.document.querySelectorAll(".leaflet-overlay-pane path").length;
      return {
        sites: pane.childElementCount, version: String(pane.childElementCount),
        whole: areas >= 38, blank: areas === 0 || pane.childElementCount === 0,
      };
    },
    simple_map: () => canvas(false),
    deck: () => canvas(true),
  };

  function canvas(provinces) {
    const shown = document.querySelector("[data-testid='stDeckGlJsonChart'] canvas");
    const counts = shown && shown.benchCounts;
    if (!counts || !counts.size) return nothing;
    const wanted = bench.wanted.sites, drawn = counts.has(wanted);
    /* the provinces: their fill is the only draw without instances of more than a few corners */
    const areas = [...counts].some((n) => typeof n === "string" && Number(n.slice(6)) > 1000);
    return { sites: drawn ? wanted : -1, version: String(wanted), whole: !provinces || areas, blank: false };
  }

  const bench = (window.bench = {
    wanted: benchOpening, pressed: 0, drawn: null, frames: 0, blank: 0,
    look: () => LOOK[benchArm](),
    expect(wanted) {
      Object.assign(bench, { wanted: wanted, pressed: null, drawn: null, frames: 0, blank: 0 });
    },
  });

  const press = (event) => {
    const counts = event.type === "click" || ["Enter", " ", "Backspace"].includes(event.key);
    if (event.isTrusted && counts && bench.pressed === null) bench.pressed = performance.now();
  };
  window.addEventListener("keydown", press, true);
  window.addEventListener("click", press, true);

  const turn = () => {
    requestAnimationFrame(turn);
    if (bench.pressed === null) return;
    const now = bench.look();
    bench.frames += 1;
    bench.blank += now.blank ? 1 : 0;
    if (bench.drawn !== null || !now.whole) return;
    const sites = bench.wanted.sites, before = bench.wanted.not;
    if ((sites === null || now.sites === sites) && now.version !== before) bench.drawn = performance.now();
  };
  requestAnimationFrame(turn);
})();
