/* Draw the programme's map on Leaflet: boundaries with classes, sites as symbols on one canvas, labels, legend.

   programmeMap.start(map, options) once, programmeMap.update(payload) for every change; nothing is taken down between
   two updates, so nothing flickers and the view is kept. The payload is base64 of UTF-8 JSON (see web_map.payload).
   Text from data is only ever set as textContent or drawn with fillText; the legend arrives as escaped markup. */
(function () {
  "use strict";

  const PANES = { areas: 410, points: 450, labels: 440 };
  const cache = new Map(); // address of a boundary file -> promise of its GeoJSON

  function decode(text) {
    const raw = atob(text);
    const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  function boundaries(source) {
    if (typeof source !== "string") return Promise.resolve(source);
    if (!cache.has(source)) {
      cache.set(
        source,
        fetch(source).then((answer) => {
          if (!answer.ok) throw new Error("boundaries: HTTP " + answer.status);
          return answer.json();
        }).catch((error) => { cache.delete(source); throw error; })
      );
    }
    return cache.get(source);
  }

  /* ---- a canvas over the map that is redrawn when the view has settled and follows it meanwhile ---- */
  const CanvasLayer = L.Layer.extend({
    initialize: function (pane, draw) { this._paneName = pane; this._draw = draw; },
    onAdd: function (map) {
      this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated");
      this._canvas.style.pointerEvents = "none";
      this._canvas.setAttribute("aria-hidden", "true");
      map.getPane(this._paneName).appendChild(this._canvas);
      this.redraw();
    },
    onRemove: function () { this._canvas.remove(); },
    getEvents: function () {
      return { moveend: this.redraw, resize: this.redraw, viewreset: this.redraw, zoomanim: this._follow };
    },
    _follow: function (event) {
      const scale = this._map.getZoomScale(event.zoom, this._zoom);
      const corner = this._map._latLngToNewLayerPoint(this._corner, event.zoom, event.center);
      L.DomUtil.setTransform(this._canvas, corner, scale);
    },
    redraw: function () {
      const map = this._map;
      if (!map) return;
      const size = map.getSize();
      const pad = size.multiplyBy(0.25).round();
      const full = size.add(pad.multiplyBy(2));
      const ratio = Math.min(window.devicePixelRatio || 1, 3);
      const origin = map.containerPointToLayerPoint(pad.multiplyBy(-1));
      this._canvas.width = Math.max(1, full.x * ratio);
      this._canvas.height = Math.max(1, full.y * ratio);
      this._canvas.style.width = full.x + "px";
      this._canvas.style.height = full.y + "px";
      L.DomUtil.setTransform(this._canvas, origin, 1);
      this._zoom = map.getZoom();
      this._corner = map.layerPointToLatLng(origin);
      const context = this._canvas.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, pad.x * ratio, pad.y * ratio); // container coordinates
      this._draw(context, L.bounds(pad.multiplyBy(-1), size.add(pad)));
    },
  });

  /* ---- symbols ---- */
  function trace(context, points, closed) {
    context.beginPath();
    points.forEach((p, i) => (i ? context.lineTo(p[0], p[1]) : context.moveTo(p[0], p[1])));
    if (closed) context.closePath();
  }

  function paintSymbol(context, symbols, shapeName, statusName, x, y, radius) {
    const shape = symbols.shapes[shapeName];
    const look = symbols.statuses[statusName];
    if (!shape || !look) return;
    context.save();
    context.translate(x, y);
    context.scale(radius, radius);
    context.lineJoin = "round";
    context.lineCap = "round";
    trace(context, shape.outline, true);
    context.lineWidth = symbols.casing_width;
    context.strokeStyle = symbols.casing;
    context.stroke();
    context.fillStyle = look.fill;
    context.fill();
    context.lineWidth = symbols.outline_width;
    context.strokeStyle = look.outline;
    context.setLineDash(look.dashes);
    context.stroke();
    context.setLineDash([]);
    context.scale(shape.room, shape.room);
    context.strokeStyle = look.mark_colour;
    context.fillStyle = look.mark_colour;
    context.lineWidth = look.width;
    look.strokes.forEach((points) => { trace(context, points, false); context.stroke(); });
    look.fills.forEach((points) => { trace(context, points, true); context.fill(); });
    context.restore();
  }

  function paintLegend(canvas, theme) {
    const size = 18, ratio = Math.min(window.devicePixelRatio || 1, 3);
    const symbols = window.programmeSymbols[theme];
    canvas.width = canvas.height = size * ratio;
    canvas.style.width = canvas.style.height = size + "px";
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintSymbol(context, symbols, canvas.dataset.shape, canvas.dataset.status, size / 2, size / 2, size / 2 / symbols.reach);
  }

  /* Sites closer than a symbol push each other apart until none hides another; a line leads back to the true place. */
  function spread(points, radius) {
    const gap = radius * 2.3, turn = 2.39996;
    const same = new Map();
    points.forEach((p) => {
      const key = Math.round(p.x) + ":" + Math.round(p.y);
      const nth = same.get(key) || 0;
      same.set(key, nth + 1);
      p.px = p.x + 0.35 * gap * Math.sqrt(nth) * Math.cos(nth * turn);
      p.py = p.y + 0.35 * gap * Math.sqrt(nth) * Math.sin(nth * turn);
    });
    for (let round = 0; round < 60; round++) {
      const cells = new Map();
      points.forEach((p, i) => {
        const key = Math.floor(p.px / gap) + ":" + Math.floor(p.py / gap);
        if (!cells.has(key)) cells.set(key, []);
        cells.get(key).push(i);
      });
      let moved = false;
      points.forEach((p, i) => {
        const cx = Math.floor(p.px / gap), cy = Math.floor(p.py / gap);
        for (let dx = -1; dx <= 1; dx++) for (let dy = -1; dy <= 1; dy++) {
          (cells.get((cx + dx) + ":" + (cy + dy)) || []).forEach((j) => {
            if (j <= i) return;
            const q = points[j];
            let ux = q.px - p.px, uy = q.py - p.py;
            let far = Math.hypot(ux, uy);
            if (far >= gap * 0.985) return;
            if (far < 0.01) { ux = Math.cos(j * turn); uy = Math.sin(j * turn); far = 1; }
            const push = Math.max(0, gap - Math.hypot(q.px - p.px, q.py - p.py)) / 2;
            ux /= far; uy /= far;
            p.px -= ux * push; p.py -= uy * push;
            q.px += ux * push; q.py += uy * push;
            moved = true;
          });
        }
      });
      if (!moved) break;
      if (round < 25) points.forEach((p) => { p.px += (p.x - p.px) * 0.04; p.py += (p.y - p.py) * 0.04; });
    }
  }

  /* More sites than can be told apart: those of one square become one ring with their number. */
  const CROWD = 320, SQUARE_PX = 52;

  function gathered(points) {
    const squares = new Map();
    points.forEach((p) => {
      const key = Math.floor(p.x / SQUARE_PX) + ":" + Math.floor(p.y / SQUARE_PX);
      if (!squares.has(key)) squares.set(key, []);
      squares.get(key).push(p);
    });
    const groups = [...squares.values()].map(grouped).sort((a, b) => b.members.length - a.members.length);
    for (let again = true; again;) { // rings that would touch become one
      again = false;
      for (let i = 0; i < groups.length; i++) for (let j = groups.length - 1; j > i; j--) {
        if (Math.hypot(groups[i].px - groups[j].px, groups[i].py - groups[j].py) > groups[i].radius + groups[j].radius) continue;
        groups[i] = grouped(groups[i].members.concat(groups[j].members));
        groups.splice(j, 1);
        again = true;
      }
    }
    return groups;
  }

  function grouped(members) {
    return {
      members: members,
      px: members.reduce((sum, p) => sum + p.x, 0) / members.length,
      py: members.reduce((sum, p) => sum + p.y, 0) / members.length,
      radius: members.length === 1 ? 7 : Math.min(SQUARE_PX * 0.46, 11 + 1.6 * Math.sqrt(members.length)),
    };
  }

  function paintGroup(context, payload, group) {
    const symbols = window.programmeSymbols[payload.theme];
    const radius = group.radius;
    let angle = -Math.PI / 2;
    payload.statuses.forEach((status, index) => {
      const part = group.members.filter((p) => payload.sites[p.index][3] === index).length / group.members.length;
      if (!part) return;
      context.beginPath();
      context.moveTo(group.px, group.py);
      context.arc(group.px, group.py, radius, angle, angle + 2 * Math.PI * part);
      context.closePath();
      context.fillStyle = symbols.statuses[status].fill;
      context.fill();
      angle += 2 * Math.PI * part;
    });
    context.beginPath();
    context.arc(group.px, group.py, radius, 0, 2 * Math.PI);
    context.lineWidth = 1.2;
    context.strokeStyle = payload.ground.ink;
    context.stroke();
    context.beginPath();
    context.arc(group.px, group.py, radius * 0.66, 0, 2 * Math.PI);
    context.fillStyle = payload.ground.casing;
    context.fill();
    context.fillStyle = payload.ground.ink;
    context.font = "600 12px system-ui, 'Segoe UI', 'Noto Sans', sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(String(group.members.length), group.px, group.py + 0.5);
  }

  /* Inside the dashboard the map takes its share of the window's height, between two bounds; streamlit-folium would
     set its own fixed height again on every change, which makes the page jump. */
  function fitHeight(map, box, options) {
    if (!window.Streamlit || !options.share) return;
    const set = window.Streamlit.setFrameHeight.bind(window.Streamlit);
    const wanted = () => Math.round(Math.min(options.most, Math.max(options.least, window.parent.innerHeight * options.share)));
    let last = 0;
    const apply = () => {
      const height = wanted();
      if (height === last) return;
      last = height;
      box.style.height = height + "px";
      const outer = document.getElementById("map_div");
      if (outer) outer.style.height = height + "px";
      map.invalidateSize({ pan: false });
      set(height);
    };
    window.Streamlit.setFrameHeight = apply;
    window.parent.addEventListener("resize", apply);
    apply();
  }

  /* ---- one map ---- */
  function start(map, options) {
    const self = { map: map, options: options || {}, payload: null, area: null, placed: [], shownView: null };

    Object.entries(PANES).forEach(([name, level]) => { map.createPane(name).style.zIndex = level; });
    map.getPane("labels").style.pointerEvents = "none";
    map.getPane("points").style.pointerEvents = "none";
    const renderer = L.svg({ pane: "areas", padding: 0.5 });
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 140 }).addTo(map);
    map.attributionControl.setPrefix(false);

    const box = map.getContainer();
    fitHeight(map, box, self.options);
    box.setAttribute("role", "application");
    const tip = L.DomUtil.create("div", "peta-tip", box);
    tip.setAttribute("role", "status");
    tip.hidden = true;
    const legend = L.DomUtil.create("div", "peta-legend", box);
    L.DomEvent.disableClickPropagation(legend);
    L.DomEvent.disableScrollPropagation(legend);
    const note = L.DomUtil.create("div", "peta-note", box);

    const points = new CanvasLayer("points", drawPoints).addTo(map);
    const labels = new CanvasLayer("labels", drawLabels).addTo(map);

    function radius() {
      const base = self.payload && self.payload.symbol_px ? self.payload.symbol_px / 2 : 7;
      const zoom = map.getZoom();
      const narrow = map.getSize().x < 480 ? 0.8 : 1;
      return base * narrow * (zoom < 6 ? 0.8 : zoom < 8 ? 0.95 : 1.1);
    }

    function drawPoints(context, frame) {
      self.placed = [];
      const payload = self.payload;
      if (!payload) return;
      const size = radius();
      const wide = frame.min.x - 60, high = frame.min.y - 60, right = frame.max.x + 60, low = frame.max.y + 60;
      payload.sites.forEach((site, index) => {
        const at = map.latLngToContainerPoint([site[1], site[0]]);
        if (at.x < wide || at.x > right || at.y < high || at.y > low) return;
        self.placed.push({ index: index, x: at.x, y: at.y, px: at.x, py: at.y });
      });
      self.groups = [];
      if (self.placed.length > CROWD && map.getZoom() < map.getMaxZoom()) {
        const groups = gathered(self.placed);
        self.groups = groups.filter((group) => group.members.length > 1);
        self.placed = groups.filter((group) => group.members.length === 1).map((group) => group.members[0]);
        self.groups.forEach((group) => paintGroup(context, payload, group));
      } else {
        spread(self.placed, size);
      }
      payload.footprints.forEach(([index, rings]) => {
        const look = window.programmeSymbols[payload.theme].statuses[payload.statuses[payload.sites[index][3]]];
        context.beginPath();
        rings.forEach((ring) => ring.forEach((place, i) => {
          const at = map.latLngToContainerPoint([place[1], place[0]]);
          if (i) context.lineTo(at.x, at.y); else context.moveTo(at.x, at.y);
        }));
        context.globalAlpha = 0.45;
        context.fillStyle = look.fill;
        context.fill("evenodd");
        context.globalAlpha = 1;
        context.lineWidth = 1.5;
        context.strokeStyle = look.outline;
        context.stroke();
      });
      context.strokeStyle = payload.ground.muted;
      context.lineWidth = 0.8;
      self.placed.forEach((p) => {
        if (Math.hypot(p.px - p.x, p.py - p.y) < size * 0.9) return;
        context.beginPath();
        context.moveTo(p.x, p.y);
        context.lineTo(p.px, p.py);
        context.stroke();
      });
      self.placed.forEach((p) => {
        const site = payload.sites[p.index];
        paintSymbol(context, window.programmeSymbols[payload.theme], payload.programmes[site[2]], payload.statuses[site[3]], p.px, p.py, size);
      });
      const chosen = self.placed.find((p) => payload.codes[p.index] === payload.selected);
      if (chosen) {
        context.beginPath();
        context.arc(chosen.px, chosen.py, size * 2.1, 0, 2 * Math.PI);
        context.lineWidth = 3;
        context.strokeStyle = payload.ground.accent;
        context.stroke();
      }
      box.dataset.sites = String(payload.sites.length);
      box.dataset.drawn = String(payload.version);
    }

    function drawLabels(context) {
      const payload = self.payload;
      if (!payload) return;
      const taken = self.placed.map((p) => ({ x0: p.px - 9, x1: p.px + 9, y0: p.py - 9, y1: p.py + 9 }));
      (self.groups || []).forEach((g) => taken.push(
        { x0: g.px - g.radius, x1: g.px + g.radius, y0: g.py - g.radius, y1: g.py + g.radius }));
      const strong = payload.level === 1;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.lineJoin = "round";
      payload.labels.forEach((label) => {
        const at = map.latLngToContainerPoint([label[1], label[0]]);
        const px = strong ? 14 : 12;
        context.font = (strong ? "600 " : "500 ") + px + "px system-ui, 'Segoe UI', 'Noto Sans', sans-serif";
        const wide = context.measureText(label[2]).width / 2 + 3;
        const tries = strong ? [0, 20, -20, 40, -40, 60, -60, 80, -80, 100, -100, 120] : [0, -18, 18, -34, 34];
        for (const dy of tries) {
          const spot = { x0: at.x - wide, x1: at.x + wide, y0: at.y + dy - px * 0.7, y1: at.y + dy + px * 0.7 };
          if (taken.some((o) => o.x0 < spot.x1 && o.x1 > spot.x0 && o.y0 < spot.y1 && o.y1 > spot.y0)) continue;
          taken.push(spot);
          context.lineWidth = 3.5;
          context.strokeStyle = payload.ground.casing;
          context.strokeText(label[2], at.x, at.y + dy);
          context.fillStyle = payload.ground.ink;
          context.fillText(label[2], at.x, at.y + dy);
          break;
        }
      });
    }

    function hatch() {
      const svg = renderer._container;
      if (!svg || !self.payload) return;
      const space = "http://www.w3.org/2000/svg";
      let defs = svg.querySelector("defs.peta-defs");
      if (!defs) {
        defs = document.createElementNS(space, "defs");
        defs.setAttribute("class", "peta-defs");
        svg.insertBefore(defs, svg.firstChild);
      }
      defs.replaceChildren();
      const pattern = document.createElementNS(space, "pattern");
      Object.entries({ id: "peta-hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse",
        patternTransform: "rotate(45)" }).forEach(([k, v]) => pattern.setAttribute(k, v));
      const rect = document.createElementNS(space, "rect");
      Object.entries({ width: 7, height: 7, fill: self.payload.ground.land }).forEach(([k, v]) => rect.setAttribute(k, v));
      const line = document.createElementNS(space, "line");
      Object.entries({ x1: 0, y1: 0, x2: 0, y2: 7, stroke: self.payload.ground.hatch, "stroke-width": 2 })
        .forEach(([k, v]) => line.setAttribute(k, v));
      pattern.append(rect, line);
      defs.append(pattern);
    }

    function styleOf(code, fine) {
      const payload = self.payload, ground = payload.ground;
      const value = payload.areas[code];
      if (value === undefined) {
        return { fillColor: ground.context, fillOpacity: 1, color: ground.border, weight: 0.6, opacity: 0.8 };
      }
      const fill = value.c === null ? "url(#peta-hatch)" : value.c === undefined ? ground.land : payload.colours[value.c];
      return { fillColor: fill, fillOpacity: 1, color: ground.border_strong, weight: fine ? 0.7 : 1.2, opacity: 1 };
    }

    function makeArea(data, fine) {
      // not interactive: the map itself hears the pointer, so streamlit-folium has no layer to report twice
      return L.geoJSON(data, {
        pane: "areas", renderer: renderer, interactive: false,
        style: (feature) => styleOf(feature.properties.code, fine),
      });
    }

    /* The region under a place that the viewer may ask about, the finest first. */
    function areaAt(latlng) {
      const layers = self.areas || [];
      for (let i = layers.length - 1; i >= 0; i--) {
        let found = null;
        layers[i].eachLayer((part) => {
          const code = part.feature.properties.code;
          if (!found && self.payload.areas[code] !== undefined && inside(part, latlng)) {
            found = { part: part, code: code, fine: i > 0 };
          }
        });
        if (found) return found;
      }
      return null;
    }

    function point(found) {
      const before = self.pointed;
      if (before && (!found || before.part !== found.part)) before.part.setStyle(styleOf(before.code, before.fine));
      if (found && (!before || before.part !== found.part)) found.part.setStyle({ weight: 2.6 });
      self.pointed = found;
    }

    function applyAreas() {
      const payload = self.payload, sources = payload.boundaries;
      const key = JSON.stringify(sources.map((s) => (typeof s === "string" ? s : s.name)));
      if (self.areaKey === key && self.areas) {
        self.areas.forEach((layer, i) => layer.setStyle((f) => styleOf(f.properties.code, i > 0)));
        hatch();
        return Promise.resolve();
      }
      return Promise.all(sources.map((s) => boundaries(typeof s === "string" ? s : s.data))).then((files) => {
        if (self.payload !== payload) return;
        point(null);
        (self.areas || []).forEach((layer) => layer.remove());
        self.areas = files.map((data, i) => makeArea(data, i > 0).addTo(map));
        self.areaKey = key;
        hatch();
      });
    }

    function hit(at) {
      const reach = radius() * 1.6;
      let best = null, near = reach;
      for (let i = self.placed.length - 1; i >= 0; i--) {
        const p = self.placed[i];
        const far = Math.hypot(p.px - at.x, p.py - at.y);
        if (far < near) { near = far; best = p; }
      }
      return best;
    }

    function groupAt(at) {
      return (self.groups || []).find((group) => Math.hypot(group.px - at.x, group.py - at.y) <= group.radius) || null;
    }

    function groupLines(group) {
      const lines = [group.members.length + " " + self.payload.words.sites];
      self.payload.statuses.forEach((_, index) => {
        const number = group.members.filter((p) => self.payload.sites[p.index][3] === index).length;
        if (number) lines.push(self.payload.words.statuses[index] + ": " + number);
      });
      lines.push(self.payload.words.closer);
      return lines;
    }

    function showTip(at, lines) {
      tip.replaceChildren();
      lines.forEach((text, i) => {
        const row = document.createElement("div");
        row.textContent = text;
        if (i === 0) row.className = "peta-tip-head";
        tip.appendChild(row);
      });
      tip.hidden = false;
      const size = map.getSize();
      const left = Math.min(Math.max(4, at.x + 14), size.x - tip.offsetWidth - 6);
      const top = at.y + 16 + tip.offsetHeight > size.y ? at.y - tip.offsetHeight - 10 : at.y + 16;
      tip.style.transform = "translate(" + Math.round(left) + "px," + Math.round(Math.max(4, top)) + "px)";
    }

    map.on("mousemove", (event) => {
      if (!self.payload) return;
      const found = hit(event.containerPoint);
      const group = found ? null : groupAt(event.containerPoint);
      const area = found || group ? null : areaAt(event.latlng);
      point(area);
      box.style.cursor = found || group || area ? "pointer" : "";
      if (group) showTip(event.containerPoint, groupLines(group));
      else if (found) showTip(event.containerPoint, self.payload.tips[found.index]);
      else if (area) showTip(event.containerPoint, self.payload.areas[area.code].t);
      else tip.hidden = true;
    });
    map.on("mouseout movestart zoomstart", () => { tip.hidden = true; point(null); });
    map.on("click", (event) => {
      if (!self.payload) return;
      const found = hit(event.containerPoint);
      if (found) {
        showTip(event.containerPoint, self.payload.tips[found.index]);
        tell("site", self.payload.codes[found.index]);
        return;
      }
      const group = groupAt(event.containerPoint);
      if (group) {
        map.setView(map.containerPointToLatLng([group.px, group.py]), Math.min(map.getZoom() + 1.5, map.getMaxZoom()));
        return;
      }
      const area = areaAt(event.latlng);
      if (area) tell("region", area.code);
    });

    function inside(part, at) {
      if (!part.getBounds().contains(at)) return false;
      let odd = false;
      const walk = (ring) => {
        if (Array.isArray(ring[0])) { ring.forEach(walk); return; }
        for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
          const a = ring[i], b = ring[j];
          if (a.lat > at.lat !== b.lat > at.lat &&
              at.lng < ((b.lng - a.lng) * (at.lat - a.lat)) / (b.lat - a.lat) + a.lng) odd = !odd;
        }
      };
      walk(part.getLatLngs());
      return odd;
    }

    /* Say what was clicked through the one value that the page asked streamlit-folium to return; the count makes a
       second click on the same thing a new value. */
    let count = 0;
    function tell(kind, code) {
      const state = window.__GLOBAL_DATA__;
      if (!state || !window.Streamlit) return;
      count += 1;
      const said = { last_object_clicked_tooltip: kind + ":" + encodeURIComponent(code) + ":" + count };
      Object.assign(state, said);
      state.previous_data = said;
      window.Streamlit.setComponentValue(said);
    }

    /* The page learns of another theme only when it runs again: ask it to, once for each change. */
    if (window.Streamlit && window.Streamlit.events) {
      let asked = null;
      window.Streamlit.events.addEventListener("streamlit:render", (event) => {
        const base = event.detail && event.detail.theme && event.detail.theme.base;
        if (!base || !self.payload || base === self.payload.theme) { asked = null; return; }
        if (asked !== base) { asked = base; tell("theme", base); }
      });
    }

    function fit(view) {
      if (!view || JSON.stringify(view) === self.shownView) return;
      self.shownView = JSON.stringify(view);
      // a drawn province must not lie below the legend; the whole country has empty land there
      const size = map.getSize();
      const open = self.payload.level === 2 && size.x > 720 ? Math.min(legend.offsetWidth + 60, size.x * 0.4) : 12;
      map.fitBounds([[view[1], view[0]], [view[3], view[2]]],
        { paddingTopLeft: [open, 12], paddingBottomRight: [12, 26], animate: false });
    }

    self.update = function (text) {
      const payload = typeof text === "string" ? decode(text) : text;
      self.payload = payload;
      box.style.background = payload.ground.sea;
      box.setAttribute("aria-label", payload.alt);
      if (window.frameElement) window.frameElement.setAttribute("aria-label", payload.alt);
      box.classList.toggle("peta-dark", payload.theme === "dark");
      if (self.legendShown !== payload.theme + payload.legend) {
        const open = legend.querySelector("details") ? legend.querySelector("details").open
          : self.options.legend !== false && map.getSize().x > 620 && map.getSize().y > 520;
        legend.innerHTML = payload.legend;
        self.legendShown = payload.theme + payload.legend;
        legend.querySelectorAll("canvas[data-shape]").forEach((canvas) => paintLegend(canvas, payload.theme));
        const details = legend.querySelector("details");
        if (details) details.open = open;
      }
      note.textContent = payload.note;
      if (self.attribution) map.attributionControl.removeAttribution(self.attribution);
      self.attribution = payload.attribution;
      map.attributionControl.addAttribution(payload.attribution);
      fit(payload.view);
      points.redraw();
      labels.redraw();
      applyAreas().then(() => { box.dataset.ready = String(payload.version); }).catch((error) => {
        note.textContent = payload.failed;
        console.error(error);
      });
    };
    window.programmeMap.current = self;
    return self;
  }

  window.programmeMap = {
    current: null,
    start: start,
    update: function (text) { if (window.programmeMap.current) window.programmeMap.current.update(text); },
    decode: decode,
  };
})();
