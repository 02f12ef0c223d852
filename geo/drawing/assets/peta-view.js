/* Fit the view, keep it in the address of the page, and move maps of one link together. */
(function () {
  "use strict";
  const parts = window.programmeParts;
  const NAME = "pandang", WRITE_MS = 250, CHECK_MS = 400, BACK_MS = 6000;

  /* The page around the frame, or null where it may not be touched or there is none. */
  function page() {
    try {
      return window.parent !== window && window.parent.location.href ? window.parent : null;
    } catch (error) { return null; }
  }

  function read(parent, map) {
    const text = new URLSearchParams(parent.location.search).get(NAME) || "";
    if (!/^-?\d{1,3}(\.\d{1,8})?,-?\d{1,3}(\.\d{1,8})?,\d{1,2}(\.\d{1,4})?$/.test(text)) return null;
    const [lat, lon, zoom] = text.split(",").map(Number);
    const bounds = map.options.maxBounds;
    if (bounds && !L.latLngBounds(bounds).contains([lat, lon])) return null;
    if (Math.abs(lat) > 85 || Math.abs(lon) > 180 || zoom < map.getMinZoom() || zoom > map.getMaxZoom()) return null;
    return { centre: [lat, lon], zoom: zoom };
  }

  function view(self) {
    const map = self.map, parent = page();
    const home = parent && parent.location.pathname;
    const keeps = Boolean(parent && self.options.address);
    let shown = null, gone = "", written = "", timer = 0, backUntil = 0, keptUntil = Infinity;
    let kept = keeps ? read(parent, map) : null; // a view of the address that waits for the next fit
    const entry = { link: self.options.link || null, map: map, led: false, placed: false };
    const siblings = () => (parent && entry.link ? [...(parent.__programmeMaps || [])] : [])
      .filter((other) => other !== entry && other.link === entry.link);

    function set(centre, zoom) { map.setView(centre, zoom, { animate: false }); }

    function bounds(box) { return [[box[1], box[0]], [box[3], box[2]]]; }

    /* Bring the payload's view onto the screen once, unless the address or a linked map has another. */
    function fit(payload) {
      const goto = payload.goto, key = JSON.stringify(payload.view);
      const another = payload.view && key !== shown;
      if (performance.now() > keptUntil) kept = null;
      if (another) shown = key;
      if (goto && goto.id !== gone) {
        gone = goto.id;
        kept = null;
        map.fitBounds(bounds(goto.view), { padding: [30, 30], maxZoom: 12, animate: false });
      } else if (another) {
        const before = entry.placed ? null : siblings().find((other) => other.placed);
        if (kept) set(kept.centre, kept.zoom);
        else if (before) set(before.map.getCenter(), before.map.getZoom());
        else fitView(payload);
        kept = null;
        backUntil = 0;
      }
      entry.placed = true;
    }

    /* Where the view stands free of tools and legend: the legend may go to the lower corner, the view up or down; only
       where sites or focus provinces would still lie below the legend, the view gives way to the side. */
    function fitView(payload) {
      const size = map.getSize(), legend = self.legend, box = L.latLngBounds(bounds(payload.view));
      const width = legend.offsetWidth, height = legend.offsetHeight, left = size.x > 480 ? 52 : 12;
      const zoom = map.getBoundsZoom(box, false, L.point(left + 12, 38));
      const tall = map.project(box.getSouthEast(), zoom).y - map.project(box.getNorthWest(), zoom).y;
      const shift = Math.max(0, Math.min(size.y - 38 - tall, height * 0.5));
      const aside = Math.min(width + 60, size.x * 0.4);
      const ways = [[left, 0, 0, false], [left, shift, 0, false], [left, 0, 0, true], [left, 0, shift, true]];
      const put = ([west, top, bottom, low]) => {
        legend.classList.toggle("peta-low", low);
        map.fitBounds(box, { paddingTopLeft: [west, 12 + top], paddingBottomRight: [12, 26 + bottom], animate: false });
      };
      if (size.x <= 620 || height < 60) { put(ways[0]); return; }
      if (payload.level === 1 && ways.some((way) => { put(way); return !covers(payload, legend); })) return;
      put([aside, 0, 0, false]);
    }

    /* Does the legend lie over a focus province's place or over one of the sites? (At most 500 are asked.) */
    function covers(payload, legend) {
      const x0 = legend.offsetLeft - 12, y0 = legend.offsetTop - 12, x1 = x0 + legend.offsetWidth + 24, y1 = y0 + legend.offsetHeight + 24;
      const below = (lon, lat) => {
        const at = map.latLngToContainerPoint([lat, lon]);
        return at.x > x0 && at.x < x1 && at.y > y0 && at.y < y1;
      };
      if (payload.labels.some((label) => label[4] === 0 && below(label[0], label[1]))) return true;
      const step = Math.max(1, Math.floor(self.passing.length / 500));
      for (let k = 0; self.points && k < self.passing.length; k += step) {
        const i = self.passing[k];
        if (below(self.points.lon[i] / 1e5, self.points.lat[i] / 1e5)) return true;
      }
      return false;
    }

    /* ---- the address ---- */
    function write() {
      timer = 0;
      if (!self.payload || parent.location.pathname !== home || performance.now() < backUntil) return;
      const centre = map.getCenter();
      written = centre.lat.toFixed(5) + "," + centre.lng.toFixed(5) + "," + map.getZoom().toFixed(2);
      put();
    }

    function put() {
      const url = new URL(parent.location.href);
      const others = url.search.slice(1).split("&").filter((part) => part && !part.startsWith(NAME + "="));
      url.search = [...others, NAME + "=" + written].join("&");
      if (url.href === parent.location.href) return;
      try { parent.history.replaceState(parent.history.state, "", url.href); } catch (error) { /* asked too often: the next check does it */ }
    }

    function check() { // Streamlit writes the address anew after a run: without the view, or with one that has passed
      if (!written || timer || parent.location.pathname !== home || performance.now() < backUntil) return;
      if (new URLSearchParams(parent.location.search).get(NAME) !== written) put();
    }

    function back() {
      if (parent.location.pathname !== home) return;
      kept = read(parent, map);
      backUntil = keptUntil = performance.now() + BACK_MS; // until the page has answered, its own address stands
    }

    if (keeps) {
      const ticking = setInterval(check, CHECK_MS);
      map.on("moveend", () => { clearTimeout(timer); timer = setTimeout(write, WRITE_MS); });
      parent.addEventListener("popstate", back);
      window.addEventListener("pagehide", () => {
        clearInterval(ticking);
        clearTimeout(timer);
        parent.removeEventListener("popstate", back);
      });
    }

    /* ---- maps of one link ---- */
    if (parent && entry.link) {
      const all = (parent.__programmeMaps = parent.__programmeMaps || new Set());
      all.add(entry);
      window.addEventListener("pagehide", () => all.delete(entry));
      const lead = (follow) => {
        if (entry.led || !entry.placed) return;
        siblings().forEach((other) => {
          if (!other.placed) return;
          other.led = true;
          try { follow(other.map); } finally { other.led = false; }
        });
      };
      map.on("move", () => lead((other) => { // follow a pan at once; a zoom follows when it has ended
        if (other.getZoom() !== map.getZoom() || map._animatingZoom) return;
        const centre = other.latLngToContainerPoint(map.getCenter());
        const by = centre.subtract(other.getSize().divideBy(2)).round();
        if (by.x || by.y) other._rawPanBy(by);
      }));
      map.on("moveend", () => lead((other) => other.setView(map.getCenter(), map.getZoom(), { reset: true })));
    }

    return { fit: fit };
  }

  /* Inside the dashboard the map takes its share of the window's height, between two bounds; streamlit-folium would
     set its own fixed height again on every change, which makes the page jump. */
  function fitHeight(map, box, options) {
    if (!window.Streamlit || !options.share) return;
    const set = window.Streamlit.setFrameHeight.bind(window.Streamlit);
    const wanted = () => Math.round(Math.min(options.most, Math.max(options.least, window.parent.innerHeight * options.share - (options.less || 0))));
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
    window.addEventListener("pagehide", () => window.parent.removeEventListener("resize", apply));
    apply();
  }

  parts.view = view;
  parts.fitHeight = fitHeight;
})();
