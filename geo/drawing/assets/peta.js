/* Draw the programme's map on Leaflet: boundaries with classes, sites as symbols on one canvas, labels, legend.

   programmeMap.start(map, options) once, programmeMap.update(payload) for every change; nothing is taken down between
   two updates, so nothing flickers and the view is kept. The payload is base64 of UTF-8 JSON, or the object itself (see
   web_map.payload). Text from data is only ever set as textContent or drawn with fillText; the legend arrives as
   escaped markup. This file joins the parts that the other peta-*.js files define. */
(function () {
  "use strict";
  const parts = window.programmeParts, data = parts.data, symbols = parts.symbols;
  const PANES = { tiles: 200, areas: 410, fine: 415, points: 450, tools: 460 };
  const EXTENT_MS = 350, LAST_WORD_MS = 3000, NEAR_MS = 800; // the last: until the days beside this one are fetched
  const coarse = window.matchMedia("(pointer: coarse)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  /* A canvas over the map that is painted when the view has settled and follows it meanwhile. */
  const CanvasLayer = L.Layer.extend({
    initialize: function (pane) { this._paneName = pane; },
    onAdd: function (map) {
      this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated");
      this._canvas.style.pointerEvents = "none";
      this._canvas.setAttribute("aria-hidden", "true");
      map.getPane(this._paneName).appendChild(this._canvas);
      this.begin();
    },
    onRemove: function () { this._canvas.remove(); },
    getEvents: function () {
      return { zoomanim: this._animate, zoom: () => this._follow(this._map.getCenter(), this._map.getZoom()) };
    },
    _animate: function (event) { this._follow(event.center, event.zoom); },
    _follow: function (centre, zoom) {
      const corner = this._map._latLngToNewLayerPoint(this._corner, zoom, centre);
      L.DomUtil.setTransform(this._canvas, corner, this._map.getZoomScale(zoom, this._zoom));
    },
    /* A clean canvas in container coordinates; the frame reaches a quarter of the map beyond each edge. */
    begin: function () {
      const map = this._map, canvas = this._canvas, size = map.getSize(), ratio = symbols.ratio();
      const pad = size.multiplyBy(0.25).round(), full = size.add(pad.multiplyBy(2));
      const origin = map.containerPointToLayerPoint(pad.multiplyBy(-1));
      const width = Math.max(1, Math.round(full.x * ratio)), height = Math.max(1, Math.round(full.y * ratio));
      const context = canvas.getContext("2d");
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
        canvas.style.width = full.x + "px";
        canvas.style.height = full.y + "px";
      } else {
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, width, height);
      }
      L.DomUtil.setTransform(canvas, origin, 1);
      this._zoom = map.getZoom();
      this._corner = map.layerPointToLatLng(origin);
      context.setTransform(ratio, 0, 0, ratio, pad.x * ratio, pad.y * ratio);
      context.setLineDash([]);
      return { context: context, frame: L.bounds(pad.multiplyBy(-1), size.add(pad)), size: size };
    },
  });

  function start(map, options) {
    const box = map.getContainer();
    const self = { map: map, box: box, options: options || {}, payload: null, points: null, day: null, passing: [],
      placed: [], groups: [], labels: [], crowd: null, tool: null, deafUntil: 0, tiled: Boolean(options && options.tiles) };
    window.programmeMap.current = self;
    let wanted = null, quiet = false, failed = "", legendShown = null, attribution = null, tipItem = null, touched = false;

    Object.entries(PANES).forEach(([name, level]) => {
      const pane = map.createPane(name);
      pane.style.zIndex = level;
      if (name !== "areas") pane.style.pointerEvents = "none";
    });
    if (still.matches) {
      map._zoomAnimated = false;
      map.options.inertia = false;
      const panBy = map.panBy;
      map.panBy = (offset, how) => panBy.call(map, offset, { ...how, animate: false });
    }
    if (self.tiled) {
      const { url, attribution: credit, max_zoom: most } = self.options.tiles;
      const credited = document.createElement("span");
      credited.textContent = credit || "";
      L.tileLayer(url, { pane: "tiles", attribution: credited.innerHTML, maxNativeZoom: most || 18, maxZoom: map.getMaxZoom() }).addTo(map);
    }

    /* ---- what lies over the map ---- */
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 120 }).addTo(map);
    const north = corner("bottomright", "peta-north"), told = corner("bottomleft", "peta-told");
    map.attributionControl.setPrefix(false);
    parts.fitHeight(map, box, self.options);
    box.setAttribute("role", "application");
    const tip = L.DomUtil.create("div", "peta-tip", box);
    tip.setAttribute("role", "status");
    tip.hidden = true;
    const legend = (self.legend = L.DomUtil.create("div", "peta-legend", box));
    L.DomEvent.disableClickPropagation(legend);
    L.DomEvent.disableScrollPropagation(legend);
    const note = L.DomUtil.create("div", "peta-note", box);

    function corner(position, name) {
      const control = L.control({ position: position });
      control.onAdd = () => L.DomUtil.create("div", name);
      return control.addTo(map).getContainer();
    }

    const canvas = new CanvasLayer("points").addTo(map);
    self.details = data.details(() => {
      keys.rename();
      if (tipItem && tipItem.index !== undefined) self.showItem(tipItem);
    });
    self.tell = teller(self);
    const view = parts.view(self), areas = parts.areas(self), tools = parts.tools(self);
    const keys = parts.keys(self), list = parts.list(self);
    const lane = parts.lane((text, remember) => self.update(text, remember));

    /* ---- numbers and words ---- */
    const comma = () => self.payload.words.decimal || ",";
    const whole = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, comma() === "," ? "." : ",");
    self.decimal = (n, places) => {
      const [units, rest] = n.toFixed(places).split(".");
      return whole(units) + (rest ? comma() + rest : "");
    };
    self.severalText = (n) => whole(n) + " " + self.payload.words.sites;
    self.statusOf = (i) => self.payload.statuses[self.day[i]];
    self.statusWord = (i) => self.payload.words.statuses[self.day[i]] || "";
    self.shapeOf = (i) => self.payload.shapes[self.points.programme[i]];
    self.programmeName = (i) => self.payload.programme_names[self.points.programme[i]] || "";
    self.shortText = (i) => {
      const row = self.details.row(i);
      return (row ? row[1] : self.programmeName(i)) + ", " + self.statusWord(i);
    };
    self.radius = () => {
      const base = self.payload && self.payload.symbol_px ? self.payload.symbol_px / 2 : 7, zoom = map.getZoom();
      return base * (map.getSize().x < 480 ? 0.8 : 1) * (zoom < 6 ? 0.8 : zoom < 8 ? 0.95 : 1.1);
    };

    /* ---- drawing: one canvas, from the footprints up to the labels ---- */
    self.redraw = function () {
      if (quiet || !self.payload) return;
      areas.finer();
      const payload = self.payload, { context, frame, size } = canvas.begin(), radius = self.radius();
      const scale = Math.pow(2, map.getZoom()), origin = map.getPixelBounds().min;
      self.crowd = self.points && parts.crowd.place(self.points, self.passing, self.day, payload.statuses.length,
        { scale: scale, origin: origin, frame: frame, size: size, radius: radius });
      self.placed = self.crowd ? self.crowd.placed : [];
      self.groups = self.crowd ? self.crowd.groups : [];
      say();
      if (self.points) drawFootprints(context, scale, origin);
      const mark = payload.goto && payload.goto.mark;
      self.labels = placeLabels(context, size, mark ? paintMark(context, mark, payload.ground) : []);
      parts.labels.leaders(context, self.labels, payload.ground);
      drawSymbols(context, radius);
      if (mark) paintMark(context, mark, payload.ground);
      parts.labels.write(context, self.labels, payload.ground);
      if (self.points) box.dataset.drawn = String(payload.version);
      keys.schedule();
      clearTimeout(fetching);
      fetching = setTimeout(() => self.details.prefetch(self.placed.map((p) => p.index)), 60);
    };
    let fetching = 0;

    function say() {
      const crowd = self.crowd || { seen: 0, framed: 0, counted: 0 };
      told.textContent = [self.payload.told, (self.payload.words.in_frame || "").replace("{n}", whole(crowd.seen))]
        .filter(Boolean).join(" · ");
      Object.assign(box.dataset, { sites: self.passing.length, inFrame: crowd.seen, framed: crowd.framed,
        singles: self.placed.length, groups: self.groups.length, counted: crowd.counted });
    }

    function drawSymbols(context, radius) {
      const payload = self.payload;
      self.groups.forEach((one) => symbols.group(context, payload, one, whole(one.count)));
      context.strokeStyle = payload.ground.muted;
      context.lineWidth = 0.8;
      context.beginPath();
      self.placed.forEach((p) => {
        if (Math.hypot(p.px - p.x, p.py - p.y) < radius * 0.9) return;
        context.moveTo(p.x, p.y);
        context.lineTo(p.px, p.py);
      });
      context.stroke();
      const put = (p) => symbols.stamp(context, payload.theme, self.shapeOf(p.index), self.statusOf(p.index), p.px, p.py, radius);
      self.placed.forEach(put);
      ringSelected(context, radius, put);
    }

    function ringSelected(context, radius, put) {
      const selected = self.payload.selected;
      if (selected === null || selected === undefined || !self.points) return;
      const one = self.placed.find((p) => p.index === selected);
      if (one) put(one);
      const around = one || ringOf(selected);
      if (!around) return;
      const far = one ? radius * 2.1 : around.radius + 5;
      symbols.ring(context, around.px, around.py, far, 5.5, self.payload.ground.casing);
      symbols.ring(context, around.px, around.py, far, 3, self.payload.ground.accent);
    }

    function ringOf(index) {
      const place = self.crowd.rows ? self.crowd.rows.indexOf(index) : -1;
      return place < 0 ? null : self.groups.find((one) => one.cells.includes(self.crowd.cellOf[place])) || null;
    }

    function drawFootprints(context, scale, origin) {
      const passing = self.payload.footprints.length ? new Set(self.passing) : null;
      self.payload.footprints.forEach(([index, rings]) => {
        if (!passing.has(index)) return;
        const look = window.programmeSymbols[self.payload.theme].statuses[self.statusOf(index)];
        context.beginPath();
        rings.forEach((ring) => ring.forEach(([lon, lat], i) => {
          const x = data.worldX(lon) * scale - origin.x, y = data.worldY(lat) * scale - origin.y;
          if (i) context.lineTo(x, y); else context.moveTo(x, y);
        }));
        context.globalAlpha = 0.45;
        context.fillStyle = look.fill;
        context.fill("evenodd");
        context.globalAlpha = 1;
        context.lineWidth = 1.5;
        context.strokeStyle = look.outline;
        context.stroke();
      });
    }

    function placeLabels(context, size, marked) {
      const corner = box.getBoundingClientRect(), walls = [...marked];
      box.querySelectorAll(".leaflet-control, .peta-legend, .peta-note").forEach((element) => {
        const r = element.getBoundingClientRect();
        if (!r.width || !r.height) return;
        walls.push({ x0: r.left - corner.left - 3, x1: r.right - corner.left + 3,
          y0: r.top - corner.top - 3, y1: r.bottom - corner.top + 3 });
      });
      const round = (p, reach) => ({ x0: p.px - reach, x1: p.px + reach, y0: p.py - reach, y1: p.py + reach });
      const shy = [...self.placed.map((p) => round(p, 9)), ...self.groups.map((g) => round(g, g.radius))];
      const places = self.payload.labels.concat(self.fineLabels).map(([lon, lat, name, figure, rank]) => {
        const at = map.latLngToContainerPoint([lat, lon]);
        return [at.x, at.y, name, figure || "", rank];
      });
      return parts.labels.place(context, places, walls, shy, size);
    }

    /* What was searched for: a ring and its name; answers the boxes that no label may cover. */
    function paintMark(context, [lon, lat, text], ground) {
      const at = map.latLngToContainerPoint([lat, lon]);
      symbols.ring(context, at.x, at.y, 13, 5.5, ground.casing);
      symbols.ring(context, at.x, at.y, 13, 3, ground.accent);
      context.font = "650 14" + symbols.FONT;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.lineJoin = "round";
      context.lineWidth = 4;
      context.strokeStyle = ground.casing;
      context.fillStyle = ground.accent;
      context.strokeText(text, at.x, at.y - 26);
      context.fillText(text, at.x, at.y - 26);
      const half = Math.max(16, context.measureText(text).width / 2 + 4);
      return [{ x0: at.x - half, x1: at.x + half, y0: at.y - 36, y1: at.y + 16 }];
    }

    /* ---- what the pointer is on ---- */
    function hit(at) {
      let best = null, near = Math.max(self.radius() * 1.6, coarse.matches || touched ? 22 : 0);
      self.placed.forEach((p) => {
        const far = Math.hypot(p.px - at.x, p.py - at.y);
        if (far <= near) { near = far; best = p; }
      });
      return best || self.groups.find((one) => Math.hypot(one.px - at.x, one.py - at.y) <= one.radius) || null;
    }

    function siteLines(index) {
      const row = self.details.row(index), status = self.statusWord(index);
      if (!row) return [status, self.programmeName(index)];
      const lines = [row[1], ...row[2]];
      if (!lines.some((line) => line.toLowerCase().includes(status.toLowerCase()))) lines.splice(1, 0, status);
      return lines;
    }

    function groupLines(one) {
      const lines = [self.severalText(one.count)];
      one.share.forEach((number, index) => { if (number) lines.push(self.payload.words.statuses[index] + ": " + whole(number)); });
      lines.push(unpartable(one) ? (self.payload.words.several || "{n}").replace("{n}", whole(one.count)) : self.payload.words.closer);
      return lines;
    }

    function showTip(at, lines) {
      tip.replaceChildren(...lines.map((text, i) => {
        const row = document.createElement("div");
        row.textContent = text;
        if (i === 0) row.className = "peta-tip-head";
        return row;
      }));
      tip.hidden = false;
      const size = map.getSize(), left = Math.min(Math.max(4, at.x + 14), size.x - tip.offsetWidth - 6);
      const top = at.y + 16 + tip.offsetHeight > size.y ? at.y - tip.offsetHeight - 10 : at.y + 16;
      tip.style.transform = "translate(" + Math.round(left) + "px," + Math.round(Math.max(4, top)) + "px)";
    }

    self.hideTip = () => { tip.hidden = true; tipItem = null; };
    self.showItem = function (item, at) {
      if (item.index !== undefined && !self.details.row(item.index) && tipItem !== item) self.details.load(item.index).catch(() => {});
      tipItem = item;
      item.tipAt = at || item.tipAt || { x: item.px, y: item.py };
      showTip(item.tipAt, item.count ? groupLines(item) : siteLines(item.index));
    };

    /* ---- choosing ---- */
    self.chooseSite = (index) => self.codeOf(index).then((code) => self.tell("site", code)).catch(() => {});
    self.choose = (item) => (item.count ? openGroup(item) : self.chooseSite(item.index));
    self.codeOf = (index) => self.details.load(index).then((row) => row[0]);
    self.indexOf = (code) => self.details.indexOf(code);

    function unpartable(one) {
      const reach = Math.max(one.x1 - one.x0, one.y1 - one.y0);
      return map.getZoom() >= map.getMaxZoom() || reach * map.getZoomScale(map.getMaxZoom(), map.getZoom()) <= 1.5;
    }

    function openGroup(one) {
      self.hideTip();
      if (unpartable(one)) { list.open(parts.crowd.members(self.crowd, one)); return; }
      const bounds = L.latLngBounds(map.containerPointToLatLng([one.x0, one.y0]), map.containerPointToLatLng([one.x1, one.y1]));
      const zoom = Math.max(map.getZoom() + 1.5, map.getBoundsZoom(bounds, false, L.point(60, 60)));
      map.setView(bounds.getCenter(), Math.min(zoom, map.getMaxZoom()), { animate: !still.matches });
    }

    box.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; }, true);
    map.on("mousemove", (event) => {
      if (!self.payload || self.tool || touched) return;
      const item = hit(event.containerPoint), area = item ? null : areas.at(event.latlng);
      areas.point(area);
      box.style.cursor = item || area ? "pointer" : "";
      if (item) { self.showItem(item, event.containerPoint); return; }
      self.hideTip();
      if (area) showTip(event.containerPoint, self.payload.areas[area.code].t);
    });
    map.on("mouseout movestart zoomstart", () => { self.hideTip(); areas.point(null); });
    map.on("click", (event) => {
      if (!self.payload || self.tool || performance.now() < self.deafUntil) return;
      list.close();
      const item = hit(event.containerPoint);
      if (item) {
        if (!item.count) self.showItem(item, event.containerPoint);
        self.choose(item);
        return;
      }
      const area = areas.at(event.latlng);
      if (area) self.tell("region", area.code);
      else self.hideTip();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (tools.stop() || list.close()) return;
      if (!tip.hidden) { self.hideTip(); return; }
      if (keys.holder.contains(document.activeElement)) box.focus({ preventScroll: true });
    });
    map.on("moveend resize", self.redraw);

    /* ---- the extent of the view, told when it has settled ---- */
    let extentTimer = 0;
    function tellExtent() {
      if (!self.payload || !self.payload.extent) return;
      const b = map.getBounds();
      self.tell("extent", [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((v) => v.toFixed(4)).join());
    }
    function settleExtent() {
      clearTimeout(extentTimer);
      extentTimer = setTimeout(tellExtent, EXTENT_MS);
    }
    map.on("moveend", settleExtent);

    /* ---- an update ---- */
    let lastWord = 0, asked = "", nearing = 0;
    self.update = function (text, byLane) {
      const payload = typeof text === "string" ? data.decode(text) : text;
      if (byLane) byLane(payload.version);
      else {
        clearTimeout(lastWord);
        if (lane.overtaken(payload.version)) { // unless nothing newer follows: in the end the page is right
          lastWord = setTimeout(() => self.update(payload, () => {}), LAST_WORD_MS);
          return;
        }
      }
      lane.use(payload.lane);
      if (wanted && wanted.version === payload.version && !failed) { settleExtent(); return; } // it came by the other way
      const entries = [data.points(payload.points), data.day(payload.day)];
      if (payload.constant) entries.push(data.constant(payload.constant));
      wanted = payload;
      const loaded = data.ready(entries);
      if (loaded) { apply(payload, loaded, false); return; }
      data.waited(entries).then((found) => { if (wanted === payload) apply(payload, found, false); })
        .catch((error) => {
          console.error(error);
          if (wanted !== payload) return;
          apply(payload, [null, null, self.common], true); // old sites under new words would lie
          if (asked !== payload.version) { // what was recorded meanwhile may have other addresses: the page knows them
            asked = payload.version;
            self.tell("again", payload.version);
          }
        });
    };

    function apply(change, loaded, broken) {
      const anew = !self.payload, common = loaded[2] || {};
      if (change.constant && !loaded[2]) { note.textContent = change.failed; return; } // not even words to draw with
      self.common = common;
      const payload = (self.payload = { ...common, ...change });
      [self.points, self.day] = loaded;
      const problem = broken ? payload.failed : "";
      failed = problem;
      self.passing = self.points ? parts.crowd.passing(self.points, self.day, payload.shown ? data.bytes(payload.shown) : null) : [];
      self.details.use(payload.details);
      quiet = true; // one drawing, after everything is in place
      try {
        chrome(payload);
        view.fit(payload);
      } finally { quiet = false; }
      tools.area(payload.area || null);
      areas.apply((version) => { box.dataset.ready = String(version); }, (error) => {
        console.error(error);
        failed = payload.failed;
        tellNote();
      });
      const before = tipItem;
      self.redraw();
      if (before) {
        const again = before.count ? null : self.placed.find((p) => p.index === before.index);
        if (again) self.showItem(again, before.tipAt); else self.hideTip();
      }
      if (!anew) list.close();
      settleExtent();
      clearTimeout(nearing);
      nearing = setTimeout(() => (payload.near || []).forEach((url) => (data.day(url).promise || Promise.resolve()).catch(() => {})), NEAR_MS);
    }

    /* The rows of the legend with their counts; a row without a count is none of this view. Markup comes escaped. */
    function legendMarkup(payload) {
      const item = (row, count) => (count === null ? "" : "<li>" + row + "<span>" + whole(count) + "</span></li>");
      const groups = payload.legend.groups.map((group, i) =>
        "<h4>" + group.heading + "</h4><ul>" + group.rows.map((row, j) => item(row, payload.counts[i][j])).join("") + "</ul>");
      const rest = payload.unplaced ? "<p>" + payload.unplaced + "</p>" : "";
      return "<details open><summary>" + payload.legend.title + "</summary>" + groups.join("") + rest + "</details>";
    }

    function tellNote() {
      note.textContent = [self.payload.note, failed].filter(Boolean).join(" · ");
    }

    function chrome(payload) {
      const words = payload.words;
      box.style.background = payload.ground.sea;
      box.setAttribute("aria-label", [payload.alt, words.keys].filter(Boolean).join(" "));
      if (window.frameElement) window.frameElement.setAttribute("aria-label", payload.alt);
      box.classList.toggle("peta-dark", payload.theme === "dark");
      const markup = legendMarkup(payload);
      if (legendShown !== payload.theme + markup) {
        const folded = legend.querySelector("details");
        const open = folded ? folded.open : self.options.legend !== false && map.getSize().x > 620 && map.getSize().y > 520;
        legend.innerHTML = markup;
        legendShown = payload.theme + markup;
        legend.querySelectorAll("canvas[data-shape]").forEach((canvas) =>
          symbols.picture(canvas, payload.theme, canvas.dataset.shape, canvas.dataset.status, 18));
        const details = legend.querySelector("details");
        if (details) { details.open = open; details.addEventListener("toggle", self.redraw); }
      }
      tellNote();
      north.textContent = words.north || "";
      tools.name(words);
      [["in", words.zoom_in], ["out", words.zoom_out]].forEach(([way, word]) => {
        const button = box.querySelector(".leaflet-control-zoom-" + way);
        if (!button || !word) return;
        button.title = word;
        button.setAttribute("aria-label", word);
      });
      if (attribution !== payload.attribution) {
        if (attribution) map.attributionControl.removeAttribution(attribution);
        attribution = payload.attribution;
        map.attributionControl.addAttribution(attribution);
      }
    }

    /* The page learns of another theme only when it runs again: ask it to, once for each change. */
    if (window.Streamlit && window.Streamlit.events) {
      let asked = null;
      window.Streamlit.events.addEventListener("streamlit:render", (event) => {
        const base = event.detail && event.detail.theme && event.detail.theme.base;
        if (!base || !self.payload || base === self.payload.theme) { asked = null; return; }
        if (asked !== base) { asked = base; self.tell("theme", base); }
      });
    }
    if (waiting !== null) { self.update(waiting); waiting = null; }
    return self;
  }

  /* Say what happened through the one value that the page asked streamlit-folium to return; the count makes a second
     click on the same thing a new value. There is room for one word at a time: an extent that another word may have
     overtaken is said again after the next update, and is said only when it has changed. */
  function teller(self) {
    let count = 0, extent = "", extentAt = -Infinity, wordAt = -Infinity;
    const AFTER_MS = 1500;
    return function tell(kind, text) {
      const state = window.__GLOBAL_DATA__, now = performance.now();
      if (!state || !window.Streamlit) return;
      if (kind === "extent") {
        if (text === extent) return;
        if (now - wordAt < AFTER_MS) { // the page may not have heard the word yet
          clearTimeout(self.later);
          self.later = setTimeout(() => tell(kind, text), AFTER_MS - (now - wordAt) + 20);
          return;
        }
        extent = text;
        extentAt = now;
      } else {
        if (now - extentAt < AFTER_MS) extent = "";
        clearTimeout(self.later);
        wordAt = now;
      }
      count += 1;
      const said = { last_object_clicked_tooltip: kind + ":" + encodeURIComponent(text) + ":" + count };
      Object.assign(state, said);
      state.previous_data = said;
      window.Streamlit.setComponentValue(said);
    };
  }

  let waiting = null; // an update that came before the start
  window.programmeMap = {
    current: null,
    start: start,
    update: function (text) {
      if (window.programmeMap.current) window.programmeMap.current.update(text);
      else waiting = text;
    },
    decode: data.decode,
  };
})();
