/* Let the viewer draw a box or a polygon, measure a distance, walk through the sites by keyboard, and open lists. */
(function () {
  "use strict";
  const parts = window.programmeParts, svg = parts.svg;
  const coarse = window.matchMedia("(pointer: coarse)");
  const PAGE = 50; // rows of a list at a time
  const DEAF_MS = 400; // the click that ends a drawing chooses nothing
  const KEPT_MS = 4000; // an outline just drawn stays this long while the page has not answered

  const ICONS = { // lines of a 24-unit square
    box: ["M5 5h14v14H5z"],
    polygon: ["M12 4l8 6-3 9H7L4 10z"],
    distance: ["M3 17L17 3l4 4L7 21z", "M7 13l2 2M10 10l2 2M13 7l2 2"],
    clear: ["M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13"],
  };

  function tools(self) {
    const map = self.map, box = self.box, buttons = {};
    let active = null, places = [], trail = null, measure = null, held = null, drawnAt = -KEPT_MS, lastTap = null;
    const ink = () => self.payload.ground.accent;
    const line = (options) => ({ pane: "tools", interactive: false, color: ink(), weight: 2.5, fillOpacity: 0.14, ...options });

    const bar = L.control({ position: "topleft" });
    bar.onAdd = function () {
      const holder = L.DomUtil.create("div", "leaflet-bar peta-tools");
      Object.entries(ICONS).forEach(([name, paths]) => {
        if (!self.options.address && (name === "box" || name === "polygon")) return; // nobody would answer
        const button = L.DomUtil.create("button", "peta-tool", holder);
        button.type = "button";
        button.dataset.tool = name;
        const icon = svg("svg", { viewBox: "0 0 24 24", width: 18, height: 18, fill: "none", stroke: "currentColor",
          "stroke-width": 2, "stroke-linejoin": "round", "aria-hidden": "true" });
        paths.forEach((d) => icon.append(svg("path", { d: d })));
        button.append(icon);
        button.addEventListener("click", () => (name === "clear" ? clear() : start(active === name ? null : name)));
        if (name !== "clear") button.setAttribute("aria-pressed", "false");
        buttons[name] = button;
      });
      L.DomEvent.disableClickPropagation(holder);
      return holder;
    };
    bar.addTo(map);

    function name(words) {
      Object.entries(buttons).forEach(([tool, button]) => {
        button.title = words[tool] || tool;
        button.setAttribute("aria-label", button.title);
      });
    }

    function start(tool) {
      if (active === "distance") tellDistance(null); // what was clicked, without the leg that follows the pointer
      if (active) self.deafUntil = performance.now() + DEAF_MS;
      active = tool;
      self.tool = tool;
      places = [];
      lastTap = null;
      if (trail) trail.remove();
      trail = null;
      box.classList.toggle("peta-drawing", Boolean(tool));
      Object.entries(buttons).forEach(([one, button]) => {
        if (one !== "clear") button.setAttribute("aria-pressed", String(one === tool));
      });
      ["dragging", "boxZoom"].forEach((part) => map[part][tool ? "disable" : "enable"]());
      if (tool) map.doubleClickZoom.disable();
      else setTimeout(() => { if (!active) map.doubleClickZoom.enable(); }, DEAF_MS);
      self.hideTip();
      if (tool === "distance") dropMeasure();
    }

    function dropMeasure() {
      if (measure) measure.remove();
      measure = null;
    }

    function clear() {
      start(null);
      dropMeasure();
      drawnAt = -KEPT_MS;
      show(null);
      self.tell("select", "");
    }

    /* The outline of the selection: the viewer's own while the page has not answered, then the page's. */
    function show(ring) {
      if (held) held.remove();
      held = ring ? L.polygon(ring.map(([lon, lat]) => [lat, lon]), line({})).addTo(map) : null;
    }

    function answered(area) {
      if (!area && performance.now() - drawnAt < KEPT_MS) return;
      if (!area && !held) return;
      if (!area && !window.Streamlit) return; // a page that stands alone: nobody answers
      show(area ? area.ring : null);
    }

    function close(ring) {
      start(null);
      if (ring.length < 3) return;
      const closed = [...ring, ring[0]].map((at) => [at.lng, at.lat]);
      drawnAt = performance.now();
      show(closed);
      self.tell("select", closed.map(([lon, lat]) => lon.toFixed(5) + " " + lat.toFixed(5)).join(","));
    }

    /* ---- pointer: mouse, pen and finger alike ---- */
    const pixel = (event) => map.mouseEventToContainerPoint(event);
    const onMap = (event) => !event.target.closest(".leaflet-control, .peta-legend, .peta-list");
    let from = null;

    function sketch(next) {
      const path = next ? [...places, next] : places;
      if (trail) trail.remove();
      trail = null;
      if (path.length < 2) return;
      const shape = active === "polygon" && path.length > 2 ? L.polygon : L.polyline;
      trail = shape(path, line({ dashArray: "6 5" })).addTo(map);
    }

    box.addEventListener("pointerdown", (event) => {
      if (!active || !onMap(event) || event.button > 0) return;
      from = pixel(event);
      if (active === "box") { places = [map.containerPointToLatLng(from)]; box.setPointerCapture(event.pointerId); }
      event.preventDefault();
      box.focus({ preventScroll: true }); // for Enter and Escape
    });
    box.addEventListener("pointermove", (event) => {
      if (!active || !places.length) return;
      const to = map.containerPointToLatLng(pixel(event));
      if (active !== "box") { sketch(to); if (active === "distance") tellDistance(to); return; }
      if (!from) return;
      if (trail) trail.remove();
      trail = L.rectangle(L.latLngBounds(places[0], to), line({ dashArray: "6 5" })).addTo(map);
    });
    box.addEventListener("pointerup", (event) => {
      if (!active || !from) return;
      const to = pixel(event), at = map.containerPointToLatLng(to), moved = to.distanceTo(from);
      from = null;
      if (active === "box") {
        if (moved < 6) { places = []; return; }
        const b = L.latLngBounds(places[0], at);
        close([b.getSouthWest(), b.getSouthEast(), b.getNorthEast(), b.getNorthWest()]);
      } else if (moved < 12) tap(to, at);
    });
    box.addEventListener("pointercancel", () => { from = null; });

    function tap(to, at) {
      const now = performance.now(), twice = lastTap && now - lastTap.when < 400 && lastTap.at.distanceTo(to) < 10;
      lastTap = { when: now, at: to };
      if (active === "polygon") {
        const first = places.length > 2 && map.latLngToContainerPoint(places[0]).distanceTo(to) < (coarse.matches ? 24 : 11);
        if (twice || first) { if (places.length > 2) close(places); return; }
      } else if (twice) { start(null); return; }
      places.push(at);
      sketch(null);
      if (active === "distance") tellDistance(null);
    }

    /* ---- distance ---- */
    function tellDistance(next) {
      const path = next ? [...places, next] : places, words = self.payload.words;
      dropMeasure();
      if (path.length < 2) return;
      let metres = 0;
      path.forEach((at, i) => { if (i) metres += map.distance(path[i - 1], at); });
      const km = metres / 1000, text = document.createElement("span");
      text.textContent = (words.distance_is || "{d}").replace("{d}", self.decimal(km, km < 10 ? 2 : km < 1000 ? 1 : 0) + " km");
      const icon = L.divIcon({ className: "peta-measure", html: text, iconSize: [0, 0] });
      measure = L.layerGroup([
        L.polyline(path, line({})),
        ...path.map((at) => L.circleMarker(at, line({ radius: 4, fillOpacity: 1, fillColor: self.payload.ground.casing }))),
        L.marker(path[path.length - 1], { icon: icon, interactive: false, keyboard: false, pane: "tools" }),
      ]).addTo(map);
    }

    box.addEventListener("keydown", (event) => {
      if (!active) return;
      if (event.key === "Enter" && active === "polygon" && places.length > 2) { event.preventDefault(); close(places); }
      if (event.key === "Enter" && active === "distance") start(null);
    });

    return { name: name, stop: () => { const was = active; start(null); return Boolean(was); }, area: answered };
  }

  /* ---- keyboard: one button for each symbol and each ring in view, seen when it has the focus ---- */
  function keys(self) {
    const holder = document.createElement("div"), pool = [];
    holder.className = "peta-keys";
    self.box.prepend(holder); // right after the map itself in the order of Tab
    let timer = 0, focused = null, rebuilding = false;

    const idle = (task) => (window.requestIdleCallback ? window.requestIdleCallback(task, { timeout: 600 }) : setTimeout(task, 60));

    function schedule() {
      clearTimeout(timer);
      timer = setTimeout(() => idle(build), 120);
    }

    function build() {
      if (!self.payload) return;
      const size = self.map.getSize(), inView = (p) => p.px >= 4 && p.py >= 4 && p.px <= size.x - 4 && p.py <= size.y - 4;
      const byPlace = (a, b) => Math.round(a.py / 24) - Math.round(b.py / 24) || a.px - b.px;
      const items = [...self.placed.filter(inView).sort(byPlace).slice(0, 320), ...self.groups.filter(inView).sort(byPlace)];
      rebuilding = true;
      items.forEach((item, i) => {
        const button = pool[i] || (pool[i] = fresh());
        if (button.parentNode !== holder) holder.append(button);
        const side = item.count ? item.radius : self.radius() * 1.6;
        button.item = item;
        Object.assign(button.style, { left: item.px - side + "px", top: item.py - side + "px",
          width: 2 * side + "px", height: 2 * side + "px" });
        name(button);
      });
      const hadFocus = focused;
      for (let i = items.length; i < pool.length; i++) pool[i].remove();
      rebuilding = false;
      if (!hadFocus) return;
      const again = pool.slice(0, items.length).find((b) => hadFocus.index !== undefined && b.item.index === hadFocus.index);
      if (again) again.focus({ preventScroll: true });
      else if (holder.contains(document.activeElement) || document.activeElement === document.body) { focused = null; self.box.focus({ preventScroll: true }); }
    }

    function name(button) {
      const item = button.item;
      button.setAttribute("aria-label", item.count ? self.severalText(item.count) : self.shortText(item.index));
    }

    function fresh() {
      const button = document.createElement("button");
      button.type = "button";
      button.addEventListener("focus", () => { if (rebuilding) return; focused = button.item; self.showItem(button.item); });
      button.addEventListener("blur", () => { if (!rebuilding) { focused = null; self.hideTip(); } });
      button.addEventListener("click", (event) => { event.stopPropagation(); self.choose(button.item); });
      return button;
    }

    return { schedule: schedule, rename: () => pool.forEach((b) => { if (b.parentNode) name(b); }), holder: holder };
  }

  /* ---- a list of sites that no zoom could part ---- */
  function list(self) {
    const panel = L.DomUtil.create("div", "peta-list", self.box);
    panel.hidden = true;
    panel.setAttribute("role", "dialog");
    L.DomEvent.disableClickPropagation(panel);
    L.DomEvent.disableScrollPropagation(panel);

    function close() {
      if (panel.hidden) return false;
      const inside = panel.contains(document.activeElement);
      panel.hidden = true;
      panel.replaceChildren();
      if (inside) self.box.focus({ preventScroll: true });
      return true;
    }

    function open(rows) {
      const title = self.severalText(rows.length), head = L.DomUtil.create("div", "peta-list-head");
      const shut = L.DomUtil.create("button", "peta-list-close"), body = L.DomUtil.create("div", "peta-list-body");
      const heading = document.createElement("strong");
      heading.textContent = title;
      panel.setAttribute("aria-label", title);
      shut.type = "button";
      shut.textContent = "×";
      shut.setAttribute("aria-label", self.payload.words.close || self.payload.words.clear);
      shut.addEventListener("click", close);
      head.append(heading, shut);
      panel.replaceChildren(head, body);
      panel.hidden = false;
      let told = 0;
      const more = L.DomUtil.create("button", "peta-list-more");
      more.type = "button";
      more.textContent = self.payload.words.more || "…";
      more.addEventListener("click", () => page());
      const page = () => {
        const start = told;
        more.remove();
        rows.slice(told, told + PAGE).forEach((index) => body.append(row(index)));
        told = Math.min(rows.length, told + PAGE);
        if (told < rows.length) body.append(more);
        body.children[start].focus({ preventScroll: start === 0 });
      };
      page();
    }

    function row(index) {
      const button = L.DomUtil.create("button", "peta-list-row"), picture = document.createElement("canvas");
      const words = document.createElement("span"), name = document.createElement("span"), status = document.createElement("small");
      button.type = "button";
      picture.setAttribute("aria-hidden", "true");
      parts.symbols.picture(picture, self.payload.theme, self.shapeOf(index), self.statusOf(index), 20);
      status.textContent = self.statusWord(index);
      name.textContent = self.payload.words.loading || "…";
      words.append(name, status);
      button.append(picture, words);
      self.details.load(index).then((found) => { name.textContent = found[1]; }).catch(() => { name.textContent = self.programmeName(index); });
      button.addEventListener("click", () => self.chooseSite(index));
      return button;
    }

    return { open: open, close: close, panel: panel };
  }

  parts.tools = tools;
  parts.keys = keys;
  parts.list = list;
})();
